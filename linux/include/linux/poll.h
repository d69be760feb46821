/* SPDX-License-Identifier: MIT */
/* linux/poll.h: a driver's part of poll. */
#ifndef _LINUX_POLL_H
#define _LINUX_POLL_H
#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/wait.h>
#include <linux/string.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <uapi/linux/poll.h>
#define DEFAULT_POLLMASK (EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM)
static inline void poll_wait(struct file *file, wait_queue_head_t *wq, poll_table *table)
{
    if (table && table->_qproc && wq)
        table->_qproc(file, wq, table);
}
static inline bool poll_does_not_wait(const poll_table *table) { return !table || !table->_qproc; }
static inline __poll_t poll_requested_events(const poll_table *table) { return table ? table->_key : ~(__poll_t)0; }
#endif

/* SPDX-License-Identifier: MIT */
/* linux/tty.h: the terminal of a process. */
#ifndef _LINUX_TTY_H
#define _LINUX_TTY_H
#include <linux/fs.h>
#include <linux/llist.h>
#include <linux/major.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/tty_driver.h>
#include <linux/workqueue.h>
static inline struct tty_struct *tty_kref_get(struct tty_struct *tty)
{
    if (tty)
        kref_get(&tty->kref);
    return tty;
}
#endif

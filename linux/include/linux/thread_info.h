/* SPDX-License-Identifier: MIT */
/* linux/thread_info.h: flags of the running task. */
#ifndef _LINUX_THREAD_INFO_H
#define _LINUX_THREAD_INFO_H
#include <linux/types.h>
#include <linux/bug.h>
#include <asm/current.h>
#include <asm/page.h>
#define THREAD_SIZE (PAGE_SIZE << 2)
#define TIF_SIGPENDING 2
#define TIF_NEED_RESCHED 3
#define current_thread_info() ((struct thread_info *)current) /* the task begins with it */
#define need_resched() __lab_need_resched()
int __lab_need_resched(void);
struct thread_info;
#endif

/* SPDX-License-Identifier: MIT */
/* linux/semaphore.h: counting semaphores. */
#ifndef _LINUX_SEMAPHORE_H
#define _LINUX_SEMAPHORE_H
#include <linux/list.h>
#include <linux/spinlock.h>
#define __SEMAPHORE_INITIALIZER(name, n)                                                                            \
    { .lock = __RAW_SPIN_LOCK_INITIALIZER(name.lock), .count = n, .wait_list = LIST_HEAD_INIT((name).wait_list) }
#if IRQLAB_KERNEL >= 0x060400
#define DEFINE_SEMAPHORE(name, n) struct semaphore name = __SEMAPHORE_INITIALIZER(name, n)
#else
#define DEFINE_SEMAPHORE(name) struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#endif
static inline void sema_init(struct semaphore *sem, int value)
{
    *sem = (struct semaphore)__SEMAPHORE_INITIALIZER(*sem, (unsigned int)value);
}
#endif

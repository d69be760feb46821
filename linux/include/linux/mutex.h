/* SPDX-License-Identifier: MIT */
/* linux/mutex.h: sleeping locks with an owner. */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H
#include <asm/current.h>
#include <linux/list.h>
#include <linux/spinlock_types.h>
#include <linux/lockdep.h>
#include <linux/atomic.h>
#include <asm/processor.h>
#define __MUTEX_INITIALIZER(lockname)                                                                               \
    { .wait_list = LIST_HEAD_INIT(lockname.wait_list), .name = #lockname }
#define DEFINE_MUTEX(mutexname) struct mutex mutexname = __MUTEX_INITIALIZER(mutexname)
#define mutex_init(mutex)                                                                                           \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        __mutex_init((mutex), #mutex, &__lab_key);                                                                  \
    } while (0)
#define mutex_lock_nested(lock, subclass) mutex_lock(lock)
#define mutex_lock_interruptible_nested(lock, subclass) mutex_lock_interruptible(lock)
#endif

/* SPDX-License-Identifier: MIT */
/* linux/rwsem.h: sleeping reader-writer locks. */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H
#include <linux/list.h>
#include <linux/spinlock.h>
#define __RWSEM_INITIALIZER(lockname) { .wait_list = LIST_HEAD_INIT((lockname).wait_list), .name = #lockname }
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)
#define init_rwsem(sem)                                                                                             \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        __init_rwsem((sem), #sem, &__lab_key);                                                                      \
    } while (0)
static inline int rwsem_is_locked(struct rw_semaphore *sem) { return READ_ONCE(sem->count) != 0; }
#endif

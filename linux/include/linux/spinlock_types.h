/* SPDX-License-Identifier: MIT */
/* linux/spinlock_types.h: spin locks and rwlocks at rest. */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H
#include <linux/types.h>
#include <abi/lock.h>
#define __RAW_SPIN_LOCK_INITIALIZER(lockname) { .name = #lockname }
#define __RAW_SPIN_LOCK_UNLOCKED(lockname) (raw_spinlock_t) __RAW_SPIN_LOCK_INITIALIZER(lockname)
#define DEFINE_RAW_SPINLOCK(x) raw_spinlock_t x = __RAW_SPIN_LOCK_INITIALIZER(x)
#define __SPIN_LOCK_INITIALIZER(lockname) { .rlock = __RAW_SPIN_LOCK_INITIALIZER(lockname) }
#define __SPIN_LOCK_UNLOCKED(lockname) (spinlock_t) __SPIN_LOCK_INITIALIZER(lockname)
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_INITIALIZER(x)
#define __RW_LOCK_UNLOCKED(lockname) (rwlock_t) { .name = #lockname }
#define DEFINE_RWLOCK(x) rwlock_t x = { .name = #x }
#endif

/* SPDX-License-Identifier: MIT */
/* linux/rcupdate.h: read, copy, update. */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/bottom_half.h>
#include <linux/lockdep.h>
#include <asm/processor.h>
#include <linux/cpumask.h>
static inline void rcu_read_lock(void) { __lab_rcu_read_lock(); }
static inline void rcu_read_unlock(void) { __lab_rcu_read_unlock(); }
static inline void rcu_read_lock_bh(void) { local_bh_disable(); }
static inline void rcu_read_unlock_bh(void) { local_bh_enable(); }
static inline void rcu_read_lock_sched(void) { preempt_disable(); }
static inline void rcu_read_unlock_sched(void) { preempt_enable(); }
#define rcu_dereference(p) ((typeof(*(p)) *)__atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define rcu_dereference_raw(p) rcu_dereference(p)
#define rcu_dereference_check(p, condition) rcu_dereference(p)
#define rcu_dereference_protected(p, condition) (p)
#define rcu_dereference_bh(p) rcu_dereference(p)
#define rcu_dereference_sched(p) rcu_dereference(p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, value) __atomic_store_n(&(p), (value), __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, value) WRITE_ONCE(p, value)
#define rcu_replace_pointer(p, value, condition) __atomic_exchange_n(&(p), (value), __ATOMIC_SEQ_CST)
#define rcu_read_lock_held() 1
#define kfree_rcu(ptr, head) __lab_kvfree_rcu(&(ptr)->head, (void *)(ptr))
#define synchronize_sched() synchronize_rcu()
#endif

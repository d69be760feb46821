/* SPDX-License-Identifier: MIT */
/* lock.h: spin locks, rwlocks, mutexes, semaphores, completions, wait queues; preemption and the interrupt flag.
 * All-zero (but for the name, and list heads that point to themselves) is the unlocked state of each. */
#ifndef IRQLAB_ABI_LOCK_H
#define IRQLAB_ABI_LOCK_H

#include "base.h"

IRQLAB_ABI_BEGIN

/* Preemption count, in Linux's layout: preempt 0xff, softirq 0xff00, hardirq 0xf0000, NMI 0xf00000. */
int __lab_preempt_count(void);
void __lab_preempt_add(int value);
void __lab_preempt_sub(int value);
/* preempt_enable: as __lab_preempt_sub(1), then reschedules when that is due. */
void __lab_preempt_enable(void);

unsigned long __lab_irq_save(void); /* RFLAGS before; IF is clear after */
void __lab_irq_restore(unsigned long flags);
void __lab_irq_disable(void);
void __lab_irq_enable(void);
int __lab_irqs_disabled(void);
unsigned long __lab_irq_flags(void);
void __lab_cpu_relax(void);
void __lab_halt(void);

typedef struct raw_spinlock {
    unsigned int locked; /* 0 free, else CPU + 1 of the owner */
    unsigned int flags;
    const char *name;
    void *__lab;
} raw_spinlock_t;
typedef struct spinlock { struct raw_spinlock rlock; } spinlock_t;
typedef struct {
    int readers;         /* -1: a writer holds it */
    unsigned int flags;
    const char *name;
    void *__lab;
} rwlock_t;

void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name, struct lock_class_key *key);
void _raw_spin_lock(raw_spinlock_t *lock);
void _raw_spin_lock_bh(raw_spinlock_t *lock);
void _raw_spin_lock_irq(raw_spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock);
int _raw_spin_trylock(raw_spinlock_t *lock);
int _raw_spin_trylock_bh(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);
void _raw_spin_unlock_bh(raw_spinlock_t *lock);
void _raw_spin_unlock_irq(raw_spinlock_t *lock);
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);

void __rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key);
void _raw_read_lock(rwlock_t *lock);
void _raw_read_lock_bh(rwlock_t *lock);
void _raw_read_lock_irq(rwlock_t *lock);
unsigned long _raw_read_lock_irqsave(rwlock_t *lock);
int _raw_read_trylock(rwlock_t *lock);
void _raw_read_unlock(rwlock_t *lock);
void _raw_read_unlock_bh(rwlock_t *lock);
void _raw_read_unlock_irq(rwlock_t *lock);
void _raw_read_unlock_irqrestore(rwlock_t *lock, unsigned long flags);
void _raw_write_lock(rwlock_t *lock);
void _raw_write_lock_bh(rwlock_t *lock);
void _raw_write_lock_irq(rwlock_t *lock);
unsigned long _raw_write_lock_irqsave(rwlock_t *lock);
int _raw_write_trylock(rwlock_t *lock);
void _raw_write_unlock(rwlock_t *lock);
void _raw_write_unlock_bh(rwlock_t *lock);
void _raw_write_unlock_irq(rwlock_t *lock);
void _raw_write_unlock_irqrestore(rwlock_t *lock, unsigned long flags);

struct mutex {
    struct task_struct *owner; /* null: free */
    raw_spinlock_t wait_lock;
    struct list_head wait_list;
    const char *name;
    void *__lab;
};
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
void mutex_destroy(struct mutex *lock);
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);

struct semaphore {
    raw_spinlock_t lock;
    unsigned int count;
    struct list_head wait_list;
    void *__lab;
};
void down(struct semaphore *sem);
int down_interruptible(struct semaphore *sem);
int down_killable(struct semaphore *sem);
int down_trylock(struct semaphore *sem); /* 0: taken, 1: not */
int down_timeout(struct semaphore *sem, long timeout);
void up(struct semaphore *sem);

struct rw_semaphore {
    long count; /* readers; -1: a writer */
    raw_spinlock_t wait_lock;
    struct list_head wait_list;
    const char *name;
    void *__lab;
};
void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key);
void down_read(struct rw_semaphore *sem);
int down_read_interruptible(struct rw_semaphore *sem);
int down_read_killable(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem); /* 1: taken */
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int down_write_killable(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem); /* 1: taken */
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);

/* Wait queues are real lists, as drivers look at them. */
struct wait_queue_entry;
typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *entry, unsigned mode, int flags, void *key);
struct wait_queue_entry {
    unsigned int flags;
    void *IRQLAB_private; /* the task */
    wait_queue_func_t func;
    struct list_head entry;
};
struct wait_queue_head {
    spinlock_t lock;
    struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

#define WQ_FLAG_EXCLUSIVE 0x01
#define WQ_FLAG_WOKEN 0x02
#define WQ_FLAG_BOOKMARK 0x04
#define WQ_FLAG_CUSTOM 0x08
#define WQ_FLAG_DONE 0x10
#define WQ_FLAG_PRIORITY 0x20

void __init_waitqueue_head(wait_queue_head_t *wq, const char *name, struct lock_class_key *key);
void add_wait_queue(wait_queue_head_t *wq, wait_queue_entry_t *entry);
void add_wait_queue_exclusive(wait_queue_head_t *wq, wait_queue_entry_t *entry);
void remove_wait_queue(wait_queue_head_t *wq, wait_queue_entry_t *entry);
void init_wait_entry(wait_queue_entry_t *entry, int flags);
void prepare_to_wait(wait_queue_head_t *wq, wait_queue_entry_t *entry, int state);
bool prepare_to_wait_exclusive(wait_queue_head_t *wq, wait_queue_entry_t *entry, int state);
long prepare_to_wait_event(wait_queue_head_t *wq, wait_queue_entry_t *entry, int state); /* 0 or -ERESTARTSYS */
void finish_wait(wait_queue_head_t *wq, wait_queue_entry_t *entry);
long wait_woken(wait_queue_entry_t *entry, unsigned mode, long timeout);
int woken_wake_function(wait_queue_entry_t *entry, unsigned mode, int sync, void *key);
int default_wake_function(wait_queue_entry_t *entry, unsigned mode, int flags, void *key);
int autoremove_wake_function(wait_queue_entry_t *entry, unsigned mode, int sync, void *key);
/* Wakes all non-exclusive waiters and nr_exclusive others (0: all). 6.12 returns how many; earlier ones nothing. */
int __wake_up(wait_queue_head_t *wq, unsigned int mode, int nr_exclusive, void *key);
void __wake_up_locked(wait_queue_head_t *wq, unsigned int mode, int nr_exclusive);
void __wake_up_sync(wait_queue_head_t *wq, unsigned int mode);
void __wake_up_sync_key(wait_queue_head_t *wq, unsigned int mode, void *key);

struct completion {
    unsigned int done;
    wait_queue_head_t wait;
};
void complete(struct completion *done);
void complete_all(struct completion *done);
void wait_for_completion(struct completion *done);
int wait_for_completion_interruptible(struct completion *done);
int wait_for_completion_killable(struct completion *done);
unsigned long wait_for_completion_timeout(struct completion *done, unsigned long timeout);
long wait_for_completion_interruptible_timeout(struct completion *done, unsigned long timeout);
long wait_for_completion_killable_timeout(struct completion *done, unsigned long timeout);
bool try_wait_for_completion(struct completion *done);
bool completion_done(struct completion *done);

/* RCU. */
void __lab_rcu_read_lock(void);
void __lab_rcu_read_unlock(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void synchronize_rcu(void);
void rcu_barrier(void);
void __lab_kvfree_rcu(struct rcu_head *head, void *ptr);

void __might_sleep(const char *file, int line);

IRQLAB_ABI_END

#endif

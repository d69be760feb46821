/* SPDX-License-Identifier: MIT */
/* linux/wait.h: wait queues, and waiting on a condition. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H
#include <linux/list.h>
#include <linux/stddef.h>
#include <linux/spinlock.h>
#include <asm/current.h>
#include <abi/sched.h>

#define __WAIT_QUEUE_HEAD_INITIALIZER(name)                                                                         \
    { .lock = __SPIN_LOCK_INITIALIZER(name.lock), .head = LIST_HEAD_INIT(name.head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)
#define __WAITQUEUE_INITIALIZER(name, task) { .private = task, .func = default_wake_function }
#define DECLARE_WAITQUEUE(name, task) struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, task)
#define DEFINE_WAIT_FUNC(name, function)                                                                            \
    struct wait_queue_entry name = {.private = current, .func = function, .entry = LIST_HEAD_INIT((name).entry)}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define init_wait(wait)                                                                                             \
    do {                                                                                                            \
        (wait)->private = current;                                                                                  \
        (wait)->func = autoremove_wake_function;                                                                    \
        INIT_LIST_HEAD(&(wait)->entry);                                                                             \
        (wait)->flags = 0;                                                                                          \
    } while (0)
#define init_waitqueue_head(wq)                                                                                     \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        __init_waitqueue_head((wq), #wq, &__lab_key);                                                               \
    } while (0)
static inline void init_waitqueue_entry(struct wait_queue_entry *entry, struct task_struct *task)
{
    entry->flags = 0;
    entry->private = task;
    entry->func = default_wake_function;
}
static inline void init_waitqueue_func_entry(struct wait_queue_entry *entry, wait_queue_func_t func)
{
    entry->flags = 0;
    entry->private = NULL;
    entry->func = func;
}
static inline int waitqueue_active(struct wait_queue_head *wq) { return !list_empty(&wq->head); }
static inline bool wq_has_sleeper(struct wait_queue_head *wq)
{
    smp_mb();
    return waitqueue_active(wq);
}
static inline void __add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
    list_add(&entry->entry, &wq->head);
}
static inline void __remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
    list_del(&entry->entry);
}

#define wake_up(x) __wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr) __wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x) __wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x) __wake_up_locked((x), TASK_NORMAL, 1)
#define wake_up_sync(x) __wake_up_sync(x, TASK_NORMAL)
#define wake_up_interruptible(x) __wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr) __wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x) __wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x) __wake_up_sync((x), TASK_INTERRUPTIBLE)
#define poll_to_key(m) ((void *)(unsigned long)(m))
#define wake_up_poll(x, m) __wake_up(x, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_interruptible_poll(x, m) __wake_up(x, TASK_INTERRUPTIBLE, 1, poll_to_key(m))
#define wake_up_interruptible_sync_poll(x, m) __wake_up_sync_key((x), TASK_INTERRUPTIBLE, poll_to_key(m))

/* Waits until `done` holds, running `sleep` between looks. `result` is what the caller gets: it is left as it is where
 * the wait ends well, and is -ERESTARTSYS where a signal ends it. */
#define __lab_wait(wq, done, state, exclusive, result, sleep)                                                       \
    ({                                                                                                              \
        struct wait_queue_entry __wq_entry;                                                                         \
        long __ret = (result);                                                                                      \
        init_wait_entry(&__wq_entry, (exclusive) ? WQ_FLAG_EXCLUSIVE : 0);                                          \
        for (;;) {                                                                                                  \
            long __interrupted = prepare_to_wait_event(&(wq), &__wq_entry, (state));                                \
            if (done)                                                                                               \
                break;                                                                                              \
            if (((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) && __interrupted) {                                \
                __ret = __interrupted;                                                                              \
                break;                                                                                              \
            }                                                                                                       \
            sleep;                                                                                                  \
        }                                                                                                           \
        finish_wait(&(wq), &__wq_entry);                                                                            \
        __ret;                                                                                                      \
    })
/* The condition with a time limit: true also when the time is up; at least 1 jiffy is left where it holds. */
#define __lab_done_or_late(condition)                                                                               \
    ({                                                                                                              \
        bool __holds = (condition);                                                                                 \
        if (__holds && !__ret)                                                                                      \
            __ret = 1;                                                                                              \
        __holds || !__ret;                                                                                          \
    })
#define __lab_wait_simple(wq, condition, state, exclusive)                                                          \
    ({                                                                                                              \
        int __lab_ret = 0;                                                                                          \
        might_sleep();                                                                                              \
        if (!(condition))                                                                                           \
            __lab_ret = (int)__lab_wait(wq, condition, state, exclusive, 0, schedule());                            \
        __lab_ret;                                                                                                  \
    })
#define __lab_wait_timeout(wq, condition, timeout, state)                                                           \
    ({                                                                                                              \
        long __limit = (timeout);                                                                                   \
        long __ret = __limit;                                                                                       \
        might_sleep();                                                                                              \
        if (!__lab_done_or_late(condition))                                                                         \
            __ret = __lab_wait(wq, __lab_done_or_late(condition), state, 0, __limit,                                \
                               __ret = schedule_timeout(__ret));                                                    \
        __ret;                                                                                                      \
    })
#define wait_event(wq, condition) ((void)__lab_wait_simple(wq, condition, TASK_UNINTERRUPTIBLE, 0))
#define io_wait_event(wq, condition) wait_event(wq, condition)
#define wait_event_exclusive(wq, condition) ((void)__lab_wait_simple(wq, condition, TASK_UNINTERRUPTIBLE, 1))
#define wait_event_interruptible(wq, condition) __lab_wait_simple(wq, condition, TASK_INTERRUPTIBLE, 0)
#define wait_event_interruptible_exclusive(wq, condition) __lab_wait_simple(wq, condition, TASK_INTERRUPTIBLE, 1)
#define wait_event_freezable(wq, condition) wait_event_interruptible(wq, condition)
#define wait_event_killable(wq, condition) __lab_wait_simple(wq, condition, TASK_KILLABLE, 0)
#define wait_event_killable_exclusive(wq, condition) __lab_wait_simple(wq, condition, TASK_KILLABLE, 1)
#define wait_event_idle(wq, condition) ((void)__lab_wait_simple(wq, condition, TASK_IDLE, 0))
#define wait_event_timeout(wq, condition, timeout) __lab_wait_timeout(wq, condition, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_timeout(wq, condition, timeout)                                                    \
    __lab_wait_timeout(wq, condition, timeout, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(wq, condition, timeout) __lab_wait_timeout(wq, condition, timeout, TASK_KILLABLE)
#define wait_event_cmd(wq, condition, before, after)                                                                \
    do {                                                                                                            \
        if (!(condition))                                                                                           \
            (void)__lab_wait(wq, condition, TASK_UNINTERRUPTIBLE, 0, 0, before; schedule(); after);                 \
    } while (0)
/* The _lock forms hold a spin lock around each look at the condition. */
#define wait_event_lock_irq(wq, condition, lock)                                                                    \
    do {                                                                                                            \
        if (!(condition))                                                                                           \
            (void)__lab_wait(wq, condition, TASK_UNINTERRUPTIBLE, 0, 0, spin_unlock_irq(&(lock)); schedule();       \
                             spin_lock_irq(&(lock)));                                                               \
    } while (0)
#define wait_event_interruptible_lock_irq(wq, condition, lock)                                                      \
    ({                                                                                                              \
        int __lab_ret = 0;                                                                                          \
        if (!(condition))                                                                                           \
            __lab_ret = (int)__lab_wait(wq, condition, TASK_INTERRUPTIBLE, 0, 0, spin_unlock_irq(&(lock));          \
                                        schedule(); spin_lock_irq(&(lock)));                                        \
        __lab_ret;                                                                                                  \
    })
#define wait_event_hrtimeout(wq, condition, timeout)                                                                \
    (wait_event_timeout(wq, condition, (long)nsecs_to_jiffies((u64)(timeout)) + 1) ? 0 : -ETIME)
#define wait_event_interruptible_hrtimeout(wq, condition, timeout)                                                  \
    ({                                                                                                              \
        long __lab_left =                                                                                           \
            wait_event_interruptible_timeout(wq, condition, (long)nsecs_to_jiffies((u64)(timeout)) + 1);            \
        __lab_left > 0 ? 0 : __lab_left == 0 ? -ETIME : __lab_left;                                                 \
    })
#if IRQLAB_KERNEL < 0x050500
/* Until 3.14; a wakeup before the call is lost, which is why they went. */
#define __lab_sleep_on(wq, state)                                                                                   \
    do {                                                                                                            \
        DEFINE_WAIT(__lab_wait_entry);                                                                              \
        prepare_to_wait((wq), &__lab_wait_entry, state);                                                            \
        schedule();                                                                                                 \
        finish_wait((wq), &__lab_wait_entry);                                                                       \
    } while (0)
#define sleep_on(wq) __lab_sleep_on(wq, TASK_UNINTERRUPTIBLE)
#define interruptible_sleep_on(wq) __lab_sleep_on(wq, TASK_INTERRUPTIBLE)
#endif
#endif

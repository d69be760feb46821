/* SPDX-License-Identifier: MIT */
/* linux/workqueue.h: work in process context [LX core-api/workqueue]. */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H
#include <linux/timer.h>
#include <linux/linkage.h>
#include <linux/bitops.h>
#include <linux/lockdep.h>
#include <linux/threads.h>
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/rcupdate.h>
#include <abi/work.h>
#define WORK_STRUCT_PENDING_BIT 0
#define work_data_bits(work) ((unsigned long *)(&(work)->data))
#define __WORK_INITIALIZER(name, function)                                                                          \
    { .data = ATOMIC_LONG_INIT(0), .entry = { &(name).entry, &(name).entry }, .func = (function) }
#define __DELAYED_WORK_INITIALIZER(name, function, timer_flags)                                                     \
    { .work = __WORK_INITIALIZER((name).work, (function)),                                                          \
      .timer = __TIMER_INITIALIZER(delayed_work_timer_fn, (timer_flags) | TIMER_IRQSAFE) }
#define DECLARE_WORK(name, function) struct work_struct name = __WORK_INITIALIZER(name, function)
#define DECLARE_DELAYED_WORK(name, function) struct delayed_work name = __DELAYED_WORK_INITIALIZER(name, function, 0)
#define DECLARE_DEFERRABLE_WORK(name, function)                                                                     \
    struct delayed_work name = __DELAYED_WORK_INITIALIZER(name, function, TIMER_DEFERRABLE)
#define INIT_WORK(work, function)                                                                                   \
    do {                                                                                                            \
        (work)->data = (atomic_long_t)ATOMIC_LONG_INIT(0);                                                          \
        INIT_LIST_HEAD(&(work)->entry);                                                                             \
        (work)->func = (function);                                                                                  \
        (work)->__lab = NULL;                                                                                       \
    } while (0)
#define INIT_WORK_ONSTACK(work, function) INIT_WORK(work, function)
#define __INIT_WORK(work, function, onstack) INIT_WORK(work, function)
#define INIT_DELAYED_WORK(dwork, function)                                                                          \
    do {                                                                                                            \
        INIT_WORK(&(dwork)->work, (function));                                                                      \
        __init_timer(&(dwork)->timer, delayed_work_timer_fn, TIMER_IRQSAFE);                                        \
    } while (0)
#define INIT_DELAYED_WORK_ONSTACK(dwork, function) INIT_DELAYED_WORK(dwork, function)
#define INIT_DEFERRABLE_WORK(dwork, function) INIT_DELAYED_WORK(dwork, function)
#define destroy_work_on_stack(work) ((void)(work))
#define destroy_delayed_work_on_stack(work) ((void)(work))
#define INIT_RCU_WORK(rwork, function) INIT_WORK(&(rwork)->work, (function))
#define INIT_RCU_WORK_ONSTACK(rwork, function) INIT_RCU_WORK(rwork, function)
#define work_pending(work) test_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work))
#define delayed_work_pending(dwork) work_pending(&(dwork)->work)
static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
    return container_of(work, struct delayed_work, work);
}
static inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
    return container_of(work, struct rcu_work, work);
}

#define alloc_ordered_workqueue(format, flags, args...)                                                             \
    alloc_workqueue(format, WQ_UNBOUND | __WQ_ORDERED | __WQ_ORDERED_EXPLICIT | (flags), 1, ##args)
#define create_workqueue(name) alloc_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, 1, (name))
#define create_freezable_workqueue(name)                                                                            \
    alloc_workqueue("%s", __WQ_LEGACY | WQ_FREEZABLE | WQ_UNBOUND | WQ_MEM_RECLAIM, 1, (name))
#define create_singlethread_workqueue(name) alloc_ordered_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, name)
#define WQ_UNBOUND_MAX_ACTIVE WQ_MAX_ACTIVE
#define WQ_MAX_UNBOUND_PER_CPU 4

static inline bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
    return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}
static inline bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
    return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}
static inline bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
    return mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}
static inline bool schedule_work_on(int cpu, struct work_struct *work) { return queue_work_on(cpu, system_wq, work); }
static inline bool schedule_work(struct work_struct *work) { return queue_work(system_wq, work); }
static inline bool schedule_delayed_work_on(int cpu, struct delayed_work *dwork, unsigned long delay)
{
    return queue_delayed_work_on(cpu, system_wq, dwork, delay);
}
static inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
    return queue_delayed_work(system_wq, dwork, delay);
}
#if IRQLAB_KERNEL >= 0x060000
#define flush_workqueue(wq) __flush_workqueue(wq)
#define flush_scheduled_work() __flush_workqueue(system_wq)
#else
static inline void flush_scheduled_work(void) { flush_workqueue(system_wq); }
#endif
#endif

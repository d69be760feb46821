/* SPDX-License-Identifier: MIT */
/* work.h: workqueues [LX core-api/workqueue]. */
#ifndef IRQLAB_ABI_WORK_H
#define IRQLAB_ABI_WORK_H

#include "time.h"

IRQLAB_ABI_BEGIN

typedef void (*work_func_t)(struct work_struct *work);
struct work_struct {
    atomic_long_t data; /* bit 0: pending; the rest is the kernel's */
    struct list_head entry;
    work_func_t func;
    void *__lab;
};
struct delayed_work {
    struct work_struct work;
    struct timer_list timer;
    struct workqueue_struct *wq;
    int cpu;
};
struct rcu_work {
    struct work_struct work;
    struct rcu_head rcu;
    struct workqueue_struct *wq;
};

enum {
    WQ_UNBOUND = 1 << 1, WQ_FREEZABLE = 1 << 2, WQ_MEM_RECLAIM = 1 << 3, WQ_HIGHPRI = 1 << 4,
    WQ_CPU_INTENSIVE = 1 << 5, WQ_SYSFS = 1 << 6, WQ_POWER_EFFICIENT = 1 << 7, WQ_BH = 1 << 8,
    __WQ_DRAINING = 1 << 16, __WQ_ORDERED = 1 << 17, __WQ_LEGACY = 1 << 18, __WQ_ORDERED_EXPLICIT = 1 << 19,
    WQ_MAX_ACTIVE = 512, WQ_DFL_ACTIVE = 256,
    WORK_CPU_UNBOUND = IRQLAB_NR_CPUS,
    WORK_BUSY_PENDING = 1, WORK_BUSY_RUNNING = 2
};

extern struct workqueue_struct *system_wq, *system_highpri_wq, *system_long_wq, *system_unbound_wq,
    *system_freezable_wq, *system_power_efficient_wq, *system_freezable_power_efficient_wq, *system_bh_wq,
    *system_bh_highpri_wq;

struct workqueue_struct *alloc_workqueue(const char *format, unsigned int flags, int max_active, ...);
void destroy_workqueue(struct workqueue_struct *wq);
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
void delayed_work_timer_fn(struct timer_list *timer);
#if IRQLAB_KERNEL < 0x060000 || defined(__cplusplus)
void flush_workqueue(struct workqueue_struct *wq);
#endif
void __flush_workqueue(struct workqueue_struct *wq);
void drain_workqueue(struct workqueue_struct *wq);
bool flush_work(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *work);
bool cancel_delayed_work(struct delayed_work *work);
bool cancel_delayed_work_sync(struct delayed_work *work);
bool enable_work(struct work_struct *work);
bool disable_work(struct work_struct *work);
bool disable_work_sync(struct work_struct *work);
bool enable_delayed_work(struct delayed_work *work);
bool disable_delayed_work(struct delayed_work *work);
bool disable_delayed_work_sync(struct delayed_work *work);
bool queue_work_node(int node, struct workqueue_struct *wq, struct work_struct *work);
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *work);
bool flush_rcu_work(struct rcu_work *work);
bool workqueue_congested(int cpu, struct workqueue_struct *wq);
int schedule_on_each_cpu(work_func_t func);
unsigned int work_busy(struct work_struct *work);
struct work_struct *current_work(void);
void workqueue_set_max_active(struct workqueue_struct *wq, int max_active);

IRQLAB_ABI_END

#endif

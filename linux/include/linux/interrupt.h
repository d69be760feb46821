/* SPDX-License-Identifier: MIT */
/* linux/interrupt.h: interrupt lines, softirqs, tasklets [LX core-api/genericirq]. */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/irqreturn.h>
#include <linux/irqnr.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/workqueue.h>
#include <linux/jump_label.h>
#include <linux/atomic.h>
#include <linux/percpu.h>
#include <asm/ptrace.h>
#include <asm/irq.h>
#include <asm/sections.h>
#include <abi/irqdomain.h>
#include <abi/softirq.h>
#if IRQLAB_KERNEL < 0x050800
/* Older kernels' headers came to port I/O from here. */
#include <asm/io.h>
#endif

static inline int __must_check request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
                                           const char *name, void *dev)
{
#if IRQLAB_KERNEL >= 0x060900
    flags |= IRQF_COND_ONESHOT;
#endif
    return request_threaded_irq(irq, handler, NULL, flags, name, dev);
}
static inline int __must_check request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *name,
                                                  void __percpu *dev)
{
    return __request_percpu_irq(irq, handler, 0, name, dev);
}
enum { IRQC_IS_HARDIRQ = 0, IRQC_IS_NESTED };
static inline int __must_check devm_request_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
                                                unsigned long flags, const char *name, void *dev_id)
{
    return devm_request_threaded_irq(dev, irq, handler, NULL, flags, name, dev_id);
}
#if IRQLAB_KERNEL < 0x050500
/* Until 2.6.18 a handler got the interrupted registers, too. Here they are a null pointer. */
typedef irqreturn_t (*__lab_handler_of_2_6_18)(int irq, void *dev, struct pt_regs *regs);
#define __lab_handler(handler)                                                                                      \
    __builtin_choose_expr(__builtin_types_compatible_p(typeof(0 ? (handler) : (handler)), __lab_handler_of_2_6_18), \
                          (irq_handler_t)(void (*)(void))(handler), (handler))
#define request_irq(irq, handler, flags, name, dev) request_irq(irq, __lab_handler(handler), flags, name, dev)
/* Flags of older kernels: SA_ until 2.6.23, the others until 3.6 and 4.0; they had become without effect. */
#define SA_INTERRUPT 0
#define SA_SHIRQ IRQF_SHARED
#define SA_SAMPLE_RANDOM 0
#define IRQF_DISABLED 0x00000020
#define IRQF_SAMPLE_RANDOM 0x00000040
#endif
#define local_irq_enable_in_hardirq() local_irq_enable()
#if IRQLAB_KERNEL >= 0x051100
static inline int irq_set_affinity_and_hint(unsigned int irq, const struct cpumask *mask)
{
    return __irq_apply_affinity_hint(irq, mask, true);
}
static inline int irq_update_affinity_hint(unsigned int irq, const struct cpumask *mask)
{
    return __irq_apply_affinity_hint(irq, mask, false);
}
#endif
static inline int enable_irq_wake(unsigned int irq) { return irq_set_irq_wake(irq, 1); }
static inline int disable_irq_wake(unsigned int irq) { return irq_set_irq_wake(irq, 0); }
static inline void disable_irq_nosync_lockdep(unsigned int irq) { disable_irq_nosync(irq); }
static inline void enable_irq_lockdep(unsigned int irq) { enable_irq(irq); }

#if IRQLAB_KERNEL >= 0x050900
#define DECLARE_TASKLET(name, function)                                                                             \
    struct tasklet_struct name = {.count = ATOMIC_INIT(0), .callback = function, .use_callback = true}
#define DECLARE_TASKLET_DISABLED(name, function)                                                                    \
    struct tasklet_struct name = {.count = ATOMIC_INIT(1), .callback = function, .use_callback = true}
#define from_tasklet(var, callback_tasklet, field) container_of(callback_tasklet, typeof(*var), field)
#define DECLARE_TASKLET_OLD(name, function) struct tasklet_struct name = {.count = ATOMIC_INIT(0), .func = function}
#define DECLARE_TASKLET_DISABLED_OLD(name, function)                                                                \
    struct tasklet_struct name = {.count = ATOMIC_INIT(1), .func = function}
#else
#define DECLARE_TASKLET(name, function, argument)                                                                   \
    struct tasklet_struct name = {NULL, 0, ATOMIC_INIT(0), .func = function, .data = argument}
#define DECLARE_TASKLET_DISABLED(name, function, argument)                                                          \
    struct tasklet_struct name = {NULL, 0, ATOMIC_INIT(1), .func = function, .data = argument}
#endif
static inline void tasklet_schedule(struct tasklet_struct *tasklet)
{
    if (!test_and_set_bit(TASKLET_STATE_SCHED, &tasklet->state))
        __tasklet_schedule(tasklet);
}
static inline void tasklet_hi_schedule(struct tasklet_struct *tasklet)
{
    if (!test_and_set_bit(TASKLET_STATE_SCHED, &tasklet->state))
        __tasklet_hi_schedule(tasklet);
}
static inline int tasklet_trylock(struct tasklet_struct *tasklet)
{
    return !test_and_set_bit(TASKLET_STATE_RUN, &tasklet->state);
}
static inline void tasklet_unlock(struct tasklet_struct *tasklet) { clear_bit(TASKLET_STATE_RUN, &tasklet->state); }
static inline void tasklet_disable_nosync(struct tasklet_struct *tasklet)
{
    atomic_inc(&tasklet->count);
    smp_mb__after_atomic();
}
static inline void tasklet_disable(struct tasklet_struct *tasklet)
{
    tasklet_disable_nosync(tasklet);
    tasklet_unlock_wait(tasklet);
    smp_mb();
}
static inline void tasklet_enable(struct tasklet_struct *tasklet)
{
    smp_mb__before_atomic();
    atomic_dec(&tasklet->count);
}
extern const char *const softirq_to_name[NR_SOFTIRQS];
#endif

/* SPDX-License-Identifier: MIT */
/* linux/irq_work.h: callbacks in hard interrupt context. */
#ifndef _LINUX_IRQ_WORK_H
#define _LINUX_IRQ_WORK_H
#include <linux/llist.h>
#include <linux/atomic.h>
#include <abi/irqdomain.h>
#define IRQ_WORK_PENDING 1
#define IRQ_WORK_BUSY 2
#define IRQ_WORK_CLAIMED 3
#define IRQ_WORK_LAZY 4
#define IRQ_WORK_HARD_IRQ 8
#define IRQ_WORK_INIT(function) (struct irq_work){.func = function}
#define IRQ_WORK_INIT_LAZY(function) (struct irq_work){.flags = ATOMIC_INIT(4), .func = function}
#define IRQ_WORK_INIT_HARD(function) (struct irq_work){.flags = ATOMIC_INIT(8), .func = function}
#define DEFINE_IRQ_WORK(name, function) struct irq_work name = {.func = function}
static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *))
{
    *work = IRQ_WORK_INIT(func);
}
static inline bool irq_work_is_pending(struct irq_work *work) { return atomic_read(&work->flags) & 1; }
static inline bool irq_work_is_busy(struct irq_work *work) { return atomic_read(&work->flags) & 2; }
#endif

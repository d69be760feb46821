/* SPDX-License-Identifier: MIT */
/* linux/irq.h: chips and descriptors [LX core-api/genericirq]. */
#ifndef _LINUX_IRQ_H
#define _LINUX_IRQ_H
#include <linux/cache.h>
#include <linux/spinlock.h>
#include <linux/cpumask.h>
#include <linux/irqhandler.h>
#include <linux/irqreturn.h>
#include <linux/irqnr.h>
#include <linux/topology.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <asm/irq.h>
#include <asm/ptrace.h>
#include <linux/irqdesc.h>
#include <asm/hw_irq.h>
#define irq_get_chip(irq) ({ struct irq_data *__lab_d = irq_get_irq_data(irq); __lab_d ? __lab_d->chip : NULL; })
#define irq_get_chip_data(irq)                                                                                      \
    ({ struct irq_data *__lab_d = irq_get_irq_data(irq); __lab_d ? __lab_d->chip_data : NULL; })
#define irq_get_handler_data(irq)                                                                                   \
    ({ struct irq_data *__lab_d = irq_get_irq_data(irq); __lab_d ? __lab_d->common->handler_data : NULL; })
static inline u32 irqd_get_trigger_type(struct irq_data *data)
{
    return data->common->state_use_accessors & IRQ_TYPE_SENSE_MASK;
}
static inline u32 irq_get_trigger_type(unsigned int irq)
{
    struct irq_data *data = irq_get_irq_data(irq);
    return data ? irqd_get_trigger_type(data) : 0;
}
static inline irq_hw_number_t irqd_to_hwirq(struct irq_data *data) { return data->hwirq; }
static inline void *irq_data_get_irq_chip_data(struct irq_data *data) { return data->chip_data; }
static inline const struct cpumask *irq_data_get_affinity_mask(struct irq_data *data) { return data->common->affinity; }
static inline const struct cpumask *irq_get_affinity_mask(int irq)
{
    struct irq_data *data = irq_get_irq_data((unsigned int)irq);
    return data ? data->common->affinity : NULL;
}
static inline void irq_set_handler(unsigned int irq, irq_flow_handler_t handle)
{
    __irq_set_handler(irq, handle, 0, NULL);
}
static inline void irq_set_chip_and_handler(unsigned int irq, const struct irq_chip *chip, irq_flow_handler_t handle)
{
    irq_set_chip_and_handler_name(irq, chip, handle, NULL);
}
static inline void irq_set_status_flags(unsigned int irq, unsigned long set) { irq_modify_status(irq, 0, set); }
static inline void irq_clear_status_flags(unsigned int irq, unsigned long clear) { irq_modify_status(irq, clear, 0); }
static inline void irq_set_noprobe(unsigned int irq) { irq_modify_status(irq, 0, IRQ_NOPROBE); }
static inline void irq_set_nested_thread(unsigned int irq, bool nest)
{
    irq_modify_status(irq, nest ? 0 : IRQ_NESTED_THREAD, nest ? IRQ_NESTED_THREAD : 0);
}
#define irq_alloc_descs(irq, from, count, node) __irq_alloc_descs(irq, from, count, node, THIS_MODULE, NULL)
#define irq_alloc_desc(node) irq_alloc_descs(-1, 1, 1, node)
#define irq_alloc_desc_from(from, node) irq_alloc_descs(-1, from, 1, node)
static inline void irq_free_desc(unsigned int irq) { irq_free_descs(irq, 1); }
#endif

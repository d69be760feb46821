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
#include <abi/irqdomain.h>
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
static inline void irq_set_chained_handler(unsigned int irq, irq_flow_handler_t handle)
{
    __irq_set_handler(irq, handle, 1, NULL);
}
/* From a chip's irq_set_type: the line is locked already. */
static inline void irq_set_handler_locked(struct irq_data *data, irq_flow_handler_t handler)
{
    irq_data_to_desc(data)->handle_irq = handler;
}
static inline void irq_set_chip_handler_name_locked(struct irq_data *data, const struct irq_chip *chip,
                                                    irq_flow_handler_t handler, const char *name)
{
    struct irq_desc *desc = irq_data_to_desc(data);

    desc->handle_irq = handler;
    desc->name = name;
    data->chip = (struct irq_chip *)chip;
}
static inline void *irq_data_get_irq_handler_data(struct irq_data *data) { return data->common->handler_data; }
#define __LAB_IRQD_TEST(name, bit)                                                                                  \
    static inline bool name(struct irq_data *data) { return data->common->state_use_accessors & (1U << (bit)); }
__LAB_IRQD_TEST(irqd_is_activated, 9)
__LAB_IRQD_TEST(irqd_is_per_cpu, 11)
__LAB_IRQD_TEST(irqd_is_level_type, 13)
__LAB_IRQD_TEST(irqd_is_wakeup_set, 14)
__LAB_IRQD_TEST(irqd_irq_disabled, 16)
__LAB_IRQD_TEST(irqd_irq_masked, 17)
__LAB_IRQD_TEST(irqd_irq_inprogress, 18)
__LAB_IRQD_TEST(irqd_is_started, 22)
static inline void irqd_set_trigger_type(struct irq_data *data, u32 type)
{
    unsigned int *state = &data->common->state_use_accessors;

    *state = (*state & ~(u32)IRQ_TYPE_SENSE_MASK) | type;
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
#define irq_alloc_desc_at(at, node) irq_alloc_descs(at, at, 1, node)
#define irq_alloc_domain_generic_chips(d, irqs_per_chip, num_ct, name, handler, clr, set, flags)                    \
    __irq_alloc_domain_generic_chips(d, irqs_per_chip, num_ct, name, handler, clr, set, flags)
static inline struct irq_chip_type *irq_data_get_chip_type(struct irq_data *d)
{
    return container_of(d->chip, struct irq_chip_type, chip);
}
static inline void irq_destroy_generic_chip(struct irq_chip_generic *gc, u32 msk, unsigned int clr, unsigned int set)
{
    irq_remove_generic_chip(gc, msk, clr, set);
    kfree(gc);
}
static inline void irq_reg_writel(struct irq_chip_generic *gc, u32 val, int reg_offset)
{
    if (gc->reg_writel)
        gc->reg_writel(val, gc->reg_base + reg_offset);
    else
        writel(val, gc->reg_base + reg_offset);
}
static inline u32 irq_reg_readl(struct irq_chip_generic *gc, int reg_offset)
{
    return gc->reg_readl ? gc->reg_readl(gc->reg_base + reg_offset) : readl(gc->reg_base + reg_offset);
}
#define IRQ_MSK(n) (u32)((n) < 32 ? ((1 << (n)) - 1) : UINT_MAX)
static inline void irq_free_desc(unsigned int irq) { irq_free_descs(irq, 1); }
#endif

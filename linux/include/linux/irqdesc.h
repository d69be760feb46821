/* SPDX-License-Identifier: MIT */
/* linux/irqdesc.h: the descriptor of a line. */
#ifndef _LINUX_IRQDESC_H
#define _LINUX_IRQDESC_H
#include <linux/rcupdate.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <abi/irqdomain.h>
static inline struct irq_desc *irq_data_to_desc(struct irq_data *data)
{
    return container_of(data->common, struct irq_desc, irq_common_data);
}
static inline unsigned int irq_desc_get_irq(struct irq_desc *desc) { return desc->irq_data.irq; }
static inline struct irq_data *irq_desc_get_irq_data(struct irq_desc *desc) { return &desc->irq_data; }
static inline struct irq_chip *irq_desc_get_chip(struct irq_desc *desc) { return desc->irq_data.chip; }
static inline void *irq_desc_get_chip_data(struct irq_desc *desc) { return desc->irq_data.chip_data; }
static inline void *irq_desc_get_handler_data(struct irq_desc *desc) { return desc->irq_common_data.handler_data; }
static inline int irq_desc_has_action(struct irq_desc *desc) { return desc && desc->action != NULL; }
#if IRQLAB_KERNEL < 0x050b00
static inline int irq_has_action(unsigned int irq) { return irq_desc_has_action(irq_to_desc(irq)); }
#endif
static inline void generic_handle_irq_desc(struct irq_desc *desc) { desc->handle_irq(desc); }
#endif

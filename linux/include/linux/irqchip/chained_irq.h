/* SPDX-License-Identifier: MIT */
/* linux/irqchip/chained_irq.h: what a demultiplexer does to its own line before and after [LX driver-api/gpio/driver]. */
#ifndef __IRQCHIP_CHAINED_IRQ_H
#define __IRQCHIP_CHAINED_IRQ_H
#include <linux/irq.h>
/* A chip that ends its interrupts holds the line back by itself until then; any other is masked and acknowledged. */
static inline void chained_irq_enter(struct irq_chip *chip, struct irq_desc *desc)
{
    struct irq_data *data = &desc->irq_data;

    if (chip->irq_eoi)
        return;
    if (chip->irq_mask_ack) {
        chip->irq_mask_ack(data);
        return;
    }
    chip->irq_mask(data);
    if (chip->irq_ack)
        chip->irq_ack(data);
}
static inline void chained_irq_exit(struct irq_chip *chip, struct irq_desc *desc)
{
    void (*end)(struct irq_data *) = chip->irq_eoi ? chip->irq_eoi : chip->irq_unmask;

    end(&desc->irq_data);
}
#endif

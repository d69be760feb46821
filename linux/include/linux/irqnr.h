/* SPDX-License-Identifier: MIT */
/* linux/irqnr.h: the interrupt lines that there are. */
#ifndef _LINUX_IRQNR_H
#define _LINUX_IRQNR_H
#include <abi/irq.h>
#define for_each_irq_desc(irq, desc)                                                                                \
    for ((irq) = 0, (desc) = irq_to_desc(irq); (irq) < nr_irqs; (irq)++, (desc) = irq_to_desc(irq))                 \
        if ((desc))
#define for_each_irq_nr(irq) for ((irq) = 0; (irq) < nr_irqs; (irq)++)
#endif

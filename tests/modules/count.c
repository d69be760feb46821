// SPDX-License-Identifier: MIT OR GPL-2.0
/* count: the smallest handler: counts the interrupts of a line (IRQ 7, an edge on every board). */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);
static unsigned long interrupts;

static irqreturn_t count_handler(int line, void *dev_id)
{
	interrupts++;
	return IRQ_HANDLED;
}

static int __init count_init(void)
{
	return request_irq(irq, count_handler, 0, "count", &interrupts);
}

static void __exit count_exit(void)
{
	free_irq(irq, &interrupts);
	pr_info("count: %lu interrupts\n", interrupts);
}

module_init(count_init);
module_exit(count_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("counts interrupts");

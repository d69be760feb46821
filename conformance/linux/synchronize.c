// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * synchronize: a handler that waits until no handler of its line runs.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);

static irqreturn_t synchronize_handler(int line, void *dev_id)
{
	pr_info("synchronize: handler waits\n");
	synchronize_irq(line);
	pr_info("synchronize: handler goes on\n");
	return IRQ_HANDLED;
}

static int __init synchronize_init(void)
{
	return request_irq(irq, synchronize_handler, 0, "synchronize", NULL);
}

static void __exit synchronize_exit(void)
{
	free_irq(irq, NULL);
}

module_init(synchronize_init);
module_exit(synchronize_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a handler that waits for itself");

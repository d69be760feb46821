// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * early: a driver that makes its state ready after request_irq. The line may be high by then.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 11;
module_param(irq, int, 0444);

static int ready;

static irqreturn_t early_handler(int line, void *dev_id)
{
	pr_info("early: handler, ready=%d\n", ready);
	disable_irq_nosync(line);
	return IRQ_HANDLED;
}

static int __init early_init(void)
{
	int error = request_irq(irq, early_handler, 0, "early", NULL);

	pr_info("early: request_irq = %d\n", error);
	ready = 1;
	return error;
}

static void __exit early_exit(void)
{
	free_irq(irq, NULL);
}

module_init(early_init);
module_exit(early_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a handler that is there before its state");

// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * again: an edge line whose handler takes 5 ms each time, so that another edge can come meanwhile.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);

static unsigned int runs;

static irqreturn_t again_handler(int line, void *dev_id)
{
	unsigned int run = ++runs;

	pr_info("again: run %u begins on cpu %d\n", run, smp_processor_id());
	mdelay(5);
	pr_info("again: run %u ends\n", run);
	return IRQ_HANDLED;
}

static int __init again_init(void)
{
	return request_irq(irq, again_handler, 0, "again", NULL);
}

static void __exit again_exit(void)
{
	free_irq(irq, NULL);
}

module_init(again_init);
module_exit(again_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a handler that takes long");

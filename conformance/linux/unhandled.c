// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * unhandled: a shared handler that says IRQ_NONE, but for calls FIRST to FIRST + HANDLED - 1 (counted from 0).
 *
 * Says at unload how often it was called, and how often of these in no hard interrupt.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);
static unsigned int first = 1000;
module_param(first, uint, 0444);
static unsigned int handled;
module_param(handled, uint, 0444);

static unsigned int calls, polled;

static irqreturn_t unhandled_handler(int line, void *dev_id)
{
	unsigned int call = calls++;

	if (!hardirq_count())
		polled++;
	return call - first < handled ? IRQ_HANDLED : IRQ_NONE;
}

static int __init unhandled_init(void)
{
	return request_irq(irq, unhandled_handler, IRQF_SHARED, "unhandled", &calls);
}

static void __exit unhandled_exit(void)
{
	free_irq(irq, &calls);
	pr_info("unhandled: %u calls by interrupts, polled %s\n", calls - polled, polled ? "yes" : "no");
}

module_init(unhandled_init);
module_exit(unhandled_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a handler that does not handle");

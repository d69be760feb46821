// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * spare: when does the handler run of a shared line that is silent?
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 5;
module_param(irq, int, 0444);
static bool shared = true;
module_param(shared, bool, 0444);

static unsigned int runs;

static irqreturn_t spare_handler(int line, void *dev_id)
{
	runs++;
	pr_info("spare: handler irqs_off=%d\n", !!irqs_disabled());
	return IRQ_NONE;
}

static int __init spare_init(void)
{
	int error = request_irq(irq, spare_handler, shared ? IRQF_SHARED : 0, "spare", &runs);

	pr_info("spare: requested, %u runs\n", runs);
	return error;
}

static void __exit spare_exit(void)
{
	pr_info("spare: to be freed, %u runs\n", runs);
	free_irq(irq, &runs);
	pr_info("spare: freed, %u runs\n", runs);
}

module_init(spare_init);
module_exit(spare_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("calls of a handler whose line is silent");

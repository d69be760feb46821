// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * resend: a line of the module's own, whose chip cannot send an interrupt again by itself. An interrupt comes
 * while the line is disabled; where does the handler run when it is enabled?
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>

static int irq;
static unsigned int runs;

static void resend_nothing(struct irq_data *data)
{
}
static struct irq_chip resend_chip = {
	.name = "resend", .irq_ack = resend_nothing, .irq_mask = resend_nothing, .irq_unmask = resend_nothing,
};

static irqreturn_t resend_handler(int line, void *dev_id)
{
	runs++;
	pr_info("resend: handler hardirq=%d softirq=%d irqs_off=%d\n", !!in_hardirq(), !!in_serving_softirq(),
		!!irqs_disabled());
	return IRQ_HANDLED;
}

static void interrupt_comes(void)
{
	unsigned long flags;

	local_irq_save(flags);
	generic_handle_irq(irq);
	local_irq_restore(flags);
}

static int __init resend_init(void)
{
	int error;

	/* Without an owner: a line in use pins its owner, and irq_alloc_desc() would name this module. */
	irq = __irq_alloc_descs(-1, 1, 1, 0, NULL, NULL);
	if (irq < 0)
		return irq;
	irq_set_chip_and_handler(irq, &resend_chip, handle_edge_irq);
	error = request_irq(irq, resend_handler, 0, "resend", NULL);
	if (error) {
		irq_free_desc(irq);
		return error;
	}
	disable_irq(irq);
	interrupt_comes();
	interrupt_comes();
	pr_info("resend: while disabled %u runs\n", runs);
	enable_irq(irq);
	return 0;
}

static void __exit resend_exit(void)
{
	free_irq(irq, NULL);
	irq_free_desc(irq);
	pr_info("resend: %u runs\n", runs);
}

module_init(resend_init);
module_exit(resend_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("an interrupt that is resent by software");

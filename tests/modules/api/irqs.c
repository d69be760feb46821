// SPDX-License-Identifier: MIT OR GPL-2.0
/* irqs: lines, from request to free; the script pulses IRQ 7 twice and 11 once. [LX core-api/genericirq]. */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include "api.h"

static int mine, others, threads, plain_id, shared_id, shared_other_id, probed;

static irqreturn_t plain(int irq, void *dev_id)
{
	expect(irq == 7 && dev_id == &plain_id);
	expect(in_irq() && in_interrupt() && irqs_disabled());
	expect(smp_processor_id() < 4);
	mine++;
	return IRQ_HANDLED;
}

static irqreturn_t not_mine(int irq, void *dev_id)
{
	expect(irq == 11 && dev_id == &shared_other_id);
	others++;
	return IRQ_NONE;
}

static irqreturn_t wakes(int irq, void *dev_id)
{
	return IRQ_WAKE_THREAD;
}

static irqreturn_t thread(int irq, void *dev_id)
{
	expect(irq == 11 && dev_id == &shared_id);
	expect(!in_irq() && !irqs_disabled() && current->pid > 2);
	threads++;
	return IRQ_HANDLED;
}

static void refusals(void)
{
	expect(request_irq(7, plain, 0, "api_irqs", &mine) == -EBUSY); /* it was not to be shared */
	expect(request_irq(7, plain, IRQF_SHARED, "api_irqs", &mine) == -EBUSY); /* both must say so */
	expect(request_irq(11, plain, IRQF_SHARED, "api_irqs", NULL) == -EINVAL); /* whose, when freed? */
	expect(request_irq(5, NULL, 0, "api_irqs", &mine) == -EINVAL);
	expect(request_irq(100000, plain, 0, "api_irqs", &mine) == -EINVAL);
	/* a thread alone needs its line masked until it is done */
	expect(request_threaded_irq(5, NULL, thread, 0, "api_irqs", &mine) == -EINVAL);
}

/* No device answers: 0. Lines that are in use are not probed. */
static void probing(void)
{
	unsigned long lines = probe_irq_on();

	expect(!(lines & (1 << 7)));
	probed = probe_irq_off(lines);
	expect(probed == 0);
}

static int __init irqs_init(void)
{
	int error = request_irq(7, plain, IRQF_TRIGGER_RISING, "api_irqs", &plain_id);

	if (error)
		return error;
	error = request_irq(11, not_mine, IRQF_SHARED | IRQF_TRIGGER_RISING, "api_irqs", &shared_other_id);
	if (error)
		goto free_plain;
	error = request_threaded_irq(11, wakes, thread, IRQF_SHARED | IRQF_TRIGGER_RISING, "api_irqs", &shared_id);
	if (error)
		goto free_shared;
	refusals();
	probing();
	error = api_answer("lines");
	if (!error)
		return 0;
	free_irq(11, &shared_id);
free_shared:
	free_irq(11, &shared_other_id);
free_plain:
	free_irq(7, &plain_id);
	return error;
}

static void __exit irqs_exit(void)
{
	synchronize_irq(7);
	synchronize_irq(11);
	expect(mine == 2 && others == 1 && threads == 1);
	expect(free_irq(11, &shared_id) && free_irq(11, &shared_other_id) && free_irq(7, &plain_id));
	/* after free_irq the line is another's for the asking */
	expect(request_irq(7, plain, 0, "api_irqs", &mine) == 0);
	free_irq(7, &mine);
	api_answer("interrupts");
}

module_init(irqs_init);
module_exit(irqs_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("lines");

// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * thread_cpu: a threaded line that says on which CPU each half runs.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);

static irqreturn_t thread_cpu_primary(int line, void *dev_id)
{
	pr_info("thread_cpu: primary on %d\n", smp_processor_id());
	return IRQ_WAKE_THREAD;
}

static irqreturn_t thread_cpu_thread(int line, void *dev_id)
{
	pr_info("thread_cpu: thread on %d\n", raw_smp_processor_id());
	return IRQ_HANDLED;
}

static int __init thread_cpu_init(void)
{
	return request_threaded_irq(irq, thread_cpu_primary, thread_cpu_thread, IRQF_ONESHOT, "halves", &irq);
}

static void __exit thread_cpu_exit(void)
{
	free_irq(irq, &irq);
}

module_init(thread_cpu_init);
module_exit(thread_cpu_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("where the two halves of a handler run");

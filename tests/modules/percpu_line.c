// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * percpu_line: a controller whose line each CPU has for itself, and requests of NMIs, each with what it answers.
 *
 *   insmod percpu_line.ko     in a kernel that exports irq_set_percpu_devid, handle_percpu_devid_irq and request_nmi
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#define TELL(call) pr_info("percpu_line: " #call " = %d\n", (int)(call))

static int cookie, virq;
static DEFINE_PER_CPU(int, mine);

static irqreturn_t lines_handler(int line, void *dev_id)
{
	return IRQ_HANDLED;
}

/* --- a line of which each CPU has its own --- */

static unsigned long masks, unmasks;

static void soft_mask(struct irq_data *d)
{
	masks++;
}

static void soft_unmask(struct irq_data *d)
{
	unmasks++;
}

static struct irq_chip soft_chip = {
	.name = "soft", .irq_mask = soft_mask, .irq_unmask = soft_unmask,
};

static irqreturn_t percpu_handler(int line, void *here)
{
	*(int *)here += 10 + smp_processor_id();
	return IRQ_HANDLED;
}

static void percpu_open(void *unused)
{
	enable_percpu_irq(virq, IRQ_TYPE_NONE);
}

static void percpu_close(void *unused)
{
	disable_percpu_irq(virq);
}

static void percpu_fire(void *unused)
{
	generic_handle_irq(virq);
}

static void percpu(void)
{
	virq = irq_alloc_desc(-1);
	TELL(request_percpu_irq(7, percpu_handler, "lines", &mine));
	irq_set_chip_and_handler(virq, &soft_chip, handle_percpu_devid_irq);
	TELL(request_percpu_irq(virq, percpu_handler, "lines", &mine));
	TELL(irq_set_percpu_devid(virq));
	TELL(irq_set_percpu_devid(virq));
	TELL(request_irq(virq, lines_handler, 0, "lines", &cookie));
	TELL(request_percpu_irq(virq, percpu_handler, "lines", NULL));
	TELL(request_percpu_irq(virq, percpu_handler, "lines", &mine));
	pr_info("percpu_line: after the request unmasks=%lu\n", unmasks);
	smp_call_function_single(1, percpu_open, NULL, 1);
	pr_info("percpu_line: enabled here=%d unmasks=%lu\n", irq_percpu_is_enabled(virq), unmasks);
	smp_call_function_single(1, percpu_fire, NULL, 1);
	pr_info("percpu_line: CPU 0 has %d, CPU 1 has %d\n", per_cpu(mine, 0), per_cpu(mine, 1));
	free_percpu_irq(virq, &mine);
	smp_call_function_single(1, percpu_close, NULL, 1);
	free_percpu_irq(virq, &mine);
	pr_info("percpu_line: has action=%d masks=%lu\n", irq_has_action(virq), masks);
	irq_free_desc(virq);
}

static void nmi(void)
{
	TELL(request_nmi(IRQ_NOTCONNECTED, lines_handler, IRQF_PERCPU, "lines", &cookie));
	TELL(request_nmi(7, lines_handler, IRQF_SHARED | IRQF_PERCPU, "lines", &cookie));
	TELL(request_nmi(7, lines_handler, 0, "lines", &cookie));
	TELL(request_nmi(7, lines_handler, IRQF_PERCPU | IRQF_NO_AUTOEN, "lines", &cookie));
}

static int __init percpu_line_init(void)
{
	percpu();
	nmi();
	return 0;
}

static void __exit percpu_line_exit(void)
{
}

module_init(percpu_line_init);
module_exit(percpu_line_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a line that each CPU has for itself");

// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * lines: the rarer calls for a line, each with what it answers.
 *
 *   insmod lines.ko what=any|state|notifier|leave_notifier|hint|work|calls
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/version.h>

static char *what = "nothing";
module_param(what, charp, 0444);

#define TELL(call) pr_info("lines: " #call " = %d\n", (int)(call))

static int cookie, ran_on = -1, ran_in_hardirq, runs;

static irqreturn_t lines_handler(int line, void *dev_id)
{
	runs++;
	return IRQ_HANDLED;
}

static void any(void)
{
	TELL(request_any_context_irq(7, lines_handler, 0, "lines", &cookie) == IRQC_IS_HARDIRQ);
	TELL(request_any_context_irq(7, lines_handler, 0, "other", &runs));
	TELL(request_any_context_irq(IRQ_NOTCONNECTED, lines_handler, 0, "lines", &cookie));
	TELL(request_any_context_irq(4000, lines_handler, 0, "lines", &cookie));
	free_irq(7, &cookie);
}

static void state(void)
{
	bool value = true;

	TELL(irq_get_irqchip_state(4000, IRQCHIP_STATE_ACTIVE, &value));
	TELL(irq_get_irqchip_state(7, IRQCHIP_STATE_LINE_LEVEL, &value));
	TELL(irq_get_irqchip_state(7, IRQCHIP_STATE_ACTIVE, &value));
	pr_info("lines: active=%d\n", value);
	TELL(irq_set_irqchip_state(7, IRQCHIP_STATE_PENDING, true));
}

/* --- affinity --- */

static void told(struct irq_affinity_notify *notify, const struct cpumask *mask)
{
	pr_info("lines: irq %u now on CPU %u, told in %s\n", notify->irq, cpumask_first(mask),
		in_interrupt() ? "an interrupt" : "a task");
}

static void forgotten(struct kref *ref)
{
	pr_info("lines: the notifier is released\n");
}

static struct irq_affinity_notify notifier = { .notify = told, .release = forgotten };

static void notify(void)
{
	TELL(irq_set_affinity_notifier(4000, &notifier));
	TELL(request_irq(11, lines_handler, 0, "lines", &cookie));
	TELL(irq_set_affinity_notifier(11, &notifier));
	TELL(irq_set_affinity(11, cpumask_of(1)));
	msleep(10);
	TELL(irq_set_affinity_notifier(11, NULL));
	TELL(irq_set_affinity(11, cpumask_of(0)));
	msleep(10);
	free_irq(11, &cookie);
}

static void leave_notifier(void)
{
	TELL(request_irq(11, lines_handler, 0, "lines", &cookie));
	TELL(irq_set_affinity_notifier(11, &notifier));
	free_irq(11, &cookie);
}

#if LINUX_VERSION_CODE >= 0x051100
static void hint(void)
{
	TELL(request_irq(11, lines_handler, 0, "lines", &cookie));
	TELL(irq_update_affinity_hint(11, cpumask_of(1)));
	pr_info("lines: hinted alone, has CPU 0 %d\n", cpumask_test_cpu(0, irq_get_affinity_mask(11)));
	TELL(irq_set_affinity_and_hint(11, cpumask_of(1)));
	free_irq(11, &cookie);
}
#else
static void hint(void)
{
}
#endif

/* --- callbacks in interrupts, calls on CPUs --- */

static void where(struct irq_work *work)
{
	ran_on = smp_processor_id();
	ran_in_hardirq = !!in_irq();
	runs++;
}

static struct irq_work job = IRQ_WORK_INIT(where), lazy_job = IRQ_WORK_INIT_LAZY(where);

static void work(void)
{
	unsigned long flags;

	local_irq_save(flags);
	TELL(irq_work_queue(&job));
	TELL(irq_work_queue(&job));
	pr_info("lines: with interrupts off runs=%d pending=%d\n", runs, irq_work_is_pending(&job));
	local_irq_restore(flags);
	irq_work_sync(&job);
	pr_info("lines: runs=%d hardirq=%d here=%d busy=%d\n", runs, ran_in_hardirq, ran_on == raw_smp_processor_id(),
		irq_work_is_busy(&job));
	irq_work_queue(&lazy_job);
	irq_work_sync(&lazy_job);
	pr_info("lines: lazy too runs=%d hardirq=%d\n", runs, ran_in_hardirq);
}

static void note_cpu(void *unused)
{
	runs++;
	ran_on = smp_processor_id();
}

static int on_worker(void *in_task)
{
	*(int *)in_task = !in_interrupt();
	return 100 + raw_smp_processor_id();
}

static struct call_single_data csd;

static bool odd(int cpu, void *unused)
{
	return cpu & 1;
}

static void calls(void)
{
	int in_task = 0;

	TELL(smp_call_function_any(cpumask_of(2), note_cpu, NULL, 1));
	pr_info("lines: any ran on %d\n", ran_on);
	TELL(smp_call_function_single(200, note_cpu, NULL, 1));
	csd.func = note_cpu;
	TELL(smp_call_function_single_async(3, &csd));
	msleep(1);
	pr_info("lines: async ran on %d\n", ran_on);
	TELL(smp_call_on_cpu(1, on_worker, &in_task, false));
	pr_info("lines: in a task=%d\n", in_task);
	TELL(smp_call_on_cpu(200, on_worker, &in_task, false));
	runs = 0;
	on_each_cpu(note_cpu, NULL, 1);
	pr_info("lines: on each of four runs=%d\n", runs);
	on_each_cpu_cond(odd, note_cpu, NULL, 1);
	pr_info("lines: on the odd ones too runs=%d\n", runs);
}

static int __init lines_init(void)
{
	static const struct { const char *name; void (*run)(void); } all[] = {
		{ "any", any }, { "state", state }, { "notifier", notify }, { "leave_notifier", leave_notifier },
		{ "hint", hint }, { "work", work }, { "calls", calls },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!strcmp(what, all[i].name))
			all[i].run();
	return 0;
}

static void __exit lines_exit(void)
{
}

module_init(lines_init);
module_exit(lines_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("the rarer calls for a line");

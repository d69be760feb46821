// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * threaded: one line with a primary handler and a thread, each of which does what `primary` and `thread` say.
 *
 *   insmod threaded.ko [irq=7] [oneshot=1] [plain=1] primary=... thread=...
 *
 * plain: the primary handler alone, without a thread. also=N: a shared handler on another line as well.
 * Each says what it saw; rmmod tells how often each ran.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

static int irq = 7;
module_param(irq, int, 0444);
static int oneshot;
module_param(oneshot, int, 0444);
static int plain;
module_param(plain, int, 0444);
static int shared;
module_param(shared, int, 0444);
static int also;
module_param(also, int, 0444);
static char *primary = "wake";
module_param(primary, charp, 0444);
static char *thread = "handle";
module_param(thread, charp, 0444);

static int cookie;
static unsigned long primaries, threads, others;
static int *volatile nowhere;

static irqreturn_t threaded_primary(int line, void *dev_id)
{
	primaries++;
	if (!strcmp(primary, "where"))
		pr_info("threaded: handler in %s hardirq=%d irqs_off=%d\n", current->comm, !!hardirq_count(),
			!!irqs_disabled());
	else if (!strcmp(primary, "disable"))
		disable_irq(line);
	else if (!strcmp(primary, "synchronize"))
		synchronize_irq(line);
	else if (!strcmp(primary, "free"))
		free_irq(line, dev_id);
	else if (!strcmp(primary, "none"))
		return IRQ_NONE;
	else if (!strcmp(primary, "wake"))
		return IRQ_WAKE_THREAD;
	pr_info_once("threaded: primary ends\n");
	return IRQ_HANDLED;
}

static bool masked(void)
{
	return irq_get_irq_data(irq)->common->state_use_accessors >> 17 & 1;
}

static irqreturn_t threaded_thread(int line, void *dev_id)
{
	threads++;
	if (!strcmp(thread, "nothing"))
		return IRQ_NONE;
	if (!strcmp(thread, "oops"))
		*nowhere = 1;
	if (!strcmp(thread, "who"))
		pr_info("threaded: %s policy %u priority %u cpu %d\n", current->comm, current->policy,
			current->rt_priority, raw_smp_processor_id());
	if (!strcmp(thread, "again")) {
		pr_info("threaded: run %lu masked %d\n", threads, masked());
		if (threads == 1)
			irq_wake_thread(line, dev_id);
	}
	return IRQ_HANDLED;
}

static irqreturn_t threaded_other(int line, void *dev_id)
{
	others++;
	return IRQ_HANDLED;
}

static int __init threaded_init(void)
{
	int error = also ? request_irq(also, threaded_other, IRQF_SHARED, "other", &cookie) : 0;

	if (error)
		return error;
	error = request_threaded_irq(irq, threaded_primary, plain ? NULL : threaded_thread,
				     (oneshot ? IRQF_ONESHOT : 0) | (shared ? IRQF_SHARED : 0), "threaded", &cookie);
	if (error && also)
		free_irq(also, &cookie);
	return error;
}

static void __exit threaded_exit(void)
{
	if (strcmp(primary, "free"))
		free_irq(irq, &cookie);
	if (also)
		free_irq(also, &cookie);
	pr_info("threaded: %lu primaries, %lu threads, %lu others\n", primaries, threads, others);
}

module_init(threaded_init);
module_exit(threaded_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a threaded handler, well or badly behaved");

// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * waits: what the calls that wait for a handler promise, tried by writing to the parameter `end`.
 *
 *   insmod waits.ko what=handler|thread|both    a line whose handler, thread or both take long
 *   insmod waits.ko what=timer                  a timer on CPU 1 that takes long and arms itself again
 *
 * Writing frees the line, or deletes the timer, from the CPU of whoever writes.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/timer.h>

#include "overlap.h"

static char *what = "handler";
module_param(what, charp, 0444);
static int irq = 7;
module_param(irq, int, 0444);
static int oneshot;
module_param(oneshot, int, 0444);

static struct overlap seen;
static bool ended;
static struct timer_list timer;

static irqreturn_t waits_handler(int line, void *dev_id)
{
	note('p');
	if (!strcmp(what, "handler")) {
		overlap_enter(&seen);
		mdelay(3);
		overlap_leave(&seen);
		return IRQ_HANDLED;
	}
	udelay(50);
	note('P');
	return IRQ_WAKE_THREAD;
}

static irqreturn_t waits_thread(int line, void *dev_id)
{
	overlap_enter(&seen);
	note('t');
	if (seen.runs == 1)
		pr_info("waits: thread %s policy %u priority %u\n", current->comm, current->policy, current->rt_priority);
	msleep(20);
	note('T');
	overlap_leave(&seen);
	return IRQ_HANDLED;
}

static void waits_timer(struct timer_list *t)
{
	overlap_enter(&seen);
	mdelay(1);
	mod_timer(t, jiffies + 1);
	overlap_leave(&seen);
}

static bool is_timer(void) { return !strcmp(what, "timer"); }

static int end_it(const char *text, const struct kernel_param *param)
{
	int before = atomic_read(&seen.inside), runs;

	if (ended)
		return -EBUSY;
	ended = true;
	if (text[0] == 's')
		synchronize_irq(irq);
	else if (is_timer())
		del_timer_sync(&timer);
	else
		free_irq(irq, &seen);
	runs = seen.runs;
	pr_info("waits: inside %d before, %d after, order %s\n", before, atomic_read(&seen.inside), order);
	msleep(30);
	pr_info("waits: %d runs later\n", seen.runs - runs);
	if (text[0] == 's')
		free_irq(irq, &seen);
	return 0;
}
static const struct kernel_param_ops end_ops = { .set = end_it };
module_param_cb(end, &end_ops, NULL, 0200);

/* Waits until one is inside on another CPU, and ends it then. */
static int when_inside(const char *text, const struct kernel_param *param)
{
	while (!atomic_read(&seen.inside))
		cpu_relax();
	return end_it(text, param);
}
static const struct kernel_param_ops when_ops = { .set = when_inside };
module_param_cb(end_inside, &when_ops, NULL, 0200);

static int __init waits_init(void)
{
	if (is_timer()) {
		timer_setup(&timer, waits_timer, 0);
		timer.expires = jiffies + 2;
		add_timer_on(&timer, 1);
		return 0;
	}
	return request_threaded_irq(irq, waits_handler, strcmp(what, "handler") ? waits_thread : NULL,
				    oneshot ? IRQF_ONESHOT : 0, "waits", &seen);
}

static void __exit waits_exit(void)
{
	if (ended)
		return;
	if (is_timer())
		del_timer_sync(&timer);
	else
		free_irq(irq, &seen);
	pr_info("waits: order %s, at most %d\n", order, seen.most);
}

module_init(waits_init);
module_exit(waits_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("handlers that are waited for");

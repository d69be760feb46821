// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * tasklets: what softirqs and tasklets promise, tried when loaded with what=...
 *
 *   order    a task injects an interrupt whose handler schedules two tasklets
 *   nest     a tasklet scheduled within two local_bh_disable()
 *   itself   two CPUs schedule one tasklet, again and again
 *   kill     tasklet_kill() while the tasklet runs on another CPU, and once more is due
 *   disable  scheduled while disabled, twice
 *   moved    a tasklet that a task schedules with interrupts on
 *   bh_irq   local_bh_enable() in the handler
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "overlap.h"

static char *what = "order";
module_param(what, charp, 0444);
static int irq = 7;
module_param(irq, int, 0444);

static struct overlap seen;
static int long_us;
static char last_comm[TASK_COMM_LEN];

static void slow(struct tasklet_struct *t)
{
	overlap_enter(&seen);
	note('n');
	strscpy(last_comm, current->comm, sizeof(last_comm));
	udelay(long_us);
	overlap_leave(&seen);
}
static DECLARE_TASKLET(normal, slow);

static void high_function(unsigned long letter) { note((char)letter); }
static struct tasklet_struct high; /* of the old kind, by tasklet_init() */

static irqreturn_t tasklets_handler(int line, void *dev_id)
{
	note('H');
	if (!strcmp(what, "bh_irq")) {
		local_bh_disable();
		local_bh_enable();
		return IRQ_HANDLED;
	}
	tasklet_schedule(&normal);
	tasklet_hi_schedule(&high);
	tasklet_schedule(&normal); /* once is enough */
	note('h');
	return IRQ_HANDLED;
}

static int schedule_often(void *done)
{
	int i;

	for (i = 0; i < 50; i++) {
		local_bh_disable();
		tasklet_schedule(&normal);
		local_bh_enable(); /* here it runs, unless it does on the other CPU */
		udelay(7);
	}
	complete(done);
	return 0;
}

static void itself(void)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *other = kthread_create(schedule_often, &done, "other");

	long_us = 20;
	kthread_bind(other, 1);
	wake_up_process(other);
	schedule_often(&done);
	wait_for_completion(&done);
	wait_for_completion(&done);
	tasklet_kill(&normal);
	pr_info("tasklets: at most %d at a time, on CPUs %lx, %s\n", seen.most, seen.cpus,
		seen.runs > 2 ? "often" : "seldom");
}

static void schedule_there(void *unused) { tasklet_schedule(&normal); }

static void kill_it(void)
{
	long_us = 2000;
	smp_call_function_single(1, schedule_there, NULL, 0);
	while (!atomic_read(&seen.inside))
		cpu_relax();
	tasklet_schedule(&normal); /* on this CPU: waits for the one that runs there */
	tasklet_kill(&normal);
	pr_info("tasklets: after kill %d inside, %d runs, at most %d\n", atomic_read(&seen.inside), seen.runs,
		seen.most);
}

static void disabled(void)
{
	tasklet_disable(&normal);
	tasklet_disable(&normal);
	tasklet_schedule(&normal);
	msleep(20);
	tasklet_enable(&normal);
	msleep(20);
	pr_info("tasklets: disabled once still, %d runs\n", seen.runs);
	tasklet_enable(&normal);
	msleep(20);
	pr_info("tasklets: enabled, %d runs\n", seen.runs);
}

static void nested(void)
{
	local_bh_disable();
	local_bh_disable();
	tasklet_schedule(&normal);
	note('a');
	local_bh_enable();
	note('b');
	local_bh_enable();
	note('c');
	pr_info("tasklets: order %s\n", order);
}

static int on_the_line(void)
{
	int error = request_irq(irq, tasklets_handler, 0, "tasklets", &seen);

	if (error)
		return error;
	note('T');
	irq_inject_interrupt(irq);
	note('t');
	msleep(10);
	pr_info("tasklets: order %s in %s\n", order, last_comm);
	free_irq(irq, &seen);
	return 0;
}

static int __init tasklets_init(void)
{
	tasklet_init(&high, high_function, 'i');
	if (!strcmp(what, "nest"))
		nested();
	else if (!strcmp(what, "itself"))
		itself();
	else if (!strcmp(what, "kill"))
		kill_it();
	else if (!strcmp(what, "disable"))
		disabled();
	else if (!strcmp(what, "moved")) {
		tasklet_schedule(&normal);
		msleep(10);
		pr_info("tasklets: ran in %s\n", last_comm);
	} else
		return on_the_line();
	return 0;
}

static void __exit tasklets_exit(void)
{
	tasklet_kill(&normal);
	tasklet_kill(&high);
}

module_init(tasklets_init);
module_exit(tasklets_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("what softirqs and tasklets promise");

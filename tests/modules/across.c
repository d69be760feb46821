// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * across: what one CPU or task does to another one.
 *
 *   insmod across.ko what=oops_call|deaf_call|walk|parents|move|thread|spinner|timers
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *what = "nothing";
module_param(what, charp, 0444);

static struct task_struct *thread, *others[2];
static int *volatile nowhere;
static volatile int deaf, calls, ran_on[3];

static void oops_there(void *unused)
{
	*nowhere = 1;
}

static void count_call(void *unused)
{
	calls++;
}

/* Takes no interrupts until it is told to stop. */
static int deaf_thread(void *unused)
{
	unsigned long flags;

	local_irq_save(flags);
	deaf = 1;
	while (!kthread_should_stop())
		cpu_relax();
	local_irq_restore(flags);
	return 0;
}

static int sleeping_thread(void *cpu)
{
	while (!kthread_should_stop()) {
		msleep(20);
		calls++;
		*(volatile int *)cpu = smp_processor_id();
	}
	return 0;
}

static int spinning_thread(void *cpu)
{
	while (!kthread_should_stop()) {
		calls++;
		*(volatile int *)cpu = smp_processor_id();
		udelay(20);
		cond_resched();
	}
	return 0;
}

static void start(int (*function)(void *), int index)
{
	thread = kthread_create(function, (void *)&ran_on[index], "across");
	if (IS_ERR(thread)) {
		thread = NULL;
		return;
	}
	kthread_bind(thread, 1);
	wake_up_process(thread);
}

static int coarse, fine;
static struct timer_list on_the_wheel;
static struct hrtimer precise;

static void coarse_fires(struct timer_list *unused)
{
	coarse++;
}

static enum hrtimer_restart fine_fires(struct hrtimer *unused)
{
	fine++;
	return HRTIMER_NORESTART;
}

static void arm_timers(void *unused)
{
	mod_timer(&on_the_wheel, jiffies + HZ / 5);
	hrtimer_start(&precise, ms_to_ktime(200), HRTIMER_MODE_REL);
}

static void timers(void)
{
	timer_setup(&on_the_wheel, coarse_fires, 0);
	hrtimer_init(&precise, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	precise.function = fine_fires;
	smp_call_function_single(1, arm_timers, NULL, 1);
}

/* One that runs on CPU 1, one that waits for it to run there, one that sleeps. */
static void move(void)
{
	struct task_struct *task;
	int i;

	start(spinning_thread, 0);
	others[0] = thread;
	start(spinning_thread, 1);
	others[1] = thread;
	start(sleeping_thread, 2);
	msleep(50);
	for (i = 0; i < 3; i++) {
		task = i < 2 ? others[i] : thread;
		set_cpus_allowed_ptr(task, cpumask_of(2));
		msleep(50);
		pr_info("across: %s ran on %d\n", i < 2 ? "a spinner" : "the sleeper", ran_on[i]);
	}
	kthread_stop(others[0]);
	kthread_stop(others[1]);
}

/* A walk that stands on a task while it ends must still come to the list's end. */
static void walk(void)
{
	struct task_struct *task;
	int tasks = 0, slept = 0;

	for_each_process(task) {
		if (!slept && !strcmp(task->comm, "sleep")) {
			slept = 1;
			msleep(500);
		}
		if (++tasks == 10000)
			break;
	}
	pr_info("across: slept=%d ended=%d\n", slept, tasks < 10000);
}

static void parents(void)
{
	struct task_struct *task;

	for_each_process(task)
		if (!strcmp(task->comm, "sleep"))
			pr_info("across: the parent of sleep is %d\n", task->real_parent->pid);
}

static int __init across_init(void)
{
	if (!strcmp(what, "oops_call")) {
		smp_call_function_single(!smp_processor_id(), oops_there, NULL, 1);
		smp_call_function_single(!smp_processor_id(), count_call, NULL, 1);
		pr_info("across: came back, calls=%d\n", calls);
	} else if (!strcmp(what, "deaf_call")) {
		start(deaf_thread, 0);
		while (!deaf)
			msleep(1);
		smp_call_function_single(1, count_call, NULL, 1);
		pr_info("across: nobody waits for ever\n");
	} else if (!strcmp(what, "walk")) {
		walk();
	} else if (!strcmp(what, "parents")) {
		parents();
	} else if (!strcmp(what, "move")) {
		move();
	} else if (!strcmp(what, "thread")) {
		start(sleeping_thread, 0);
	} else if (!strcmp(what, "spinner")) {
		start(spinning_thread, 0);
	} else if (!strcmp(what, "timers")) {
		timers();
	}
	return 0;
}

static void __exit across_exit(void)
{
	int before = calls;

	if (!strcmp(what, "timers")) {
		pr_info("across: coarse=%d fine=%d\n", coarse, fine);
		del_timer_sync(&on_the_wheel);
		hrtimer_cancel(&precise);
	}
	if (!thread)
		return;
	msleep(100);
	pr_info("across: it ran on=%d\n", calls > before);
	kthread_stop(thread);
}

module_init(across_init);
module_exit(across_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("what one CPU or task does to another one");

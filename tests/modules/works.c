// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * works: what workqueues promise, tried when loaded with what=... Each function below says what it tries.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "overlap.h"

static char *what = "order";
module_param(what, charp, 0444);

#define COUNT 6
struct job {
	struct work_struct work;
	char letter;
	int sleep_ms;
};
static struct job job[COUNT];
static struct overlap seen;
static char last_comm[TASK_COMM_LEN];
static struct workqueue_struct *wq;

static void job_function(struct work_struct *work)
{
	struct job *j = container_of(work, struct job, work);

	overlap_enter(&seen);
	strscpy(last_comm, current->comm, sizeof(last_comm));
	note(j->letter);
	if (j->sleep_ms)
		msleep(j->sleep_ms);
	note(j->letter - 'a' + 'A');
	overlap_leave(&seen);
}

static void queue_all(struct workqueue_struct *queue, int sleep_ms)
{
	int i;

	for (i = 0; i < COUNT; i++) {
		job[i].sleep_ms = sleep_ms;
		queue_work_on(0, queue, &job[i].work);
	}
}

/* One after the other, in the order of queueing; flush_workqueue() waits for all that is queued. */
static void ordered(void)
{
	wq = alloc_ordered_workqueue("works_ordered", 0);
	queue_all(wq, 2);
	flush_workqueue(wq);
	pr_info("works: order %s, at most %d\n", order, seen.most);
}

/* flush_work() waits for its work, and for none that comes later. */
static void flush_one(void)
{
	wq = alloc_ordered_workqueue("works_flush", 0);
	queue_all(wq, 2);
	pr_info("works: flush %d\n", flush_work(&job[2].work));
	pr_info("works: order %s\n", order);
	pr_info("works: flush again %d\n", flush_work(&job[2].work));
}

static void limited(unsigned int flags, int max_active)
{
	wq = alloc_workqueue("works_limited", flags, max_active);
	queue_all(wq, 5);
	flush_workqueue(wq);
	pr_info("works: at most %d of %d\n", seen.most, seen.runs);
}

/* Queued on both CPUs while it runs: never twice at a time, and again after each run in which it was queued. */
static void itself(void)
{
	int i;

	job[0].sleep_ms = 3;
	for (i = 0; i < 60; i++) {
		queue_work_on(i % 2, system_wq, &job[0].work);
		usleep_range(1000, 1000);
	}
	flush_work(&job[0].work);
	pr_info("works: at most %d, %s\n", seen.most, seen.runs > 3 ? "often" : "seldom");
}

static struct work_struct again;
static int again_runs, again_limit;
static void again_function(struct work_struct *work)
{
	overlap_enter(&seen);
	msleep(5);
	if (++again_runs < again_limit)
		queue_work(wq, work);
	overlap_leave(&seen);
}

/* cancel_work_sync() of a work that queues itself: on return it neither runs nor waits. */
static void cancel(void)
{
	int runs;

	wq = alloc_workqueue("works_cancel", 0, 0);
	again_limit = 1000;
	queue_work(wq, &again);
	msleep(12);
	pr_info("works: inside %d\n", atomic_read(&seen.inside));
	cancel_work_sync(&again);
	pr_info("works: after cancel inside %d pending %d\n", atomic_read(&seen.inside), !!work_pending(&again));
	runs = again_runs;
	msleep(50);
	pr_info("works: later %d more\n", again_runs - runs);
	pr_info("works: cancelled again %d\n", cancel_work_sync(&again));
	pr_info("works: queued %d\n", queue_work(wq, &again));
	again_limit = 0;
	flush_work(&again);
}

/* drain_workqueue() waits for works that works queue, and lets nobody else queue one. */
static void drain(void)
{
	wq = alloc_workqueue("works_drain", 0, 0);
	again_limit = 4;
	queue_work(wq, &again);
	drain_workqueue(wq);
	pr_info("works: drained after %d\n", again_runs);
}

static DECLARE_COMPLETION(last_one);
static void waits_function(struct work_struct *work)
{
	overlap_enter(&seen);
	wait_for_completion(&last_one);
	overlap_leave(&seen);
}
static void completes_function(struct work_struct *work) { complete_all(&last_one); }

/* Works of one CPU that wait for the one that was queued last: the pool grows. */
static void grows(void)
{
	int i;

	for (i = 0; i < COUNT; i++) {
		INIT_WORK(&job[i].work, i < COUNT - 1 ? waits_function : completes_function);
		queue_work_on(0, system_wq, &job[i].work);
	}
	flush_work(&job[0].work);
	pr_info("works: %d waited at a time\n", seen.most);
}

static void spins_function(struct work_struct *work)
{
	unsigned long end = jiffies + 20;

	overlap_enter(&seen);
	while (seen.most < 2 && time_before(jiffies, end))
		cpu_relax();
	overlap_leave(&seen);
}

/* Works that never sleep: in an unbound pool both CPUs have one, in a bound one they follow each other. */
static void spins(bool unbound)
{
	wq = alloc_workqueue("works_spin", unbound ? WQ_UNBOUND : 0, 0);
	INIT_WORK(&job[0].work, spins_function);
	INIT_WORK(&job[1].work, spins_function);
	queue_work(wq, &job[0].work);
	queue_work(wq, &job[1].work);
	flush_workqueue(wq);
	pr_info("works: at most %d\n", seen.most);
}

static struct delayed_work later;
static unsigned long ran_at;
static void later_function(struct work_struct *work)
{
	overlap_enter(&seen);
	ran_at = jiffies;
	overlap_leave(&seen);
}

/* The last mod_delayed_work() counts; cancelling tells whether it waited; flushing runs it at once. */
static void delayed(void)
{
	unsigned long start = jiffies;

	pr_info("works: queued %d\n", schedule_delayed_work(&later, HZ / 10));
	pr_info("works: queued again %d\n", schedule_delayed_work(&later, 1));
	pr_info("works: modified %d\n", mod_delayed_work(system_wq, &later, HZ / 5));
	msleep(150);
	pr_info("works: %d runs before\n", seen.runs);
	msleep(150);
	pr_info("works: %d runs, in time %d\n", seen.runs, !!time_after_eq(ran_at, start + HZ / 5));
	schedule_delayed_work(&later, HZ);
	pr_info("works: cancelled %d\n", cancel_delayed_work_sync(&later));
	pr_info("works: cancelled again %d\n", cancel_delayed_work_sync(&later));
	schedule_delayed_work(&later, HZ);
	pr_info("works: flushed %d\n", flush_delayed_work(&later));
	pr_info("works: %d runs\n", seen.runs);
}

/* No thread can be made: the queue with WQ_MEM_RECLAIM has its own, the other one waits. */
static void rescue(unsigned int flags)
{
	wq = alloc_workqueue("works_rescue", flags, 0);
	job[0].sleep_ms = 300;
	queue_work_on(0, system_wq, &job[0].work); /* has the pool's only worker */
	msleep(20);
	queue_work_on(0, wq, &job[1].work);
	msleep(100);
	pr_info("works: order %s in %s\n", order, last_comm);
	flush_work(&job[0].work);
}

static void waits_for_system(struct work_struct *work) { flush_work(&job[1].work); }

/* A queue that frees memory waits for one that may need some. */
static void dependency(void)
{
	wq = alloc_workqueue("works_reclaim", WQ_MEM_RECLAIM, 0);
	job[1].sleep_ms = 5;
	INIT_WORK(&job[0].work, waits_for_system);
	schedule_work(&job[1].work);
	queue_work(wq, &job[0].work);
	flush_work(&job[0].work);
}

static void say_where(const char *name, struct workqueue_struct *queue, int cpu)
{
	queue_work_on(cpu, queue, &job[0].work);
	flush_work(&job[0].work);
	pr_info("works: %s on %d in %s\n", name, cpu, last_comm);
}

/* Whose worker runs a work of each of the system's queues. */
static void of_system(void)
{
	say_where("system", system_wq, 0);
	say_where("system", system_wq, 1);
	say_where("highpri", system_highpri_wq, 1);
	say_where("long", system_long_wq, 0);
	say_where("freezable", system_freezable_wq, 0);
	say_where("power efficient", system_power_efficient_wq, 0);
	say_where("freezable power efficient", system_freezable_power_efficient_wq, 0);
	say_where("unbound", system_unbound_wq, 0);
}

static int __init works_init(void)
{
	int i;

	for (i = 0; i < COUNT; i++) {
		INIT_WORK(&job[i].work, job_function);
		job[i].letter = (char)('a' + i);
	}
	INIT_WORK(&again, again_function);
	INIT_DELAYED_WORK(&later, later_function);
	if (!strcmp(what, "flush"))
		flush_one();
	else if (!strcmp(what, "two"))
		limited(WQ_UNBOUND, 2);
	else if (!strcmp(what, "three_bound"))
		limited(0, 3);
	else if (!strcmp(what, "too_many"))
		limited(0, 1000);
	else if (!strcmp(what, "itself"))
		itself();
	else if (!strcmp(what, "cancel"))
		cancel();
	else if (!strcmp(what, "drain"))
		drain();
	else if (!strcmp(what, "grows"))
		grows();
	else if (!strcmp(what, "spins"))
		spins(false);
	else if (!strcmp(what, "spins_unbound"))
		spins(true);
	else if (!strcmp(what, "delayed"))
		delayed();
	else if (!strcmp(what, "rescue"))
		rescue(WQ_MEM_RECLAIM);
	else if (!strcmp(what, "no_rescue"))
		rescue(0);
	else if (!strcmp(what, "system"))
		of_system();
	else if (!strcmp(what, "dependency"))
		dependency();
	else
		ordered();
	return 0;
}

static void __exit works_exit(void)
{
	if (wq)
		destroy_workqueue(wq);
}

module_init(works_init);
module_exit(works_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("what workqueues promise");

// SPDX-License-Identifier: MIT OR GPL-2.0
/* work: workqueues. [LX core-api/workqueue]. */
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/workqueue.h>
#include "api.h"

static int ran, ran_on = -1, running, most_running;
static unsigned long ran_at;

static void count(struct work_struct *work)
{
	expect(!in_interrupt() && (current->flags & PF_WQ_WORKER));
	ran++;
	ran_on = raw_smp_processor_id();
	ran_at = jiffies;
}

static void slow(struct work_struct *work)
{
	if (++running > most_running)
		most_running = running;
	msleep(20);
	running--;
	ran++;
}

static DECLARE_WORK(declared, count);
static DECLARE_DELAYED_WORK(declared_later, count);
static struct work_struct slow_one, slow_two;
static struct delayed_work later;

static void on_the_systems(void)
{
	expect(schedule_work(&declared));
	flush_work(&declared);
	expect(ran == 1);
	expect(schedule_work_on(1, &declared));
	flush_work(&declared);
	expect(ran == 2 && ran_on == 1);
	/* what is queued already is not queued twice */
	INIT_WORK(&slow_one, slow);
	preempt_disable();
	expect(schedule_work_on(smp_processor_id(), &slow_one));
	expect(!schedule_work_on(smp_processor_id(), &slow_one));
	preempt_enable();
	expect(flush_work(&slow_one) && ran == 3);
	expect(!flush_work(&slow_one)); /* it was idle */
	schedule_work(&slow_one);
	cancel_work_sync(&slow_one);
	expect(running == 0);
	ran = 3;
	schedule_work(&slow_one);
	flush_scheduled_work();
	expect(ran == 4);
}

static void delayed(void)
{
	unsigned long before = jiffies;

	ran = 0;
	INIT_DELAYED_WORK(&later, count);
	expect(schedule_delayed_work(&later, 10) && !schedule_delayed_work(&later, 1));
	msleep(20);
	expect(ran == 0);
	msleep(100);
	expect(ran == 1 && ran_at - before >= 10);
	schedule_delayed_work(&later, 10);
	expect(cancel_delayed_work(&later) && !cancel_delayed_work(&later));
	schedule_delayed_work(&declared_later, 10);
	expect(cancel_delayed_work_sync(&declared_later) && !cancel_delayed_work_sync(&declared_later));
	msleep(100);
	expect(ran == 1);
}

/* Two slow ones at once on this queue: how many run together? */
static int together(struct workqueue_struct *wq)
{
	most_running = 0;
	ran = 0;
	if (!wq)
		return -1;
	INIT_WORK(&slow_one, slow);
	INIT_WORK(&slow_two, slow);
	expect(queue_work(wq, &slow_one) && queue_work(wq, &slow_two));
	flush_workqueue(wq);
	expect(ran == 2 && running == 0);
	return most_running;
}

static void own_queues(void)
{
	struct workqueue_struct *single = create_singlethread_workqueue("api_single");
	struct workqueue_struct *plain = create_workqueue("api_plain");
	struct workqueue_struct *unbound = alloc_workqueue("api_%s", WQ_UNBOUND | WQ_HIGHPRI, 0, "unbound");

	expect(together(single) == 1);
	expect(together(plain) >= 1);
	expect(together(unbound) == 2);
	ran = 0;
	expect(queue_delayed_work(unbound, &later, 5));
	msleep(50);
	expect(ran == 1);
	queue_work(single, &slow_one);
	destroy_workqueue(single); /* what is queued is done first */
	expect(ran == 2);
	destroy_workqueue(plain);
	destroy_workqueue(unbound);
}

static int __init work_init(void)
{
	on_the_systems();
	delayed();
	own_queues();
	return api_answer("workqueues");
}

static void __exit work_exit(void)
{
}

module_init(work_init);
module_exit(work_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("workqueues");

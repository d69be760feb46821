// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * left_behind: unloads and leaves something behind that will call into it: what=timer|work|tasklet. With
 * tidy=1 it takes it back first.
 */
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

static char *what = "timer";
module_param(what, charp, 0444);
static bool tidy;
module_param(tidy, bool, 0444);

static int calls;

static void left_timer_fn(struct timer_list *timer)
{
	calls++;
}
static DEFINE_TIMER(left_timer, left_timer_fn);

static void left_work_fn(struct work_struct *work)
{
	calls++;
}
static DECLARE_DELAYED_WORK(left_work, left_work_fn);

static void left_tasklet_fn(struct tasklet_struct *tasklet)
{
	calls++;
}
/* Disabled: it is scheduled, and does not run before it is enabled. */
static DECLARE_TASKLET_DISABLED(left_tasklet, left_tasklet_fn);

static int __init left_behind_init(void)
{
	if (!strcmp(what, "timer"))
		mod_timer(&left_timer, jiffies + HZ / 10);
	else if (!strcmp(what, "work"))
		schedule_delayed_work(&left_work, HZ / 10);
	else
		tasklet_schedule(&left_tasklet);
	return 0;
}

static void __exit left_behind_exit(void)
{
	if (tidy) {
		del_timer_sync(&left_timer);
		cancel_delayed_work_sync(&left_work);
		tasklet_enable(&left_tasklet);
		tasklet_kill(&left_tasklet);
	}
	pr_info("left_behind: goes\n");
}

module_init(left_behind_init);
module_exit(left_behind_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("what a module leaves behind");

// SPDX-License-Identifier: MIT OR GPL-2.0
/* late_timer: its timer's callback, a hrtimer's with hr=1, goes wrong; its exit waits for the callback's end. */
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/timer.h>

static bool hr;
module_param(hr, bool, 0);

static int *nothing;
static struct hrtimer high;

static void callback(struct timer_list *timer)
{
	*nothing = 1;
}
static DEFINE_TIMER(timer, callback);

static enum hrtimer_restart high_callback(struct hrtimer *timer)
{
	*nothing = 1;
	return HRTIMER_NORESTART;
}

static int __init late_timer_init(void)
{
	hrtimer_init(&high, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	high.function = high_callback;
	if (hr)
		hrtimer_start(&high, ms_to_ktime(10), HRTIMER_MODE_REL);
	else
		mod_timer(&timer, jiffies + 2);
	return 0;
}

static void __exit late_timer_exit(void)
{
	pr_info("late_timer: pending %d, active %d\n", del_timer_sync(&timer), hrtimer_cancel(&high));
}

module_init(late_timer_init);
module_exit(late_timer_exit);
MODULE_LICENSE("Dual MIT/GPL");

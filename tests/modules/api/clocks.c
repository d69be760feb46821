// SPDX-License-Identifier: MIT OR GPL-2.0
/* clocks: reading the time and letting it pass. [LX core-api/timekeeping], [LX timers/timers-howto]. */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include "api.h"

static void conversions(void)
{
	struct timespec64 time = { .tv_sec = 2, .tv_nsec = 500 };

	expect(msecs_to_jiffies(1000) == HZ && msecs_to_jiffies(0) == 0);
	expect(msecs_to_jiffies(1) == 1 && msecs_to_jiffies(5) == 2); /* rounded up: a jiffy is 4 ms */
	expect(ktime_set(3, 7) == 3000000007LL);
	expect(ktime_to_ns(timespec64_to_ktime(time)) == 2000000500LL);
	expect(time_before(ULONG_MAX, 3UL)); /* across the end of the counter */
	expect(!time_before(3UL, 3UL) && time_before(2UL, 3UL));
}

static s64 passed(ktime_t since)
{
	return ktime_to_us(ktime_sub(ktime_get(), since));
}

static void delays(void)
{
	ktime_t start = ktime_get();
	unsigned long before = jiffies;
	u64 wide = get_jiffies_64();

	udelay(50);
	expect(passed(start) >= 50 && passed(start) < 4000);
	start = ktime_get();
	mdelay(9);
	expect(passed(start) >= 9000);
	expect(jiffies - before >= 2); /* the tick comes while a driver spins */
	expect(get_jiffies_64() - wide == jiffies - before);
	/* a sleep never ends early, and ends at a tick */
	start = ktime_get();
	msleep(20);
	expect(passed(start) >= 20000 && passed(start) < 40000);
	start = ktime_get();
	before = jiffies;
	ssleep(2);
	expect(passed(start) >= 2000000 && jiffies - before >= 2 * HZ);
	expect(time_before(before, jiffies));
}

static void timeouts(void)
{
	unsigned long before = jiffies;

	set_current_state(TASK_UNINTERRUPTIBLE);
	expect(schedule_timeout(3) == 0 && jiffies - before >= 3);
	/* a task that runs does not sleep: it only gives way */
	before = jiffies;
	set_current_state(TASK_RUNNING);
	expect(schedule_timeout(100) > 95 && jiffies - before < 5);
	set_current_state(TASK_INTERRUPTIBLE);
	expect(schedule_timeout(2) == 0 && !signal_pending(current));
}

static void of_day(void)
{
	struct timespec64 first, second;

	ktime_get_real_ts64(&first);
	msleep(10);
	ktime_get_real_ts64(&second);
	expect(first.tv_sec > 1600000000 && first.tv_nsec >= 0 && first.tv_nsec < NSEC_PER_SEC);
	expect(timespec64_to_ns(&second) - timespec64_to_ns(&first) >= 10 * NSEC_PER_MSEC);
	expect(ktime_get_real_seconds() == second.tv_sec || ktime_get_real_seconds() == second.tv_sec + 1);
}

#if !SINCE(5, 6)
/* The types of 32 bits' time, which left in 5.6. */
static void old_types(void)
{
	struct timespec spec = { .tv_sec = 1, .tv_nsec = 999999999 };
	struct timeval value = { .tv_sec = 3, .tv_usec = 999999 };

	expect(timespec_to_ns(&spec) == 1999999999LL);
	expect(timeval_to_ns(&value) == 3999999000LL);
	getnstimeofday(&spec);
	expect(spec.tv_sec > 1600000000 && spec.tv_nsec < NSEC_PER_SEC);
}
#else
static void old_types(void)
{
}
#endif

static int __init clocks_init(void)
{
	conversions();
	delays();
	timeouts();
	of_day();
	old_types();
	return api_answer("clocks");
}

static void __exit clocks_exit(void)
{
}

module_init(clocks_init);
module_exit(clocks_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("clocks");

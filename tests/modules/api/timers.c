// SPDX-License-Identifier: MIT OR GPL-2.0
/* timers: those on the tick and those of high resolution. [LX driver-api/basics] "Time and timer routines",
 * "High-resolution timers". */
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/timer.h>
#include "api.h"

struct gadget {
	int fired;
	unsigned long fired_at;
	struct timer_list timer;
};

static struct gadget gadget;
static int declared_fired, rounds;

static void gadget_fires(struct timer_list *timer)
{
	struct gadget *self = from_timer(self, timer, timer);

	self->fired++;
	self->fired_at = jiffies;
	expect(in_softirq() && in_interrupt() && !irqs_disabled());
}

static void declared_fires(struct timer_list *timer)
{
	declared_fired++;
	if (++rounds < 3)
		mod_timer(timer, jiffies + 2); /* a timer may start itself again */
}

static DEFINE_TIMER(declared, declared_fires);

static void on_the_tick(void)
{
	unsigned long due = jiffies + 5;

	timer_setup(&gadget.timer, gadget_fires, 0);
	expect(!timer_pending(&gadget.timer));
	gadget.timer.expires = due;
	add_timer(&gadget.timer);
	expect(timer_pending(&gadget.timer));
	expect(mod_timer(&gadget.timer, due + 5) == 1); /* it was active */
	msleep(100);
	expect(gadget.fired == 1 && !time_before(gadget.fired_at, due + 5) && !timer_pending(&gadget.timer));
	expect(mod_timer(&gadget.timer, jiffies + 5) == 0); /* it was not */
	expect(del_timer(&gadget.timer) == 1 && del_timer(&gadget.timer) == 0);
	mod_timer(&gadget.timer, jiffies + 5);
	expect(del_timer_sync(&gadget.timer) == 1 && del_timer_sync(&gadget.timer) == 0);
	msleep(50);
	expect(gadget.fired == 1);
	mod_timer(&declared, jiffies + 1);
	msleep(100);
	expect(declared_fired == 3);
}

static struct hrtimer precise, periodic, absolute;
static ktime_t precise_due, absolute_due;
static int precise_fired, periodic_fired, absolute_fired;
static u64 overruns;

static enum hrtimer_restart precise_fires(struct hrtimer *timer)
{
	precise_fired++;
	expect(in_irq() && irqs_disabled());
	expect(ktime_get() >= precise_due && ktime_get() - precise_due < NSEC_PER_MSEC);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart periodic_fires(struct hrtimer *timer)
{
	overruns += hrtimer_forward_now(timer, ktime_set(0, NSEC_PER_MSEC));
	return ++periodic_fired < 10 ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static enum hrtimer_restart absolute_fires(struct hrtimer *timer)
{
	absolute_fired++;
	expect(ktime_get() >= absolute_due);
	return HRTIMER_NORESTART;
}

static void start_precise(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
			  enum hrtimer_mode mode)
{
	hrtimer_init(timer, CLOCK_MONOTONIC, mode);
	timer->function = function;
}

static void high_resolution(void)
{
	start_precise(&precise, precise_fires, HRTIMER_MODE_REL);
	precise_due = ktime_get() + 300 * NSEC_PER_USEC;
	hrtimer_start(&precise, ktime_set(0, 300 * NSEC_PER_USEC), HRTIMER_MODE_REL);
	expect(hrtimer_active(&precise));
	start_precise(&periodic, periodic_fires, HRTIMER_MODE_REL);
	hrtimer_start(&periodic, ktime_set(0, NSEC_PER_MSEC), HRTIMER_MODE_REL);
	start_precise(&absolute, absolute_fires, HRTIMER_MODE_ABS);
	absolute_due = ktime_get() + 5 * NSEC_PER_MSEC;
	hrtimer_start(&absolute, absolute_due, HRTIMER_MODE_ABS);
	msleep(50);
	expect(precise_fired == 1 && !hrtimer_active(&precise));
	expect(periodic_fired == 10 && overruns >= 10);
	expect(absolute_fired == 1);
	hrtimer_start(&precise, ktime_set(1, 0), HRTIMER_MODE_REL);
	expect(hrtimer_cancel(&precise) == 1 && hrtimer_cancel(&precise) == 0);
	expect(precise_fired == 1);
}

static int __init timers_init(void)
{
	on_the_tick();
	high_resolution();
	return api_answer("timers");
}

static void __exit timers_exit(void)
{
}

module_init(timers_init);
module_exit(timers_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("timers");

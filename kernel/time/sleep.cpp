// Waiting for time: asleep (schedule_timeout, msleep, usleep_range) and in place (udelay). [LX
// timers/timers-howto]
#include <climits>

#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"

namespace irqlab::abi {

using namespace kernel;

namespace {

/// Sleeps in `state` and says in what, for reports of tasks that hang.
template <class Sleep> auto sleep_in(unsigned state, const char* where, Sleep sleep)
{
    Task& me = current_task();
    me.waits_in = where;
    set_state(me, state);
    const auto result = sleep();
    me.waits_in = "";
    return result;
}

long sleep_jiffies(unsigned state, const char* where, long timeout)
{
    return sleep_in(state, where, [=] { return schedule_timeout(timeout); });
}

} // namespace

long schedule_timeout(long timeout)
{
    Kernel& k = kernel::kernel();
    if (timeout == MAX_SCHEDULE_TIMEOUT) {
        kernel::schedule();
        return timeout;
    }
    if (timeout < 0) {
        _printk("\0013schedule_timeout: wrong timeout value %lx\n", static_cast<unsigned long>(timeout));
        dump_stack();
        set_state(current_task(), task_running);
        return 0;
    }
    const unsigned long expires = kernel::jiffies(k) + static_cast<unsigned long>(timeout);
    unsigned level = 0;
    schedule_until(jiffy_ns(wheel_bucket(expires, k.time->jiffies, level)));
    const auto left = static_cast<long>(expires - kernel::jiffies(k));
    return left < 0 ? 0 : left;
}

long schedule_timeout_interruptible(long t)
{
    return sleep_jiffies(TASK_INTERRUPTIBLE, "schedule_timeout", t);
}
long schedule_timeout_killable(long t) { return sleep_jiffies(TASK_KILLABLE, "schedule_timeout", t); }
long schedule_timeout_uninterruptible(long t)
{
    return sleep_jiffies(TASK_UNINTERRUPTIBLE, "schedule_timeout", t);
}
long schedule_timeout_idle(long t) { return sleep_jiffies(TASK_IDLE, "schedule_timeout", t); }
long io_schedule_timeout(long timeout) { return schedule_timeout(timeout); }

// A timer is late by up to `delta` when nothing else wakes the CPU in between.
int schedule_hrtimeout_range(ktime_t* expires, u64 delta, const enum hrtimer_mode mode)
{
    if (expires && *expires == 0 && (mode & HRTIMER_MODE_REL) == 0) {
        set_state(current_task(), task_running);
        return 0;
    }
    if (!expires) {
        kernel::schedule();
        return -EINTR;
    }
    const u64 from = (mode & HRTIMER_MODE_REL) != 0 ? now_ns(this_cpu()) : 0;
    const bool up = schedule_until(from + static_cast<u64>(*expires) + delta);
    set_state(current_task(), task_running);
    return up ? 0 : -EINTR;
}

int schedule_hrtimeout(ktime_t* expires, const enum hrtimer_mode mode)
{
    return schedule_hrtimeout_range(expires, 0, mode);
}

void msleep(unsigned int ms)
{
    long left = static_cast<long>(__msecs_to_jiffies(ms)) + 1;
    while (left != 0)
        left = sleep_jiffies(TASK_UNINTERRUPTIBLE, "msleep", left);
}

unsigned long msleep_interruptible(unsigned int ms)
{
    long left = static_cast<long>(__msecs_to_jiffies(ms)) + 1;
    while (left != 0 && !signal_pending(current_task()))
        left = sleep_jiffies(TASK_INTERRUPTIBLE, "msleep_interruptible", left);
    return jiffies_to_msecs(static_cast<unsigned long>(left));
}

void usleep_range_state(unsigned long min_us, unsigned long max_us, unsigned int state)
{
    const u64 delta = max_us > min_us ? (max_us - min_us) * 1000 : 0;
    const u64 deadline = now_ns(this_cpu()) + min_us * 1000 + delta;
    while (now_ns(this_cpu()) < deadline) {
        if (signal_ends(current_task(), state))
            break;
        sleep_in(state, "usleep_range", [=] { return schedule_until(deadline); });
    }
}

void usleep_range(unsigned long min_us, unsigned long max_us)
{
    usleep_range_state(min_us, max_us, TASK_UNINTERRUPTIBLE);
}

void __ndelay(unsigned long ns) { sched_spend(kernel::kernel(), ns); }
void __udelay(unsigned long us) { sched_spend(kernel::kernel(), us * 1000); }
// xloops: microseconds * 2^32 / 10^6, as Linux's udelay(constant) passes them.
void __const_udelay(unsigned long xloops)
{
    sched_spend(kernel::kernel(), xloops / 4295 * 1000 + xloops % 4295 * 1000 / 4295);
}
void __delay(unsigned long loops)
{
    sched_spend(kernel::kernel(),
                loops / kernel::tsc_khz * 1'000'000 + loops % kernel::tsc_khz * 1'000'000 / kernel::tsc_khz);
}

} // namespace irqlab::abi

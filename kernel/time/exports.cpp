// What of this folder modules may call.
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/time/timekeeping.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {
void* jiffies_of(Kernel& k) { return &k.time->jiffies; }
void* jiffies_64_of(Kernel& k) { return &k.time->jiffies; }
void* cpu_khz_of(Kernel& k) { return &k.time->khz; }
void* tsc_khz_of(Kernel& k) { return &k.time->khz; }
void* loops_per_jiffy_of(Kernel& k) { return &k.time->loops; }
void* hrtimer_resolution_of(Kernel& k) { return &k.time->resolution_ns; }
} // namespace

extern const Export time_exports[] = {
    EXPORT(__const_udelay),
    EXPORT(__delay),
    EXPORT_GPL(__hrtimer_get_remaining),
    EXPORT(__lab_hrtimer_callback_running),
    EXPORT(__lab_rdtsc),
    EXPORT(__msecs_to_jiffies),
    EXPORT(__ndelay),
    EXPORT(__udelay),
    EXPORT(__usecs_to_jiffies),
    EXPORT(add_timer),
    EXPORT_GPL(add_timer_on),
    {"del_timer", reinterpret_cast<const void*>(&abi::del_timer), false, Release::v5_4, Release::v6_1},
    {"del_timer_sync", reinterpret_cast<const void*>(&abi::del_timer_sync), false, Release::v5_4,
     Release::v6_1},
    EXPORT(destroy_timer_on_stack),
    EXPORT(get_jiffies_64),
    EXPORT_GPL(hrtimer_active),
    EXPORT_GPL(hrtimer_cancel),
    EXPORT_GPL(hrtimer_forward),
    EXPORT_GPL(hrtimer_init),
    {"hrtimer_setup", reinterpret_cast<const void*>(&abi::hrtimer_setup), true, Release::v6_12,
     Release::v6_12},
    EXPORT_GPL(hrtimer_start_range_ns),
    EXPORT_GPL(hrtimer_try_to_cancel),
    EXPORT(init_timer_key),
    EXPORT(init_timer_on_stack_key),
    EXPORT(io_schedule_timeout),
    EXPORT(jiffies_to_clock_t),
    EXPORT(jiffies_to_msecs),
    EXPORT(jiffies_to_timespec64),
    EXPORT(jiffies_to_usecs),
    EXPORT_GPL(ktime_get),
    EXPORT_GPL(ktime_get_boot_fast_ns),
    EXPORT(ktime_get_coarse_real_ts64),
    EXPORT(ktime_get_coarse_ts64),
    EXPORT_GPL(ktime_get_mono_fast_ns),
    EXPORT_GPL(ktime_get_raw),
    EXPORT_GPL(ktime_get_raw_fast_ns),
    EXPORT(ktime_get_raw_ts64),
    EXPORT_GPL(ktime_get_real_fast_ns),
    EXPORT_GPL(ktime_get_real_seconds),
    EXPORT(ktime_get_real_ts64),
    EXPORT_GPL(ktime_get_seconds),
    EXPORT_GPL(ktime_get_ts64),
    EXPORT_GPL(ktime_get_with_offset),
    EXPORT_GPL(local_clock),
    EXPORT(mktime64),
    EXPORT(mod_timer),
    EXPORT(mod_timer_pending),
    EXPORT(msleep),
    EXPORT(msleep_interruptible),
    EXPORT(ns_to_timespec64),
    EXPORT_GPL(nsecs_to_jiffies),
    EXPORT(nsecs_to_jiffies64),
    EXPORT_GPL(round_jiffies),
    EXPORT_GPL(round_jiffies_relative),
    EXPORT_GPL(sched_clock),
    EXPORT_GPL(schedule_hrtimeout),
    EXPORT_GPL(schedule_hrtimeout_range),
    EXPORT(schedule_timeout),
    EXPORT(schedule_timeout_idle),
    EXPORT(schedule_timeout_interruptible),
    EXPORT(schedule_timeout_killable),
    EXPORT(schedule_timeout_uninterruptible),
    EXPORT(time64_to_tm),
    EXPORT(__lab_timer_delete),
    {"timer_delete_sync", reinterpret_cast<const void*>(&abi::timer_delete_sync), false, Release::v6_6,
     Release::v6_12},
    EXPORT(timer_reduce),
    {"timer_shutdown", reinterpret_cast<const void*>(&abi::timer_shutdown), true, Release::v6_6,
     Release::v6_12},
    {"timer_shutdown_sync", reinterpret_cast<const void*>(&abi::timer_shutdown_sync), false, Release::v6_6,
     Release::v6_12},
    EXPORT(try_to_del_timer_sync),
    {"usleep_range", reinterpret_cast<const void*>(&abi::usleep_range), false, Release::v5_4, Release::v5_15},
    {"usleep_range_state", reinterpret_cast<const void*>(&abi::usleep_range_state), false, Release::v6_1,
     Release::v6_12},
    {"jiffies", nullptr, false, Release::v5_4, Release::v6_12, jiffies_of},
    {"jiffies_64", nullptr, false, Release::v5_4, Release::v6_12, jiffies_64_of},
    {"cpu_khz", nullptr, false, Release::v5_4, Release::v6_12, cpu_khz_of},
    {"tsc_khz", nullptr, false, Release::v5_4, Release::v6_12, tsc_khz_of},
    {"loops_per_jiffy", nullptr, false, Release::v5_4, Release::v6_12, loops_per_jiffy_of},
    {"hrtimer_resolution", nullptr, true, Release::v5_4, Release::v6_12, hrtimer_resolution_of},
};
extern const std::size_t time_exports_count = std::size(time_exports);

} // namespace irqlab::kernel

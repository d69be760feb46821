// Clocks: monotonic, real, raw, coarse; the TSC. [LX core-api/timekeeping]
#include "kernel/time/timekeeping.hpp"

#include <algorithm>

#include "hw/irq/lapic_timer.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

namespace {

constexpr i64 clock_read_ns = 20; // RDTSC and the arithmetic around it

void timer_softirq(abi::softirq_action*) { run_timer_softirq(kernel()); }

void hrtimer_softirq(abi::softirq_action*)
{
    Kernel& k = kernel();
    CpuTimers& t = timers_here(k);
    run_hrtimers(k, t, t.soft, now_ns(*k.this_cpu));
    program_timer(k, t);
}

} // namespace

void spend_clock_read(Kernel& k)
{
    access_budget.left -= clock_read_ns / static_cast<i64>(access_ns);
    step_if_due(k);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

namespace {

constexpr s64 ns_per_s = 1'000'000'000;

/// The clock as a driver reads it: reading takes time.
s64 read_clock()
{
    Kernel& k = kernel::kernel();
    spend_clock_read(k);
    return static_cast<s64>(now_ns(*k.this_cpu));
}

s64 coarse() { return static_cast<s64>(now_ns(this_cpu()) / kernel::tick_ns * kernel::tick_ns); }
s64 real_offset() { return kernel::kernel().time->real_offset_ns; }
s64 get_monotonic() { return read_clock(); }
s64 get_real() { return read_clock() + real_offset(); }

timespec64 split(s64 ns)
{
    s64 seconds = ns / ns_per_s;
    s64 rest = ns % ns_per_s;
    if (rest < 0) {
        rest += ns_per_s;
        --seconds;
    }
    return {seconds, static_cast<long>(rest)};
}

} // namespace

ktime_t ktime_get(void) { return read_clock(); }
ktime_t ktime_get_raw(void) { return read_clock(); }
ktime_t ktime_get_with_offset(int offset) { return read_clock() + (offset == 1 ? 0 : real_offset()); }
u64 ktime_get_mono_fast_ns(void) { return static_cast<u64>(read_clock()); }
u64 ktime_get_boot_fast_ns(void) { return static_cast<u64>(read_clock()); }
u64 ktime_get_raw_fast_ns(void) { return static_cast<u64>(read_clock()); }
u64 ktime_get_real_fast_ns(void) { return static_cast<u64>(get_real()); }
time64_t ktime_get_seconds(void) { return read_clock() / ns_per_s; }
time64_t ktime_get_real_seconds(void) { return get_real() / ns_per_s; }
void ktime_get_ts64(struct timespec64* ts) { *ts = split(read_clock()); }
void ktime_get_raw_ts64(struct timespec64* ts) { *ts = split(read_clock()); }
void ktime_get_real_ts64(struct timespec64* ts) { *ts = split(get_real()); }
void ktime_get_coarse_ts64(struct timespec64* ts) { *ts = split(coarse()); }
void ktime_get_coarse_real_ts64(struct timespec64* ts) { *ts = split(coarse() + real_offset()); }
u64 sched_clock(void) { return static_cast<u64>(read_clock()); }
u64 local_clock(void) { return static_cast<u64>(read_clock()); }
struct timespec64 ns_to_timespec64(s64 ns) { return split(ns); }

u64 __lab_rdtsc(void) { return hw::tsc_at(static_cast<u64>(read_clock())); }

} // namespace irqlab::abi

namespace irqlab::kernel {

void time_init(Kernel& k)
{
    Timekeeping& t = *k.arena.make<Timekeeping>();
    k.time = &t;
    t.real_offset_ns = k.config.boot_time_s * 1'000'000'000;
    t.cpus = static_cast<CpuTimers**>(k.arena.take(k.cpu_count * sizeof(CpuTimers*)));
    for (unsigned i = 0; i < k.cpu_count; ++i) {
        t.cpus[i] = k.arena.make<CpuTimers>(k.arena);
        t.cpus[i]->cpu = i;
        t.cpus[i]->clk = initial_jiffies;
    }
    t.bases[0] = {0, 1, abi::get_monotonic, 0, nullptr};
    t.bases[1] = {1, 0, abi::get_real, t.real_offset_ns, nullptr};
    t.bases[2] = {2, 7, abi::get_monotonic, 0, nullptr};
    t.bases[3] = {3, 11, abi::get_real, t.real_offset_ns, nullptr};
    abi::open_softirq(abi::TIMER_SOFTIRQ, timer_softirq);
    abi::open_softirq(abi::HRTIMER_SOFTIRQ, hrtimer_softirq);
}

} // namespace irqlab::kernel

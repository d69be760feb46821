// Time as the kernel sees it: the tick, high-resolution timers, the timer wheel, clocks.
//
// Each CPU has its own timers and programs its local APIC timer for whichever is due next. While a CPU is
// idle its tick stops; without a local APIC the 8254 ticks for ever and timers have the resolution of the
// tick. Virtual time is CLOCK_MONOTONIC; the World's birth is the boot. [LX timers/highres], [LX
// timers/no_hz]
#pragma once
#include "hw/irq/lapic.hpp"
#include "kernel/time/tick.hpp"
#include "linux/abi/time.h"
#include "sim/event_queue.hpp"

namespace irqlab::kernel {

struct Task;

inline constexpr u64 tick_ns = 1'000'000'000 / abi::IRQLAB_HZ;
inline constexpr unsigned long initial_jiffies = 0xffffffff - 300ul * abi::IRQLAB_HZ + 1;
inline constexpr unsigned tsc_khz = hw::tsc_hz / 1000;

struct CpuTimers;

/// An armed hrtimer. Kept apart from the driver's struct, which may be freed while it is armed.
struct HrNode {
    sim::Timed timed; // first
    abi::hrtimer* timer;
    CpuTimers* home;
    bool soft;
    HrNode* next_free;
};

/// An armed timer_list.
struct WheelNode {
    WheelNode *next, **at; // in its bucket
    abi::timer_list* timer;
    CpuTimers* home;
    unsigned bucket; // of Wheel::bucket; Wheel::none while its bucket is being run
};

/// Linux's timer wheel: levels of 64 buckets, each level 8 times as coarse as the one before. Adding, deleting and
/// finding what runs next cost the same however many timers there are.
struct Wheel {
    static constexpr unsigned levels = 9, level_bits = 3, buckets = 64, none = ~0u;
    struct Bucket {
        WheelNode* first;   // the youngest
        unsigned long runs; // the jiffy at which it runs
    };
    Bucket bucket[levels * buckets];
    u64 filled[levels]; // a bit for each bucket that is not empty
    WheelNode* expired; // what runs now, in this order
    bool any;
    unsigned long next; // if there are any: the jiffy at which the first bucket runs
};

struct CpuTimers {
    explicit CpuTimers(std::pmr::memory_resource& memory) : hard(memory), soft(memory), tasks(memory) {}

    sim::EventQueue hard, soft, tasks;
    const abi::hrtimer* running_hrtimer = nullptr;
    const abi::timer_list* running_timer = nullptr;
    Wheel* wheel = nullptr;           // made with the first timer
    unsigned long clk = 0;            // the wheel was run up to this jiffy, exclusive
    u64 next_tick_ns = sim::never_ns; // never: stopped
    u64 programmed_ns = sim::never_ns;
    unsigned cpu = 0;

    bool wheel_due(unsigned long jiffy) const
    {
        return wheel && wheel->any && static_cast<long>(jiffy - wheel->next) >= 0;
    }
};

struct Timekeeping {
    unsigned long jiffies = initial_jiffies;
    i64 real_offset_ns = 0;
    CpuTimers** cpus = nullptr;
    abi::hrtimer_clock_base bases[4]; // monotonic, realtime, boottime, TAI
    HrNode* free_nodes = nullptr;
    WheelNode* free_wheel = nullptr;
    std::ptrdiff_t task_timer_offset = 0;                    // of Task::timer
    unsigned int khz = tsc_khz;                              // cpu_khz and tsc_khz
    unsigned int resolution_ns = 1;                          // hrtimer_resolution
    unsigned long loops = tsc_khz * 1000ul / abi::IRQLAB_HZ; // loops_per_jiffy
};

/// Makes k.time and opens the timers' softirqs: after bh_init(). The local APIC timers are the boot code's.
void time_init(Kernel& k);

/// When jiffies becomes `j`.
u64 jiffy_ns(unsigned long j);
/// The jiffy at which Linux's wheel runs a timer of `expires` that is added at `clk`; `level` of the wheel.
unsigned long wheel_bucket(unsigned long expires, unsigned long clk, unsigned& level);
/// Work has appeared that needs the tick (a grace period), maybe on an idle CPU.
void tick_needed(Kernel& k);

// --- within kernel/time
// ----------------------------------------------------------------------------------------

CpuTimers& timers_here(Kernel& k);
void update_jiffies(Kernel& k);
/// Programs the local APIC timer for the next thing to do.
void program_timer(Kernel& k, CpuTimers& t);
/// A timer was added to the wheel: a stopped tick must come in time.
void tick_consider(Kernel& k, CpuTimers& t);
/// All timers of one CPU's wheel go to another's.
void move_wheel(Kernel& k, CpuTimers& from, CpuTimers& to);
/// wheel.cpp: puts a node where `expires` belongs, and takes one out wherever it is.
void wheel_add(Kernel& k, CpuTimers& home, WheelNode* node, unsigned long expires);
void wheel_remove(WheelNode* node);
/// The bucket of `expires`, were it added now.
unsigned wheel_index(CpuTimers& home, unsigned long now, unsigned long expires);
/// The buckets of the jiffy Wheel::next become `expired`, and the wheel's clock goes on.
void wheel_expire(CpuTimers& t);
void run_hrtimers(Kernel& k, CpuTimers& t, sim::EventQueue& queue, u64 now);
void run_timer_softirq(Kernel& k);
/// Reading a clock takes a while; without that, a loop that waits for a time would never end.
void spend_clock_read(Kernel& k);

} // namespace irqlab::kernel

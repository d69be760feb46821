// What the scheduler and the interrupt entry need from timekeeping.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;
struct PerCpu;
struct Task;

/// The timer interrupt of this CPU: expired hrtimers, and the tick while the CPU is busy.
void local_timer_interrupt(Kernel& k);
/// The CPU goes idle: its tick stops. It has something to do again: the tick goes on.
void tick_nohz_stop(Kernel& k, PerCpu& cpu);
void tick_nohz_start(Kernel& k, PerCpu& cpu);
/// What ran on this CPU was dropped: whoever waits for the end of its timer's callback need not wait.
void timers_forget_running(Kernel& k);
/// A CPU goes: the boot CPU takes over its timers.
void timers_leave(Kernel& k, unsigned cpu);
/// Wakes `task` at `deadline_ns`; disarm takes that back.
void arm_task_timer(Task& task, u64 deadline_ns);
void disarm_task_timer(Task& task);

} // namespace irqlab::kernel

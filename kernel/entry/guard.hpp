// Calls that an Oops may abandon.
#pragma once
#include "kernel/kernel.hpp"
#include "kernel/sched/task.hpp"

namespace irqlab::kernel {

/// Calls function(argument) so that what goes wrong inside drops that call only. Restores the preemption
/// count then. @return whether the call was dropped.
inline bool run_guarded(PerCpu& cpu, void (*function)(void*), void* argument)
{
    Task& task = *cpu.current;
    const unsigned count = cpu.preempt_count;
    Guard guard{{}, task.guard};
    task.guard = &guard;
    const bool dropped = sim::call_guarded(guard.landing, function, argument);
    task.guard = guard.outer;
    if (dropped) [[unlikely]] {
        cpu.preempt_count = count;
        cpu.relaxing = false;
    }
    return dropped;
}

} // namespace irqlab::kernel

// Calls on other CPUs, and the masks of CPUs that drivers read.
#pragma once
#include "linux/abi/base.h"

namespace irqlab::kernel {

struct Kernel;

struct Smp {
    abi::cpumask possible, present, online, active;
    unsigned cpu_ids;
};

/// The function-call interrupt: runs what other CPUs queued for this one.
void run_calls(Kernel& k);
/// After a CPU came or went: the masks say so.
void smp_note_online(Kernel& k);

} // namespace irqlab::kernel

// Calls on other CPUs, and the masks of CPUs that drivers read.
#pragma once
#include <bit>

#include "hw/base/bits.hpp"
#include "kernel/cpu_set.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

struct Kernel;
struct PerCpu;
struct Task;

/// A driver's cpumask and our set: the same bits.
static_assert(sizeof(abi::cpumask) == sizeof(CpuSet));
inline CpuSet set_of(const abi::cpumask& mask) { return std::bit_cast<CpuSet>(mask); }
inline abi::cpumask mask_of(const CpuSet& set) { return std::bit_cast<abi::cpumask>(set); }

/// The CPUs that are online.
CpuSet online_cpus(const Kernel& k);

struct Smp {
    abi::cpumask possible, present, online, active;
    unsigned cpu_ids;
};

/// The function-call interrupt: runs what other CPUs queued for this one.
void run_calls(Kernel& k);
/// After a CPU came or went: the masks say so.
void smp_note_online(Kernel& k);
/// A fixed interrupt for one CPU, sent by the one that steps through its ICR. [SDM3] "Issuing IPIs"
void send_ipi(Kernel& k, unsigned cpu, u8 vector);

/// May a task of that affinity be put on the CPU? Not on one that is about to go.
bool cpu_fits(const Kernel& k, const PerCpu& cpu, const CpuSet& affinity);
/// An idle CPU that fits, the next one round after the last that was given; else the caller's.
PerCpu& place(Kernel& k, const CpuSet& affinity);
/// A task that may not stay where it is, and does not run, gets a CPU on which it may.
void settle(Kernel& k, Task& task);
/// The current task leaves a CPU on which it may not run any more.
void move_current(Kernel& k);
/// Queues a runnable task and tells its CPU.
void activate(Kernel& k, Task& task);
/// Takes a queued task out of its CPU's queue.
void unqueue(Task& task);

} // namespace irqlab::kernel

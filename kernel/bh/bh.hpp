// Bottom halves: softirqs at the end of an interrupt, tasklets on two of them.
// Source: [LX kernel/softirq.c] for the limits; [LX core-api/genericirq].
#pragma once
#include "hw/base/bits.hpp"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

struct Kernel;
struct PerCpu;
struct Task;

using SoftirqHandler = void (*)(abi::softirq_action*);

struct BottomHalves {
    abi::softirq_action action[abi::NR_SOFTIRQS]{};
    Task** ksoftirqd = nullptr; // of each CPU; made when first needed
    bool threaded = false;      // threadirqs: interrupts leave softirqs to ksoftirqd
    bool warned_in_hardirq = false, warned_not_scheduled = false; // Linux says these once
};

void bh_init(Kernel& k);

/// Marks softirq `nr` pending on this CPU. It runs at the end of the interrupt under way, or in
/// ksoftirqd when none is.
void raise_softirq(Kernel& k, unsigned nr);
/// At interrupt exit: runs what is pending, unless ksoftirqd has it.
void irq_exit_softirq(Kernel& k);
/// When bottom halves are enabled again.
void do_softirq(Kernel& k);
/// A CPU has gone: its tasklets and what else was pending there are this CPU's now.
void bh_leave(Kernel& k, unsigned cpu);
/// Enters and leaves a section without bottom halves.
void local_bh_disable(PerCpu& cpu);
void local_bh_enable(Kernel& k);

} // namespace irqlab::kernel

// irq_work: callbacks in hard interrupt context, by an interrupt that a CPU sends to itself.
// Source: [LX kernel/irq_work.c]; the row IWI of /proc/interrupts.
#pragma once

namespace irqlab::kernel {

struct Kernel;

/// The interrupt of the callbacks: runs this CPU's, in the order in which they were queued.
void irq_work_run_list(Kernel& k);
/// In the tick: those that wait for it.
void irq_work_tick(Kernel& k);

} // namespace irqlab::kernel

// Threaded handlers: the kernel thread `irq/N-name` of an action, and who wakes it.
// Source: [LX core-api/genericirq] "Threaded interrupts".
#pragma once
#include "linux/abi/irq.h"

namespace irqlab::kernel {

struct Kernel;

/// Makes the action's thread, asleep.
void irq_thread_make(Kernel& k, abi::irqaction& action);
/// Ends it and sleeps until it is gone.
void irq_thread_stop(Kernel& k, abi::irqaction& action);
/// Sleeps until no thread of the line has an interrupt to handle.
void irq_threads_wait(abi::irq_desc& desc);
/// From hard interrupt context: the primary handler returned IRQ_WAKE_THREAD.
void irq_wake_action(abi::irq_desc& desc, abi::irqaction& action);
/// The primary handler of a request that gave none: it only wakes the thread.
abi::irqreturn_t irq_default_primary_handler(int irq, void* dev_id);

} // namespace irqlab::kernel

// Threaded handlers: the kernel thread `irq/N-name` of an action, and who wakes it.
// Source: [LX core-api/genericirq] "Threaded interrupts".
#pragma once
#include "linux/abi/irq.h"

namespace irqlab::kernel {

struct Kernel;

/// irqaction.thread_flags [LX kernel/irq/internals.h]; the two last ones are the lab's.
enum ThreadFlags : unsigned long {
    irqtf_runthread = 1 << 0,
    irqtf_affinity = 1 << 2,
    irqtf_forced_thread = 1 << 3,
    irqtf_should_stop = 1 << 8,
    irqtf_gone = 1 << 9
};

/// `threadirqs`: makes a thread of the action's handler, if it may be one; of its own thread function a second
/// one, the secondary action's.
void irq_force_thread(Kernel& k, abi::irq_desc& desc, abi::irqaction& action);
/// The same for the actions of the kernel's own drivers, which came before the first task could.
void irq_force_boot_threads(Kernel& k);
/// A bit for the action's thread in desc.threads_oneshot; 0 when all are taken.
unsigned long irq_free_thread_bit(const abi::irq_desc& desc);

/// Makes the action's threads, asleep, on the line's CPU: the line must have its vector already.
void irq_thread_make(Kernel& k, abi::irqaction& action);
/// Ends them and sleeps until they are gone.
void irq_thread_stop(Kernel& k, abi::irqaction& action);
/// The line has moved: its threads go to its new CPU before they handle the next interrupt.
void irq_threads_follow(abi::irq_desc& desc);
/// Sleeps until no thread of the line has an interrupt to handle.
void irq_threads_wait(abi::irq_desc& desc);
/// From hard interrupt context: the primary handler returned IRQ_WAKE_THREAD.
void irq_wake_action(abi::irq_desc& desc, abi::irqaction& action);
/// The primary handler of a request that gave none: it only wakes the thread.
abi::irqreturn_t irq_default_primary_handler(int irq, void* dev_id);

} // namespace irqlab::kernel

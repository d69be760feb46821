// The descriptor's lock, for those whom others can tell from its being held; the name of an action's directory.
#pragma once
#include "kernel/kernel.hpp"
#include "linux/abi/irq.h"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

/// Of its directory in /proc/irq/N; null when it has none.
inline const char* proc_name_of(const abi::irqaction& action) { return reinterpret_cast<const char*>(action.dir); }

/// desc->lock: interrupts and preemption are off. Nobody else runs meanwhile, so that the lock itself needs no word. Whoever dies inside leaves it as Linux would say:
/// "exited with irqs disabled".
class DescLock {
public:
    DescLock() : flags_(abi::__lab_irq_save()) { this_cpu().preempt_count += preempt_offset; }
    ~DescLock()
    {
        abi::__lab_irq_restore(flags_); // what waited comes now, with preemption still off
        this_cpu().preempt_count -= preempt_offset;
    }
    DescLock(const DescLock&) = delete;

private:
    unsigned long flags_;
};

} // namespace irqlab::kernel

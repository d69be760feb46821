// The driver's side of a line: enable and disable with depth, types, affinity, and waiting for handlers.
// Source: [LX core-api/genericirq] "Public Functions Provided"; the recorded cases of request_irq.
#include <utility>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/desc_lock.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/thread.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"

namespace irqlab::kernel {

using abi::irq_desc;

// Lazy: the chip stays unmasked; the first interrupt that comes all the same masks it and is pended.
void irq_disable_desc(irq_desc& desc)
{
    const bool unlazy = (desc.status_use_accessors & abi::IRQ_DISABLE_UNLAZY) != 0;
    irqd(desc) |= irqd_irq_disabled;
    if (desc.irq_data.chip->irq_disable) {
        desc.irq_data.chip->irq_disable(&desc.irq_data);
        irqd(desc) |= irqd_irq_masked;
    } else if (unlazy) {
        mask_irq(desc);
    }
}

void irq_enable_desc(irq_desc& desc)
{
    irqd(desc) &= ~irqd_irq_disabled;
    if (desc.irq_data.chip->irq_enable) {
        desc.irq_data.chip->irq_enable(&desc.irq_data);
        irqd(desc) &= ~irqd_irq_masked;
    } else {
        unmask_irq(desc);
    }
}

namespace {

constexpr u64 hopeless_ns = 22'000'000'000; // when the lockup watchdogs tell

// From the line's own handler this waits for itself, and never ends.
template <class Busy> void wait_while(Kernel& k, Busy busy)
{
    const u64 since = now_ns(*k.this_cpu);
    while (busy()) {
        const bool hope = sched_relax(k);
        if (busy() && (!hope || now_ns(*k.this_cpu) - since > hopeless_ns))
            soft_lockup();
    }
}

void wait_while_in_progress(Kernel& k, irq_desc& desc)
{
    wait_while(k, [&] { return irqd_test(desc, irqd_irq_inprogress); });
}

/// The chip has sent an interrupt that has not been ended: a CPU will come to it.
bool in_flight(irq_desc& desc)
{
    bool active = false;
    const abi::irq_chip& chip = *desc.irq_data.chip;
    return chip.irq_get_irqchip_state &&
           chip.irq_get_irqchip_state(&desc.irq_data, abi::IRQCHIP_STATE_ACTIVE, &active) == 0 && active;
}

void disable_desc_nosync(irq_desc& desc)
{
    if (!desc.depth++)
        irq_disable_desc(desc);
}

void enable_desc(Kernel& k, irq_desc& desc)
{
    switch (desc.depth) {
    case 0:
        kernel_warn("kernel/irq/manage.c", 781, "__enable_irq", "Unbalanced enable for IRQ %d\n",
                    static_cast<int>(desc.irq_data.irq));
        break;
    case 1:
        desc.status_use_accessors |= abi::IRQ_NOPROBE;
        if (!irqd_test(desc, irqd_activated) && !std::exchange(k.irq->warned_not_activated, true))
            kernel_warn("kernel/irq/chip.c", 241, "__irq_startup", nullptr);
        desc.depth = 0;
        irqd(desc) |= irqd_irq_started;
        irq_enable_desc(desc);
        check_irq_resend(desc);
        break;
    default: --desc.depth;
    }
}

/// The first wish for it, or the end of the last one. A chip that refuses leaves the depth as it was.
int set_wake(irq_desc& desc, bool on)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    const bool skip = (chip.flags & irqchip_skip_set_wake) != 0;
    if (const int error = skip ? 0 : chip.irq_set_wake(&desc.irq_data, on)) {
        desc.wake_depth = on ? 0 : 1;
        return error;
    }
    irqd(desc) = on ? irqd(desc) | irqd_wakeup_state : irqd(desc) & ~irqd_wakeup_state;
    return 0;
}

} // namespace

void irq_synchronize_hardware(irq_desc& desc)
{
    wait_while(kernel(), [&] { return irqd_test(desc, irqd_irq_inprogress) || in_flight(desc); });
}

int irq_affinity_write(Kernel& k, unsigned irq, const CpuSet& mask)
{
    irq_desc* desc = irq_desc_of(k, irq);
    if (!desc || (desc->status_use_accessors & abi::IRQ_NO_BALANCING) || irqd_test(*desc, irqd_no_balancing))
        return -EIO;
    if (!desc->irq_data.chip->irq_set_affinity)
        return -EIO;
    if ((mask & online_cpus(k)).empty())
        return -EINVAL;
    const int error = irq_affinity_set(*desc, mask);
    if (!error) {
        irqd(*desc) |= irqd_affinity_set;
        irq_notify_affinity(*desc);
        sched_signals(k);
    }
    return error;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

bool synchronize_hardirq(unsigned irq)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return true;
    wait_while_in_progress(kernel(), *desc);
    return desc->threads_active.counter == 0;
}

void synchronize_irq(unsigned irq)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return;
    wait_while_in_progress(kernel(), *desc);
    irqlab::kernel::irq_threads_wait(*desc);
}

void disable_irq_nosync(unsigned irq)
{
    if (irq_desc* desc = irq_to_desc(irq)) {
        {
            const ChipBusLock lock{*desc};
            disable_desc_nosync(*desc);
        }
        sched_signals(kernel());
    }
}

void disable_irq(unsigned irq)
{
    __might_sleep("kernel/irq/manage.c", 739);
    if (!irq_to_desc(irq))
        return;
    disable_irq_nosync(irq);
    synchronize_irq(irq);
}

bool disable_hardirq(unsigned irq)
{
    if (!irq_to_desc(irq))
        return false;
    disable_irq_nosync(irq);
    return synchronize_hardirq(irq);
}

void enable_irq(unsigned irq)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc || desc->irq_data.chip == &no_irq_chip)
        return;
    const ChipBusLock bus{*desc};
    const DescLock lock;
    enable_desc(kernel(), *desc);
    sched_signals(kernel());
}

int irq_set_irq_type(unsigned irq, unsigned type)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return -EINVAL;
    const ChipBusLock lock{*desc};
    return irq_set_trigger(*desc, type);
}

int irq_set_irq_wake(unsigned irq, unsigned on)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return -EINVAL;
    const irq_chip& chip = *desc->irq_data.chip;
    if (!chip.irq_set_wake && !(chip.flags & irqchip_skip_set_wake))
        return -ENXIO;
    const ChipBusLock lock{*desc};
    if (on) {
        if (desc->wake_depth++ == 0)
            return set_wake(*desc, true);
    } else if (desc->wake_depth == 0) {
        kernel_warn("kernel/irq/manage.c", 894, "irq_set_irq_wake", "Unbalanced IRQ %d wake disable\n",
                    static_cast<int>(irq));
    } else if (--desc->wake_depth == 0) {
        return set_wake(*desc, false);
    }
    return 0;
}

int irq_set_affinity(unsigned irq, const cpumask* mask)
{
    if (!irq_to_desc(irq))
        return -EINVAL;
    return irq_affinity_write(kernel(), irq, set_of(*mask));
}

int irq_force_affinity(unsigned irq, const cpumask* mask) { return irq_set_affinity(irq, mask); }

int __irq_apply_affinity_hint(unsigned irq, const cpumask* mask, bool set_affinity)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return -EINVAL;
    desc->affinity_hint = mask;
    if (mask && set_affinity)
        irq_set_affinity(irq, mask);
    return 0;
}

int irq_set_affinity_hint(unsigned irq, const cpumask* mask)
{
    return __irq_apply_affinity_hint(irq, mask, true);
}

int irq_can_set_affinity(unsigned irq)
{
    irq_desc* desc = irq_to_desc(irq);
    return desc && desc->irq_data.chip->irq_set_affinity && !irqd_test(*desc, irqd_no_balancing);
}

int irq_inject_interrupt(unsigned irq)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc || !desc->irq_data.chip->irq_retrigger || !route_of(*desc).vector)
        return -EINVAL;
    desc->irq_data.chip->irq_retrigger(&desc->irq_data);
    sched_signals(kernel());
    return 0;
}

} // namespace irqlab::abi

// Where a line's interrupts are to go, and when they do.
//
// An I/O APIC's entry is not to be written while an interrupt of the line may be on its way: the line moves
// at its next interrupt, when that has arrived. Behind a remapping unit it moves at once. Source: [LX
// kernel/irq/migration.c], [LX kernel/irq/manage.c] irq_set_affinity_locked; x86 has
// CONFIG_GENERIC_PENDING_IRQ.
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/thread.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/smp.hpp"

namespace irqlab::kernel {

using abi::irq_desc;

namespace {

int move_now(irq_desc& desc, const CpuSet& mask)
{
    const abi::cpumask wanted = mask_of(mask);
    const int error = desc.irq_data.chip->irq_set_affinity(&desc.irq_data, &wanted, false);
    if (!error) {
        desc.irq_common_data.affinity[0] = wanted;
        irq_threads_follow(desc);
    }
    return error;
}

int move_later(irq_desc& desc, const CpuSet& mask)
{
    irqd(desc) |= irqd_setaffinity_pending;
    desc.pending_mask[0] = mask_of(mask);
    return 0;
}

/// A line of a driver's controller, which says itself where its interrupts go.
bool of_module(const irq_desc& desc)
{
    return desc.irq_data.domain && !irq_has_vector(kernel(), desc);
}

} // namespace

int irq_affinity_set(irq_desc& desc, const CpuSet& mask)
{
    if (!route_of(desc).vector && !of_module(desc)) { // nothing to move yet
        desc.irq_common_data.affinity[0] = mask_of(mask);
        return 0;
    }
    if (!irqd_test(desc, irqd_move_pcntxt) || irqd_test(desc, irqd_setaffinity_pending))
        return move_later(desc, mask);
    const int error = move_now(desc, mask);
    return error == -EBUSY ? move_later(desc, mask) : error;
}

void irq_move_masked(Kernel& k, irq_desc& desc)
{
    if (!irqd_test(desc, irqd_setaffinity_pending))
        return;
    irqd(desc) &= ~irqd_setaffinity_pending;
    const CpuSet mask = set_of(desc.pending_mask[0]);
    if (!(mask & online_cpus(k)).empty() && move_now(desc, mask) == -EBUSY)
        move_later(desc, mask); // its last move is not over: at the next one
}

void irq_move(Kernel& k, irq_desc& desc)
{
    if (!irqd_test(desc, irqd_setaffinity_pending) || irqd_test(desc, irqd_irq_disabled)) [[likely]]
        return;
    const bool masked = irqd_test(desc, irqd_irq_masked);
    if (!masked)
        desc.irq_data.chip->irq_mask(&desc.irq_data);
    irq_move_masked(k, desc);
    if (!masked)
        desc.irq_data.chip->irq_unmask(&desc.irq_data);
}

void irq_move_from_dying_cpu(Kernel& k, irq_desc& desc)
{
    const CpuSet online = online_cpus(k);
    CpuSet wanted = set_of(desc.irq_common_data.affinity[0]) & online;
    if (irqd_test(desc, irqd_setaffinity_pending)) {
        irqd(desc) &= ~irqd_setaffinity_pending;
        if (const CpuSet pending = set_of(desc.pending_mask[0]) & online; !pending.empty())
            wanted = pending;
    }
    vector_forget_old(k, desc);
    const abi::cpumask rest = mask_of(wanted.empty() ? online : wanted);
    desc.irq_data.chip->irq_set_affinity(&desc.irq_data, &rest, true);
}

} // namespace irqlab::kernel

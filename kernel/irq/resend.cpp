// An interrupt that was recorded while its line was disabled, delivered in a tasklet: for chips that cannot
// send one themselves. Source: [LX kernel/irq/resend.c]; x86 has CONFIG_HARDIRQS_SW_RESEND.
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

namespace {

void resend_irqs(abi::tasklet_struct*)
{
    Kernel& k = kernel();
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq) {
        abi::irq_desc* desc = k.irq->desc[irq];
        if (!desc || !(istate(*desc) & irqs_resend))
            continue;
        istate(*desc) &= ~irqs_resend;
        const unsigned long flags = abi::__lab_irq_save();
        desc->handle_irq(desc);
        abi::__lab_irq_restore(flags);
    }
}

abi::tasklet_struct& resend_tasklet(Kernel& k)
{
    if (!k.irq->resend_tasklet) {
        k.irq->resend_tasklet = k.arena.make<abi::tasklet_struct>();
        k.irq->resend_tasklet->callback = resend_irqs;
        k.irq->resend_tasklet->use_callback = true;
    }
    return *k.irq->resend_tasklet;
}

} // namespace

void irq_resend_in_softirq(abi::irq_desc& desc)
{
    constexpr unsigned long scheduled = 1ul << abi::TASKLET_STATE_SCHED;
    abi::irq_desc* again = &desc;
    if (desc.status_use_accessors & abi::IRQ_NESTED_THREAD) // its parent's thread runs its handlers
        again = desc.parent_irq ? abi::irq_to_desc(static_cast<unsigned>(desc.parent_irq)) : nullptr;
    if (!again)
        return;
    abi::tasklet_struct& t = resend_tasklet(kernel());
    istate(*again) |= irqs_resend;
    if (t.state & scheduled)
        return;
    t.state |= scheduled;
    abi::__tasklet_schedule(&t);
}

} // namespace irqlab::kernel

// Finding a device's line by listening: probe_irq_on(), the driver lets the device interrupt,
// probe_irq_off().
//
// Between the two, every line that nobody has is open and "waiting"; the flow handler takes that mark off the
// one that interrupts. Source: [LX core-api/genericirq] and the functions' own documentation there.
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/time.h"

namespace irqlab::kernel {

namespace {

bool can_probe(const abi::irq_desc& desc)
{
    return !desc.action && !(desc.status_use_accessors & abi::IRQ_NOPROBE);
}

/// Calls visit(desc, irq) for each line, the highest first.
template <class Visit> void each_desc(Kernel& k, Visit visit)
{
    for (unsigned irq = k.irq->nr_irqs; irq-- > 0;)
        if (abi::irq_desc* desc = k.irq->desc[irq])
            visit(*desc, irq);
}

void open_free_lines(Kernel& k, u32 state)
{
    each_desc(k, [&](abi::irq_desc& desc, unsigned) {
        if (!can_probe(desc))
            return;
        istate(desc) |= state;
        if (irq_activate(k, desc) == 0)
            irq_startup(desc);
    });
}

void close_line(Kernel& k, abi::irq_desc& desc)
{
    istate(desc) &= ~irqs_autodetect;
    irq_shutdown(desc);
    irq_deactivate(k, desc);
}

bool heard(abi::irq_desc& desc) { return (istate(desc) & irqs_autodetect) && !(istate(desc) & irqs_waiting); }

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

unsigned long probe_irq_on(void)
{
    Kernel& k = irqlab::kernel::kernel();
    open_free_lines(k, 0); // what was pending from long ago comes now
    msleep(20);
    open_free_lines(k, irqs_autodetect | irqs_waiting);
    msleep(100);
    unsigned long mask = 0;
    each_desc(k, [&](irq_desc& desc, unsigned irq) {
        if (heard(desc))
            close_line(k, desc); // it interrupts without being asked to
        else if ((istate(desc) & irqs_autodetect) && irq < 32)
            mask |= 1ul << irq;
    });
    return mask;
}

int probe_irq_off(unsigned long)
{
    Kernel& k = irqlab::kernel::kernel();
    int found = 0, count = 0;
    each_desc(k, [&](irq_desc& desc, unsigned irq) {
        if (heard(desc)) {
            found = static_cast<int>(irq); // the lowest, for it is looked at last
            ++count;
        }
        if (istate(desc) & irqs_autodetect)
            close_line(k, desc);
    });
    return count > 1 ? -found : found;
}

unsigned int probe_irq_mask(unsigned long mask)
{
    Kernel& k = irqlab::kernel::kernel();
    unsigned long heard_of = 0;
    each_desc(k, [&](irq_desc& desc, unsigned irq) {
        if (heard(desc) && irq < 16)
            heard_of |= 1ul << irq;
        if (istate(desc) & irqs_autodetect)
            close_line(k, desc);
    });
    return static_cast<unsigned>(heard_of & mask);
}

} // namespace irqlab::abi

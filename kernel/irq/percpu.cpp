// Lines of which each CPU has one of its own under the same number, and lines served as NMIs.
//
// No line of a PC is either. A driver's own controller may make its lines per-CPU where the kernel exports
// irq_set_percpu_devid() (--export), and may say IRQCHIP_SUPPORTS_NMI. Source: [LX kernel/irq/manage.c].
#include <utility>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/flow.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/smp.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

using abi::irq_desc;

namespace {

bool is_percpu_devid(const irq_desc& desc) { return desc.status_use_accessors & abi::IRQ_PER_CPU_DEVID; }

/// The line when it is a per-CPU one, or null.
irq_desc* percpu_desc(unsigned irq)
{
    irq_desc* desc = abi::irq_to_desc(irq);
    return desc && is_percpu_devid(*desc) ? desc : nullptr;
}

void set_enabled(irq_desc& desc, bool enabled)
{
    const unsigned cpu = this_cpu().index;
    const unsigned long bit = 1ul << cpu % 64;
    unsigned long& word = desc.percpu_enabled->bits[cpu / 64];
    word = enabled ? word | bit : word & ~bit;
}

void percpu_enable(irq_desc& desc)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    (chip.irq_enable ? chip.irq_enable : chip.irq_unmask)(&desc.irq_data);
    set_enabled(desc, true);
}

void percpu_disable(irq_desc& desc)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    (chip.irq_disable ? chip.irq_disable : chip.irq_mask)(&desc.irq_data);
    set_enabled(desc, false);
}

void spurious_percpu(Kernel& k, irq_desc& desc)
{
    const unsigned cpu = k.this_cpu->index;
    const bool enabled = set_of(*desc.percpu_enabled).has(cpu);
    if (enabled)
        percpu_disable(desc);
    abi::_printk("\0013genirq: Spurious%s percpu IRQ%u on CPU%u\n", enabled ? " and unmasked" : "",
                 desc.irq_data.irq, cpu);
}

template <class... Values> void warn_free(int line, const char* format, Values... values)
{
    kernel_warn("kernel/irq/manage.c", line, "__free_percpu_irq", format, values...);
}

int first_cpu(const CpuSet& set)
{
    for (unsigned cpu = 0; cpu < cpu_set_bits; ++cpu)
        if (set.has(cpu))
            return static_cast<int>(cpu);
    return -1;
}

bool supports_nmi(const irq_desc& desc)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    return !desc.irq_data.parent_data && !chip.irq_bus_lock && !chip.irq_bus_sync_unlock &&
           (chip.flags & abi::IRQCHIP_SUPPORTS_NMI);
}

bool may_request_nmi(const irq_desc* desc, abi::irq_handler_t handler, unsigned long flags)
{
    if ((flags & (IRQF_SHARED | IRQF_COND_SUSPEND | IRQF_IRQPOLL)) || !(flags & IRQF_PERCPU) || !handler || !desc)
        return false;
    const bool enables_itself = !(desc->status_use_accessors & abi::IRQ_NOAUTOEN) && !(flags & IRQF_NO_AUTOEN);
    return !enables_itself && !(desc->status_use_accessors & (abi::IRQ_NOREQUEST | abi::IRQ_PER_CPU_DEVID)) &&
           supports_nmi(*desc);
}

int nmi_setup(irq_desc& desc)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    return chip.irq_nmi_setup ? chip.irq_nmi_setup(&desc.irq_data) : -EINVAL;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

int irq_set_percpu_devid_partition(unsigned irq, const cpumask* affinity)
{
    Kernel& k = kernel();
    irq_desc* desc = irq_to_desc(irq);
    if (!desc || desc->percpu_enabled)
        return -EINVAL;
    desc->percpu_enabled = k.arena.make<cpumask>();
    desc->percpu_affinity = affinity ? affinity : &k.smp->possible;
    irq_modify_status(irq, 0, IRQ_NOAUTOEN | IRQ_PER_CPU | IRQ_NOTHREAD | IRQ_NOPROBE | IRQ_PER_CPU_DEVID);
    return 0;
}

int irq_set_percpu_devid(unsigned irq) { return irq_set_percpu_devid_partition(irq, nullptr); }

int irq_get_percpu_devid_partition(unsigned irq, cpumask* affinity)
{
    const irq_desc* desc = irq_to_desc(irq);
    if (!desc || !desc->percpu_enabled)
        return -EINVAL;
    if (affinity)
        *affinity = *desc->percpu_affinity;
    return 0;
}

int __request_percpu_irq(unsigned irq, irq_handler_t handler, unsigned long flags, const char* name,
                         void* percpu_dev_id)
{
    Kernel& k = kernel();
    irq_desc* desc = percpu_desc(irq);
    if (!percpu_dev_id || !desc || (desc->status_use_accessors & IRQ_NOREQUEST) || (flags && flags != IRQF_TIMER))
        return -EINVAL;
    irqaction& action = *k.arena.make<irqaction>();
    action.handler = handler;
    action.flags = static_cast<unsigned>(flags) | IRQF_PERCPU | IRQF_NO_SUSPEND;
    action.name = name;
    action.irq = irq;
    action.percpu_dev_id = percpu_dev_id;
    const int error = irq_install(k, *desc, action);
    if (error)
        k.arena.give_back(&action, sizeof action);
    return error;
}

void free_percpu_irq(unsigned irq, void* percpu_dev_id)
{
    irq_desc* desc = percpu_desc(irq);
    if (!desc)
        return;
    if (this_cpu().in_interrupt())
        warn_free(2458, "Trying to free IRQ %d from IRQ context!\n", static_cast<int>(irq));
    irqaction* action = desc->action;
    if (!action || action->percpu_dev_id != percpu_dev_id) {
        warn_free(2467, "Trying to free already-free IRQ %d\n", static_cast<int>(irq));
        return;
    }
    if (const int cpu = first_cpu(set_of(*desc->percpu_enabled)); cpu >= 0) {
        warn_free(2472, "percpu IRQ %d still enabled on CPU%d!\n", static_cast<int>(irq), cpu);
        return;
    }
    desc->action = nullptr;
    module_put(desc->owner);
    kernel().arena.give_back(action, sizeof *action);
}

void enable_percpu_irq(unsigned irq, unsigned type)
{
    irq_desc* desc = percpu_desc(irq);
    if (!desc)
        return;
    type &= IRQ_TYPE_SENSE_MASK;
    if (type == IRQ_TYPE_NONE)
        type = irqd(*desc) & irqd_trigger_mask;
    if (type != IRQ_TYPE_NONE && irq_set_trigger(*desc, type)) {
        kernel_warn("kernel/irq/manage.c", 2389, "enable_percpu_irq", "failed to set type for IRQ%d\n",
                    static_cast<int>(irq));
        return;
    }
    percpu_enable(*desc);
}

void disable_percpu_irq(unsigned irq)
{
    if (irq_desc* desc = percpu_desc(irq))
        percpu_disable(*desc);
}

bool irq_percpu_is_enabled(unsigned irq)
{
    const irq_desc* desc = percpu_desc(irq);
    return desc && set_of(*desc->percpu_enabled).has(this_cpu().index);
}

void handle_percpu_devid_irq(irq_desc* desc)
{
    Kernel& k = kernel();
    const irq_chip& chip = *desc->irq_data.chip;
    kstat_incr(*desc);
    if (chip.irq_ack)
        chip.irq_ack(&desc->irq_data);
    if (const irqaction* action = desc->action)
        action->handler(static_cast<int>(action->irq), percpu_pointer(action->percpu_dev_id, k.this_cpu->index));
    else
        spurious_percpu(k, *desc);
    if (chip.irq_eoi)
        chip.irq_eoi(&desc->irq_data);
}

int request_nmi(unsigned irq, irq_handler_t handler, unsigned long flags, const char* name, void* dev)
{
    Kernel& k = kernel();
    if (irq == IRQ_NOTCONNECTED)
        return -ENOTCONN;
    irq_desc* desc = irq_to_desc(irq);
    if (!may_request_nmi(desc, handler, flags))
        return -EINVAL;
    irqaction& action = *k.arena.make<irqaction>();
    action.handler = handler;
    action.flags = static_cast<unsigned>(flags) | IRQF_NO_THREAD | IRQF_NOBALANCING;
    action.name = name;
    action.dev_id = dev;
    action.irq = irq;
    if (const int error = irq_install(k, *desc, action)) {
        k.arena.give_back(&action, sizeof action);
        return error;
    }
    istate(*desc) |= irqs_nmi;
    if (nmi_setup(*desc) == 0)
        return 0;
    istate(*desc) &= ~irqs_nmi;
    free_irq(irq, dev);
    return -EINVAL;
}

const void* free_nmi(unsigned irq, void*)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc || !(istate(*desc) & irqs_nmi) || !desc->action || (desc->status_use_accessors & IRQ_PER_CPU_DEVID)) {
        if (desc)
            kernel_warn("kernel/irq/manage.c", 2076, "free_nmi", nullptr);
        return nullptr;
    }
    if (!desc->depth) {
        kernel_warn("kernel/irq/manage.c", 2083, "free_nmi", nullptr);
        disable_irq_nosync(irq);
    }
    if (desc->irq_data.chip->irq_nmi_teardown)
        desc->irq_data.chip->irq_nmi_teardown(&desc->irq_data);
    istate(*desc) &= ~irqs_nmi;
    return free_irq(irq, desc->action->dev_id);
}

// No counting of unhandled ones, no threads: one action, and the end.
void handle_fasteoi_nmi(irq_desc* desc)
{
    const irq_chip& chip = *desc->irq_data.chip;
    kstat_incr(*desc);
    if (const irqaction* action = desc->action)
        action->handler(static_cast<int>(action->irq), action->dev_id);
    if (chip.irq_eoi)
        chip.irq_eoi(&desc->irq_data);
}

} // namespace irqlab::abi

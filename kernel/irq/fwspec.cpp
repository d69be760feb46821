// What firmware writes of a line, an interrupt specifier, and the mapping made of it.
// Source: [LX core-api/irq/irq-domain].
#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

int translate(abi::irq_domain& domain, abi::irq_fwspec& spec, unsigned long& hwirq, unsigned& type)
{
    if (domain.ops->translate)
        return domain.ops->translate(&domain, &spec, &hwirq, &type);
    if (domain.ops->xlate)
        return domain.ops->xlate(&domain, nullptr, spec.param, static_cast<unsigned>(spec.param_count), &hwirq, &type);
    hwirq = spec.param[0];
    return 0;
}

/// An irq that is there already serves when its trigger is the wanted one, or not known yet.
unsigned reuse(unsigned virq, unsigned type, unsigned long hwirq)
{
    abi::irq_desc& desc = *abi::irq_to_desc(virq);
    const unsigned old = irqd(desc) & irqd_trigger_mask;
    if (type == abi::IRQ_TYPE_NONE || type == old)
        return virq;
    if (old != abi::IRQ_TYPE_NONE) {
        abi::_printk("\0014irq: type mismatch, failed to map hwirq-%lu for <no-node>!\n", hwirq);
        return 0;
    }
    irqd(desc) |= type;
    return virq;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

unsigned irq_create_fwspec_mapping(irq_fwspec* spec)
{
    irq_domain* domain = spec->fwnode ? irq_find_matching_fwspec(spec, DOMAIN_BUS_WIRED) : irq_get_default_host();
    if (!domain && spec->fwnode)
        domain = irq_find_matching_fwspec(spec, DOMAIN_BUS_ANY);
    if (!domain) {
        _printk("\0014irq: no irq domain found for <no-node> !\n");
        return 0;
    }
    unsigned long hwirq = 0;
    unsigned type = IRQ_TYPE_NONE;
    if (translate(*domain, *spec, hwirq, type))
        return 0;
    type &= IRQ_TYPE_SENSE_MASK;
    if (const unsigned there = irq_find_mapping(domain, hwirq))
        return reuse(there, type, hwirq);
    const int virq = irq_domain_is_hierarchy(*domain)
                         ? __irq_domain_alloc_irqs(domain, -1, 1, -1, spec, false, nullptr)
                         : static_cast<int>(irq_create_mapping(domain, hwirq));
    if (virq <= 0)
        return 0;
    irqd(*irq_to_desc(static_cast<unsigned>(virq))) |= type;
    return static_cast<unsigned>(virq);
}

int irq_domain_xlate_onecell(irq_domain*, device_node*, const u32* spec, unsigned count, unsigned long* hwirq,
                             unsigned* type)
{
    if (count < 1) {
        __lab_warn("kernel/irq/irqdomain.c", 1002, "irq_domain_xlate_onecell", nullptr);
        return -EINVAL;
    }
    *hwirq = spec[0];
    *type = IRQ_TYPE_NONE;
    return 0;
}

int irq_domain_xlate_twocell(irq_domain*, device_node*, const u32* spec, unsigned count, unsigned long* hwirq,
                             unsigned* type)
{
    if (count < 2) {
        __lab_warn("kernel/irq/irqdomain.c", 1090, "irq_domain_translate_twocell", nullptr);
        return -EINVAL;
    }
    *hwirq = spec[0];
    *type = spec[1] & IRQ_TYPE_SENSE_MASK;
    return 0;
}

int irq_domain_xlate_onetwocell(irq_domain* d, device_node* node, const u32* spec, unsigned count,
                                unsigned long* hwirq, unsigned* type)
{
    return count > 1 ? irq_domain_xlate_twocell(d, node, spec, count, hwirq, type)
                     : irq_domain_xlate_onecell(d, node, spec, count, hwirq, type);
}

int irq_domain_translate_onecell(irq_domain* d, irq_fwspec* spec, unsigned long* hwirq, unsigned* type)
{
    return irq_domain_xlate_onecell(d, nullptr, spec->param, static_cast<unsigned>(spec->param_count), hwirq, type);
}

int irq_domain_translate_twocell(irq_domain* d, irq_fwspec* spec, unsigned long* hwirq, unsigned* type)
{
    return irq_domain_xlate_twocell(d, nullptr, spec->param, static_cast<unsigned>(spec->param_count), hwirq, type);
}

} // namespace irqlab::abi

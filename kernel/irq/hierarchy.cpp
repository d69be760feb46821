// Controllers behind controllers: one irq_data of the line for each, linked by parent_data, the outermost first.
// Source: [LX core-api/irq/irq-domain] "Hierarchy IRQ domain".
#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"

namespace irqlab::kernel {

using abi::irq_data;
using abi::irq_domain;

namespace {

void drop_parents(Kernel& k, irq_data& outermost)
{
    irq_data* data = outermost.parent_data;
    outermost.parent_data = nullptr;
    while (data) {
        irq_data* next = data->parent_data;
        k.arena.give_back(data, sizeof *data);
        data = next;
    }
}

void add_parents(Kernel& k, irq_data& outermost, irq_domain& domain)
{
    outermost.domain = &domain;
    irq_data* child = &outermost;
    for (irq_domain* parent = domain.parent; parent; parent = parent->parent) {
        irq_data& data = *k.arena.make<irq_data>();
        data.irq = child->irq;
        data.common = child->common;
        data.domain = parent;
        data.chip = &abi::no_irq_chip;
        child->parent_data = &data;
        child = &data;
    }
}

template <class Visit> void each_data(unsigned virq, Visit visit)
{
    for (irq_data* data = abi::irq_get_irq_data(virq); data; data = data->parent_data)
        visit(*data);
}

void insert_line(unsigned virq)
{
    each_data(virq, [](irq_data& data) {
        ++data.domain->mapcount;
        irq_domain_set_mapping(*data.domain, data);
    });
    abi::irq_modify_status(virq, abi::IRQ_NOREQUEST, 0);
}

void remove_line(unsigned virq)
{
    abi::irq_modify_status(virq, 0, abi::IRQ_NOREQUEST);
    abi::irq_set_chip_and_handler_name(virq, nullptr, nullptr, nullptr);
    abi::synchronize_irq(virq);
    each_data(virq, [](irq_data& data) {
        if (!data.domain)
            return;
        --data.domain->mapcount;
        irq_domain_clear_mapping(*data.domain, data);
    });
}

void free_in(irq_domain& domain, unsigned virq, unsigned count)
{
    if (!domain.ops->free)
        return;
    for (unsigned i = 0; i < count; ++i)
        if (abi::irq_domain_get_irq_data(&domain, virq + i))
            domain.ops->free(&domain, virq + i, 1);
}

void drop_lines(Kernel& k, unsigned virq, unsigned count)
{
    for (unsigned i = 0; i < count; ++i) {
        irq_data& data = *abi::irq_get_irq_data(virq + i);
        drop_parents(k, data);
        data.domain = nullptr;
    }
    abi::irq_free_descs(virq, count);
}

} // namespace

int irq_domain_activate_irq(irq_data* data)
{
    if (!data || !data->domain)
        return 0;
    if (const int error = irq_domain_activate_irq(data->parent_data))
        return error;
    const auto activate = data->domain->ops->activate;
    const int error = activate ? activate(data->domain, data, false) : 0;
    if (error)
        irq_domain_deactivate_irq(data->parent_data);
    return error;
}

void irq_domain_deactivate_irq(irq_data* data)
{
    if (!data || !data->domain)
        return;
    if (data->domain->ops->deactivate)
        data->domain->ops->deactivate(data->domain, data);
    irq_domain_deactivate_irq(data->parent_data);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

irq_domain* irq_domain_create_hierarchy(irq_domain* parent, unsigned flags, unsigned size, fwnode_handle* fwnode,
                                        const irq_domain_ops* ops, void* host_data)
{
    irq_domain* domain = __irq_domain_add(fwnode, size, size ? size : ~irq_hw_number_t{0}, 0, ops, host_data);
    domain->parent = parent;
    domain->flags |= flags;
    return domain;
}

int __irq_domain_alloc_irqs(irq_domain* domain, int irq_base, unsigned count, int, void* arg, bool realloc,
                            const void*)
{
    Kernel& k = kernel();
    if (!domain)
        domain = irq_get_default_host();
    if (!domain) {
        kernel_warn("kernel/irq/irqdomain.c", 1562, "__irq_domain_alloc_irqs",
                    "domain is NULL; cannot allocate IRQ\n");
        return -EINVAL;
    }
    if (!domain->ops->alloc)
        return -ENOSYS;
    const int first = realloc && irq_base >= 0 ? irq_base : irq_domain_alloc_descs(irq_base, count, 0);
    if (first < 0)
        return first;
    const auto virq = static_cast<unsigned>(first);
    for (unsigned i = 0; i < count; ++i)
        add_parents(k, *irq_get_irq_data(virq + i), *domain);
    if (const int error = domain->ops->alloc(domain, virq, count, arg); error < 0) {
        drop_lines(k, virq, count);
        return error;
    }
    for (unsigned i = 0; i < count; ++i)
        insert_line(virq + i);
    return first;
}

void irq_domain_free_irqs(unsigned virq, unsigned count)
{
    irq_data* data = irq_get_irq_data(virq);
    if (!data || !data->domain || !data->domain->ops->free) {
        kernel_warn("kernel/irq/irqdomain.c", 1760, "irq_domain_free_irqs", "NULL pointer, cannot free irq\n");
        return;
    }
    for (unsigned i = 0; i < count; ++i)
        remove_line(virq + i);
    free_in(*data->domain, virq, count);
    drop_lines(kernel(), virq, count);
}

int irq_domain_alloc_irqs_parent(irq_domain* domain, unsigned irq_base, unsigned count, void* arg)
{
    irq_domain* parent = domain->parent;
    return parent && parent->ops->alloc ? parent->ops->alloc(parent, irq_base, count, arg) : -ENOSYS;
}

void irq_domain_free_irqs_parent(irq_domain* domain, unsigned irq_base, unsigned count)
{
    if (domain->parent)
        free_in(*domain->parent, irq_base, count);
}

void irq_domain_free_irqs_common(irq_domain* domain, unsigned virq, unsigned count)
{
    for (unsigned i = 0; i < count; ++i)
        if (irq_data* data = irq_domain_get_irq_data(domain, virq + i))
            irq_domain_reset_irq_data(data);
    irq_domain_free_irqs_parent(domain, virq, count);
}

irq_data* irq_domain_get_irq_data(irq_domain* domain, unsigned virq)
{
    irq_data* data = irq_get_irq_data(virq);
    while (data && data->domain != domain)
        data = data->parent_data;
    return data;
}

int irq_domain_set_hwirq_and_chip(irq_domain* domain, unsigned virq, irq_hw_number_t hwirq, const irq_chip* chip,
                                  void* chip_data)
{
    irq_data* data = irq_domain_get_irq_data(domain, virq);
    if (!data)
        return -ENOENT;
    data->hwirq = hwirq;
    data->chip = const_cast<irq_chip*>(chip ? chip : &no_irq_chip);
    data->chip_data = chip_data;
    return 0;
}

void irq_domain_set_info(irq_domain* domain, unsigned virq, irq_hw_number_t hwirq, const irq_chip* chip,
                         void* chip_data, irq_flow_handler_t handler, void* handler_data, const char* name)
{
    irq_domain_set_hwirq_and_chip(domain, virq, hwirq, chip, chip_data);
    __irq_set_handler(virq, handler, 0, name);
    irq_set_handler_data(virq, handler_data);
}

void irq_domain_reset_irq_data(irq_data* data)
{
    data->hwirq = 0;
    data->chip = &no_irq_chip;
    data->chip_data = nullptr;
}

// --- what a chip hands on to the one behind it ---------------------------------------------------------------

void irq_chip_ack_parent(irq_data* data) { data->parent_data->chip->irq_ack(data->parent_data); }
void irq_chip_mask_parent(irq_data* data) { data->parent_data->chip->irq_mask(data->parent_data); }
void irq_chip_mask_ack_parent(irq_data* data) { data->parent_data->chip->irq_mask_ack(data->parent_data); }
void irq_chip_unmask_parent(irq_data* data) { data->parent_data->chip->irq_unmask(data->parent_data); }
void irq_chip_eoi_parent(irq_data* data) { data->parent_data->chip->irq_eoi(data->parent_data); }

void irq_chip_enable_parent(irq_data* data)
{
    irq_data* parent = data->parent_data;
    (parent->chip->irq_enable ? parent->chip->irq_enable : parent->chip->irq_unmask)(parent);
}

void irq_chip_disable_parent(irq_data* data)
{
    irq_data* parent = data->parent_data;
    (parent->chip->irq_disable ? parent->chip->irq_disable : parent->chip->irq_mask)(parent);
}

int irq_chip_set_affinity_parent(irq_data* data, const cpumask* dest, bool force)
{
    irq_data* parent = data->parent_data;
    return parent->chip->irq_set_affinity ? parent->chip->irq_set_affinity(parent, dest, force) : -ENOSYS;
}

int irq_chip_set_type_parent(irq_data* data, unsigned type)
{
    irq_data* parent = data->parent_data;
    return parent->chip->irq_set_type ? parent->chip->irq_set_type(parent, type) : -ENOSYS;
}

int irq_chip_set_wake_parent(irq_data* data, unsigned on)
{
    irq_data* parent = data->parent_data;
    if (parent->chip->flags & irqchip_skip_set_wake)
        return 0;
    return parent->chip->irq_set_wake ? parent->chip->irq_set_wake(parent, on) : -ENOSYS;
}

int irq_chip_retrigger_hierarchy(irq_data* data)
{
    for (data = data->parent_data; data; data = data->parent_data)
        if (data->chip && data->chip->irq_retrigger)
            return data->chip->irq_retrigger(data);
    return 0;
}

int irq_chip_get_parent_state(irq_data* data, int which, bool* state)
{
    irq_data* parent = data->parent_data;
    return parent->chip->irq_get_irqchip_state ? parent->chip->irq_get_irqchip_state(parent, which, state) : 0;
}

int irq_chip_set_parent_state(irq_data* data, int which, bool value)
{
    irq_data* parent = data->parent_data;
    return parent->chip->irq_set_irqchip_state ? parent->chip->irq_set_irqchip_state(parent, which, value) : 0;
}

int irq_chip_request_resources_parent(irq_data* data)
{
    irq_data* parent = data->parent_data;
    return parent->chip->irq_request_resources ? parent->chip->irq_request_resources(parent) : 0;
}

void irq_chip_release_resources_parent(irq_data* data)
{
    irq_data* parent = data->parent_data;
    if (parent->chip->irq_release_resources)
        parent->chip->irq_release_resources(parent);
}

} // namespace irqlab::abi

// Domains: registration, and the mappings between hwirq numbers and irqs. See the header.
#include "kernel/irq/domain.hpp"

#include <cstdio>
#include <cstring>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/printk.h"

namespace irqlab::abi {
// A node of the firmware that a driver made up for its domain.
struct fwnode_handle {
    char name[64];
};
} // namespace irqlab::abi

namespace irqlab::kernel {

using abi::irq_data;
using abi::irq_domain;

Domains& domains_of(Kernel& k)
{
    if (!k.irq->domains) {
        k.irq->domains = k.arena.make<Domains>();
        abi::list_head& all = k.irq->domains->all;
        all.next = all.prev = &all;
    }
    return *k.irq->domains;
}

namespace {

/// Calls visit(domain) until it returns true. @return that domain, or null.
template <class Visit> irq_domain* find_domain(Kernel& k, Visit visit)
{
    if (!k.irq->domains)
        return nullptr;
    abi::list_head& all = k.irq->domains->all;
    for (abi::list_head* at = all.next; at != &all; at = at->next)
        if (auto* domain = reinterpret_cast<irq_domain*>(at); visit(*domain))
            return domain;
    return nullptr;
}

void link(Domains& domains, irq_domain& domain)
{
    abi::list_head &node = domain.link, &all = domains.all;
    node.next = &all;
    node.prev = all.prev;
    all.prev->next = &node;
    all.prev = &node;
}

void unlink(irq_domain& domain)
{
    domain.link.prev->next = domain.link.next;
    domain.link.next->prev = domain.link.prev;
}

void give_name(Kernel& k, irq_domain& domain)
{
    constexpr std::size_t longest = sizeof(abi::fwnode_handle::name);
    auto* name = static_cast<char*>(k.arena.take(longest));
    if (domain.fwnode)
        std::memcpy(name, domain.fwnode->name, longest);
    else
        std::snprintf(name, longest, "unknown-%u", ++domains_of(k).unnamed);
    domain.name = name;
}

void disassociate(irq_domain& domain, irq_data& data)
{
    const unsigned irq = data.irq;
    abi::irq_modify_status(irq, 0, abi::IRQ_NOREQUEST);
    abi::irq_set_chip_and_handler_name(irq, nullptr, nullptr, nullptr);
    abi::synchronize_irq(irq);
    if (domain.ops->unmap)
        domain.ops->unmap(&domain, irq);
    --domain.mapcount;
    irq_domain_clear_mapping(domain, data);
    data.domain = nullptr;
    data.hwirq = 0;
}

/// A mapping that outlives its domain must not lead to a controller that goes.
void forget_controller(abi::irq_desc& desc)
{
    desc.irq_data.domain = nullptr;
    desc.irq_data.chip = &abi::no_irq_chip;
    desc.handle_irq = abi::handle_bad_irq;
}

/// The mapping's irq_data, or null.
irq_data* resolve(Kernel& k, irq_domain& domain, abi::irq_hw_number_t hwirq)
{
    if (hwirq < domain.revmap_size)
        return domain.revmap[hwirq];
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq)
        if (irq_data* data = abi::irq_domain_get_irq_data(&domain, irq); data && data->hwirq == hwirq)
            return data;
    return nullptr;
}

} // namespace

bool irq_has_vector(Kernel& k, const abi::irq_desc& desc)
{
    const irq_domain* mine = desc.irq_data.domain;
    return mine && !find_domain(k, [=](const irq_domain& d) { return &d == mine; });
}

void irq_domain_set_mapping(irq_domain& domain, irq_data& data)
{
    if (data.hwirq < domain.revmap_size)
        domain.revmap[data.hwirq] = &data;
}

void irq_domain_clear_mapping(irq_domain& domain, irq_data& data)
{
    if (data.hwirq < domain.revmap_size)
        domain.revmap[data.hwirq] = nullptr;
}

int irq_domain_alloc_descs(int virq, unsigned count, abi::irq_hw_number_t hwirq)
{
    if (virq >= 0)
        return abi::__irq_alloc_descs(virq, static_cast<unsigned>(virq), count, 0, nullptr, nullptr);
    const auto hint = static_cast<unsigned>(hwirq % kernel().irq->nr_irqs);
    const int first = abi::__irq_alloc_descs(-1, hint ? hint : 1, count, 0, nullptr, nullptr);
    return first > 0 || hint <= 1 ? first : abi::__irq_alloc_descs(-1, 1, count, 0, nullptr, nullptr);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

const irq_domain_ops irq_domain_simple_ops = [] {
    irq_domain_ops ops{};
    ops.xlate = irq_domain_xlate_onetwocell;
    return ops;
}();

irq_domain* __irq_domain_add(fwnode_handle* fwnode, unsigned size, irq_hw_number_t hwirq_max, int,
                             const irq_domain_ops* ops, void* host_data)
{
    Kernel& k = kernel();
    const std::size_t bytes = sizeof(irq_domain) + size * sizeof(irq_data*);
    auto& domain = *static_cast<irq_domain*>(k.arena.take(bytes));
    domain.fwnode = fwnode;
    domain.ops = ops;
    domain.host_data = host_data;
    domain.hwirq_max = hwirq_max;
    domain.revmap_size = size;
    domain.__lab_size = static_cast<unsigned>(bytes);
    if (ops->alloc)
        domain.flags |= IRQ_DOMAIN_FLAG_HIERARCHY;
    give_name(k, domain);
    link(domains_of(k), domain);
    return &domain;
}

irq_domain* irq_domain_create_simple(fwnode_handle* fwnode, unsigned size, unsigned first_irq,
                                     const irq_domain_ops* ops, void* host_data)
{
    irq_domain* domain = __irq_domain_add(fwnode, size, size, 0, ops, host_data);
    if (first_irq > 0) {
        if (irq_domain_alloc_descs(static_cast<int>(first_irq), size, 0) < 0)
            _printk("\0016irq: Cannot allocate irq_descs @ IRQ%u, assuming pre-allocated\n", first_irq);
        irq_domain_associate_many(domain, first_irq, 0, static_cast<int>(size));
    }
    return domain;
}

// No device tree on a PC: a driver's node is null.
irq_domain* irq_domain_add_simple(device_node*, unsigned size, unsigned first_irq, const irq_domain_ops* ops,
                                  void* host_data)
{
    return irq_domain_create_simple(nullptr, size, first_irq, ops, host_data);
}

irq_domain* irq_domain_create_legacy(fwnode_handle* fwnode, unsigned size, unsigned first_irq,
                                     irq_hw_number_t first_hwirq, const irq_domain_ops* ops, void* host_data)
{
    const auto end = static_cast<unsigned>(first_hwirq) + size;
    irq_domain* domain = __irq_domain_add(fwnode, end, end, 0, ops, host_data);
    irq_domain_associate_many(domain, first_irq, first_hwirq, static_cast<int>(size));
    return domain;
}

irq_domain* irq_domain_add_legacy(device_node*, unsigned size, unsigned first_irq, irq_hw_number_t first_hwirq,
                                  const irq_domain_ops* ops, void* host_data)
{
    return irq_domain_create_legacy(nullptr, size, first_irq, first_hwirq, ops, host_data);
}

void irq_domain_remove(irq_domain* domain)
{
    Kernel& k = kernel();
    Domains& domains = domains_of(k);
    unlink(*domain);
    if (domains.default_host == domain)
        domains.default_host = nullptr;
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq)
        if (irq_desc* desc = irq_desc_of(k, irq); desc && desc->irq_data.domain == domain)
            forget_controller(*desc);
    k.arena.give_back(const_cast<char*>(domain->name), sizeof(fwnode_handle::name));
    k.arena.give_back(domain, domain->__lab_size);
}

void irq_set_default_host(irq_domain* domain) { domains_of(kernel()).default_host = domain; }
irq_domain* irq_get_default_host(void) { return domains_of(kernel()).default_host; }
void irq_domain_update_bus_token(irq_domain* domain, irq_domain_bus_token token) { domain->bus_token = token; }

// `type`: 0 by address, 1 named, 2 named and numbered [LX kernel/irq/irqdomain.c].
fwnode_handle* __irq_domain_alloc_fwnode(unsigned type, int id, const char* name, void* pa)
{
    auto& node = *kernel().arena.make<fwnode_handle>();
    if (type == 1)
        std::snprintf(node.name, sizeof node.name, "%s", name);
    else if (type == 2)
        std::snprintf(node.name, sizeof node.name, "%s-%d", name, id);
    else
        std::snprintf(node.name, sizeof node.name, "irqchip@0x%016lx", pa ? *static_cast<unsigned long*>(pa) : 0ul);
    return &node;
}

void irq_domain_free_fwnode(fwnode_handle* fwnode)
{
    if (fwnode)
        kernel().arena.give_back(fwnode, sizeof *fwnode);
}

int irq_domain_associate(irq_domain* domain, unsigned virq, irq_hw_number_t hwirq)
{
    irq_data* data = irq_get_irq_data(virq);
    const auto warn = [](int line, const char* format, auto... values) {
        kernel_warn("kernel/irq/irqdomain.c", line, "irq_domain_associate_locked", format, values...);
        return -EINVAL;
    };
    if (hwirq >= domain->hwirq_max)
        return warn(594, "error: hwirq 0x%x is too large for %s\n", static_cast<int>(hwirq), domain->name);
    if (!data)
        return warn(597, "error: virq%i is not allocated", virq);
    if (data->domain)
        return warn(599, "error: virq%i is already associated", virq);
    data->hwirq = hwirq;
    data->domain = domain;
    if (const int error = domain->ops->map ? domain->ops->map(domain, virq, hwirq) : 0) {
        if (error != -EPERM) // the driver's silent no
            _printk("\0016irq: %s didn't like hwirq-0x%lx to VIRQ%i mapping (rc=%d)\n", domain->name, hwirq, virq,
                    error);
        data->domain = nullptr;
        data->hwirq = 0;
        return error;
    }
    ++domain->mapcount;
    irq_domain_set_mapping(*domain, *data);
    irq_modify_status(virq, IRQ_NOREQUEST, 0);
    return 0;
}

void irq_domain_associate_many(irq_domain* domain, unsigned irq_base, irq_hw_number_t hwirq_base, int count)
{
    for (int i = 0; i < count; ++i)
        irq_domain_associate(domain, irq_base + static_cast<unsigned>(i),
                             hwirq_base + static_cast<irq_hw_number_t>(i));
}

unsigned irq_create_mapping_affinity(irq_domain* domain, irq_hw_number_t hwirq, const void*)
{
    if (!domain)
        domain = irq_get_default_host();
    if (!domain) {
        kernel_warn("kernel/irq/irqdomain.c", 755, "irq_create_mapping_affinity",
                    "irq_create_mapping_affinity(, %lx) called with NULL domain\n", hwirq);
        return 0;
    }
    if (const unsigned there = irq_find_mapping(domain, hwirq))
        return there;
    const int virq = irq_domain_alloc_descs(-1, 1, hwirq);
    if (virq <= 0)
        return 0;
    if (irq_domain_associate(domain, static_cast<unsigned>(virq), hwirq)) {
        irq_free_descs(static_cast<unsigned>(virq), 1);
        return 0;
    }
    return static_cast<unsigned>(virq);
}

unsigned irq_create_mapping(irq_domain* domain, irq_hw_number_t hwirq)
{
    return irq_create_mapping_affinity(domain, hwirq, nullptr);
}

void irq_dispose_mapping(unsigned virq)
{
    irq_data* data = irq_get_irq_data(virq);
    if (!virq || !data)
        return;
    irq_domain* domain = data->domain;
    if (!domain || irq_has_vector(kernel(), *irq_to_desc(virq))) {
        kernel_warn("kernel/irq/irqdomain.c", 929, "irq_dispose_mapping", nullptr);
        return;
    }
    if (irq_domain_is_hierarchy(*domain)) {
        irq_domain_free_irqs(virq, 1);
        return;
    }
    disassociate(*domain, *data);
    irq_free_descs(virq, 1);
}

irq_desc* __irq_resolve_mapping(irq_domain* domain, irq_hw_number_t hwirq, unsigned* irq)
{
    if (!domain)
        domain = irq_get_default_host();
    irq_data* data = domain ? resolve(kernel(), *domain, hwirq) : nullptr;
    if (data && irq)
        *irq = data->irq;
    return data ? irq_to_desc(data->irq) : nullptr;
}

unsigned irq_find_mapping(irq_domain* domain, irq_hw_number_t hwirq)
{
    unsigned irq = 0;
    return __irq_resolve_mapping(domain, hwirq, &irq) ? irq : 0;
}

irq_domain* irq_find_matching_fwspec(irq_fwspec* fwspec, irq_domain_bus_token bus_token)
{
    return find_domain(kernel(), [=](irq_domain& d) {
        if (d.ops->select && fwspec->param_count)
            return d.ops->select(&d, fwspec, bus_token) != 0;
        return fwspec->fwnode && d.fwnode == fwspec->fwnode &&
               (bus_token == DOMAIN_BUS_ANY || d.bus_token == bus_token);
    });
}

} // namespace irqlab::abi

// Descriptors that drivers make for lines of their own. [LX core-api/irq/irq-domain], [LX
// kernel/irq/irqdesc.c]
#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"

namespace irqlab::kernel {

namespace {

/// Below these are the lines of the I/O APIC.
constexpr unsigned first_dynamic = hw::lines_max;

bool all_free(const Kernel& k, unsigned first, unsigned count)
{
    for (unsigned irq = first; irq < first + count; ++irq)
        if (k.irq->desc[irq])
            return false;
    return true;
}

/// @return the first of `count` free numbers from `from` on, or -EEXIST.
int find_free(const Kernel& k, unsigned from, unsigned count)
{
    for (unsigned first = from; u64{first} + count <= k.irq->nr_irqs; ++first)
        if (all_free(k, first, count))
            return static_cast<int>(first);
    return -EEXIST;
}

// A domain of a driver must not find what is no more.
void drop_mapping(abi::irq_desc& desc)
{
    if (desc.irq_data.domain && !irq_has_vector(kernel(), desc))
        irq_domain_clear_mapping(*desc.irq_data.domain, desc.irq_data);
}

// A handler that was left behind keeps the descriptor, as its thread and its name in /proc do: the lab must not
// serve another line with it. Linux frees it and says what leaks.
void drop_unused(Kernel& k, unsigned irq)
{
    abi::irq_desc* desc = irq_desc_of(k, irq);
    if (!desc->action || desc->action == chained_action()) {
        irq_desc_drop(k, irq);
        return;
    }
    kernel_warn("fs/proc/generic.c", 715, "remove_proc_entry",
                "remove_proc_entry: removing non-empty directory 'irq/%u', leaking at least '%s'\n", irq,
                desc->action->name ? desc->action->name : "(null)");
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

int __irq_alloc_descs(int irq, unsigned from, unsigned count, int, module* owner, const void*)
{
    Kernel& k = kernel();
    if (!count || (irq >= 0 && from > static_cast<unsigned>(irq)))
        return -EINVAL;
    if (irq >= 0)
        from = static_cast<unsigned>(irq);
    else if (k.irq->use_ioapic) // Linux looks from there on, whatever the caller says
        from = first_dynamic;
    const int first = find_free(k, from, count);
    if (first < 0 || (irq >= 0 && first != irq))
        return -EEXIST;
    for (unsigned i = 0; i < count; ++i)
        irq_desc_make(k, static_cast<unsigned>(first) + i)->owner = owner;
    return first;
}

void irq_free_descs(unsigned irq, unsigned count)
{
    Kernel& k = kernel();
    for (unsigned i = 0; i < count; ++i)
        if (irq_desc* desc = irq_desc_of(k, irq + i)) {
            drop_mapping(*desc);
            drop_unused(k, irq + i);
        }
}

} // namespace irqlab::abi

// Descriptors that drivers make for lines of their own. [LX core-api/irq/irq-domain], [LX
// kernel/irq/irqdesc.c]
#include <algorithm>

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

/// Linux's IRQ_BITMAP_BITS of a kernel for 8192 CPUs: NR_IRQS and 8196 more.
constexpr unsigned irq_numbers_max = NR_VECTORS + 64 * 8192 + 8196;

/// There are numbers up to `needed`: nr_irqs grows with what is asked for.
bool expand(Kernel& k, unsigned needed)
{
    if (needed > irq_numbers_max)
        return false;
    IrqCore& core = *k.irq;
    const unsigned more = std::min((needed + 63) / 64 * 64, irq_numbers_max);
    auto** table = static_cast<abi::irq_desc**>(k.arena.take(more * sizeof(abi::irq_desc*)));
    std::copy_n(core.desc, core.nr_irqs, table);
    k.arena.give_back(core.desc, core.nr_irqs * sizeof(abi::irq_desc*));
    core.desc = table;
    core.nr_irqs = more;
    return true;
}

/// @return the first of `count` free numbers from `from` on, or -ENOMEM.
int find_free(Kernel& k, unsigned from, unsigned count)
{
    for (unsigned first = from; u64{first} + count <= irq_numbers_max; ++first) {
        if (first + count > k.irq->nr_irqs && !expand(k, first + count))
            break;
        if (all_free(k, first, count))
            return static_cast<int>(first);
    }
    return -ENOMEM;
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
    if (irq >= 0 && first != irq)
        return -EEXIST;
    if (first < 0)
        return first;
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

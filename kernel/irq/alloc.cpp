// Descriptors that drivers make for lines of their own. [LX core-api/irq/irq-domain], [LX
// kernel/irq/irqdesc.c]
#include <algorithm>

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
    from = irq >= 0 ? static_cast<unsigned>(irq) : std::max(from, first_dynamic);
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
        if (irq_desc_of(k, irq + i))
            irq_desc_drop(k, irq + i);
}

} // namespace irqlab::abi

// Generic chips: controllers whose lines are the bits of a few registers.
// Source: [LX core-api/genericirq] "Generic interrupt chip".
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/io.h"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

using abi::irq_chip_generic;
using abi::irq_chip_type;
using abi::irq_data;

namespace {

constexpr int enotsupp = 524; // [LX include/linux/errno.h]

irq_chip_generic& chip_of(irq_data* data) { return *static_cast<irq_chip_generic*>(data->chip_data); }
/// The type whose chip the line uses.
irq_chip_type& type_of(irq_data* data) { return *reinterpret_cast<irq_chip_type*>(data->chip); }
static_assert(offsetof(irq_chip_type, chip) == 0);

char* at(const irq_chip_generic& gc, unsigned long offset) { return static_cast<char*>(gc.reg_base) + offset; }

u32 read_register(irq_chip_generic& gc, unsigned long offset)
{
    return gc.reg_readl ? gc.reg_readl(at(gc, offset)) : static_cast<u32>(abi::__lab_mmio_read(at(gc, offset), 4));
}

void write_register(irq_chip_generic& gc, u32 value, unsigned long offset)
{
    if (gc.reg_writel)
        gc.reg_writel(value, at(gc, offset));
    else
        abi::__lab_mmio_write(at(gc, offset), value, 4);
}

std::size_t bytes_of(unsigned types) { return sizeof(irq_chip_generic) + types * sizeof(irq_chip_type); }

void init(irq_chip_generic& gc, const char* name, unsigned types, unsigned irq_base, void* reg_base,
          abi::irq_flow_handler_t handler)
{
    gc.num_ct = types;
    gc.irq_base = irq_base;
    gc.reg_base = reg_base;
    for (unsigned i = 0; i < types; ++i)
        gc.chip_types[i].chip.name = name;
    gc.chip_types[0].handler = handler;
}

void init_mask_cache(irq_chip_generic& gc, unsigned flags)
{
    const bool each = flags & abi::IRQ_GC_MASK_CACHE_PER_TYPE;
    for (unsigned i = 0; i < gc.num_ct; ++i) {
        irq_chip_type& type = gc.chip_types[i];
        type.mask_cache = each ? &type.mask_cache_priv : &gc.mask_cache;
        if (flags & abi::IRQ_GC_INIT_MASK_CACHE)
            *type.mask_cache = read_register(gc, each ? type.regs.mask : gc.chip_types[0].regs.mask);
    }
}

void give_mask(irq_data& data, abi::irq_chip& chip, unsigned index, unsigned flags)
{
    if (flags & abi::IRQ_GC_NO_MASK)
        return;
    if (chip.irq_calc_mask)
        chip.irq_calc_mask(&data);
    else
        data.mask = 1u << index;
}

/// Calls visit(virq) for each line of `mask` that there is.
template <class Visit> void each_line(irq_chip_generic& gc, u32 mask, Visit visit)
{
    for (unsigned i = 0; mask; mask >>= 1, ++i)
        if (mask & 1)
            if (const unsigned virq =
                    gc.domain ? abi::irq_find_mapping(gc.domain, gc.irq_base + i) : gc.irq_base + i)
                visit(virq);
}

int map_line(abi::irq_domain* domain, unsigned virq, abi::irq_hw_number_t hwirq)
{
    irq_chip_generic* gc = abi::irq_get_domain_generic_chip(domain, static_cast<unsigned>(hwirq));
    if (!gc)
        return -EINVAL;
    const abi::irq_domain_chip_generic& dgc = *domain->gc;
    const auto index = static_cast<unsigned>(hwirq) % dgc.irqs_per_chip;
    if (gc->unused >> index & 1)
        return -enotsupp;
    if (gc->installed >> index & 1)
        return -EBUSY;
    if (!gc->installed)
        init_mask_cache(*gc, dgc.gc_flags);
    gc->installed |= 1ul << index;
    irq_chip_type& type = gc->chip_types[0];
    give_mask(*abi::irq_get_irq_data(virq), type.chip, index, dgc.gc_flags);
    abi::irq_domain_set_info(domain, virq, hwirq, &type.chip, gc, type.handler, nullptr, nullptr);
    abi::irq_modify_status(virq, dgc.irq_flags_to_clear, dgc.irq_flags_to_set);
    return 0;
}

void unmap_line(abi::irq_domain* domain, unsigned virq)
{
    irq_data* data = abi::irq_domain_get_irq_data(domain, virq);
    irq_chip_generic* gc =
        data ? abi::irq_get_domain_generic_chip(domain, static_cast<unsigned>(data->hwirq)) : nullptr;
    if (!gc)
        return;
    gc->installed &= ~(1ul << static_cast<unsigned>(data->hwirq) % domain->gc->irqs_per_chip);
    abi::irq_domain_set_info(domain, virq, data->hwirq, &abi::no_irq_chip, nullptr, nullptr, nullptr, nullptr);
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

const irq_domain_ops irq_generic_chip_ops = [] {
    irq_domain_ops ops{};
    ops.map = map_line;
    ops.unmap = unmap_line;
    ops.xlate = irq_domain_xlate_onetwocell;
    return ops;
}();

void irq_gc_noop(irq_data*) {}

void irq_gc_mask_disable_reg(irq_data* d)
{
    write_register(chip_of(d), d->mask, type_of(d).regs.disable);
    *type_of(d).mask_cache &= ~d->mask;
}

void irq_gc_mask_set_bit(irq_data* d)
{
    u32& cache = *type_of(d).mask_cache;
    cache |= d->mask;
    write_register(chip_of(d), cache, type_of(d).regs.mask);
}

void irq_gc_mask_clr_bit(irq_data* d)
{
    u32& cache = *type_of(d).mask_cache;
    cache &= ~d->mask;
    write_register(chip_of(d), cache, type_of(d).regs.mask);
}

void irq_gc_unmask_enable_reg(irq_data* d)
{
    write_register(chip_of(d), d->mask, type_of(d).regs.enable);
    *type_of(d).mask_cache |= d->mask;
}

void irq_gc_ack_set_bit(irq_data* d) { write_register(chip_of(d), d->mask, type_of(d).regs.ack); }

int irq_gc_set_wake(irq_data* d, unsigned on)
{
    irq_chip_generic& gc = chip_of(d);
    if (!(d->mask & gc.wake_enabled))
        return -EINVAL;
    gc.wake_active = on ? gc.wake_active | d->mask : gc.wake_active & ~d->mask;
    return 0;
}

irq_chip_generic* irq_alloc_generic_chip(const char* name, int num_ct, unsigned irq_base, void* reg_base,
                                         irq_flow_handler_t handler)
{
    const auto types = static_cast<unsigned>(num_ct);
    void* memory = __kmalloc(bytes_of(types), GFP_KERNEL | __GFP_ZERO); // the driver frees it by kfree()
    if (memory)
        init(*static_cast<irq_chip_generic*>(memory), name, types, irq_base, reg_base, handler);
    return static_cast<irq_chip_generic*>(memory);
}

void irq_setup_generic_chip(irq_chip_generic* gc, u32 msk, irq_gc_flags flags, unsigned clr, unsigned set)
{
    irq_chip_type& type = gc->chip_types[0];
    init_mask_cache(*gc, flags);
    unsigned index = 0;
    for (; msk; msk >>= 1, ++index) {
        const unsigned irq = gc->irq_base + index;
        irq_data* data = msk & 1 ? irq_get_irq_data(irq) : nullptr;
        if (!data)
            continue;
        give_mask(*data, type.chip, index, flags);
        irq_set_chip_and_handler_name(irq, &type.chip, type.handler, nullptr);
        irq_set_chip_data(irq, gc);
        irq_modify_status(irq, clr, set);
    }
    gc->irq_cnt = index;
}

int irq_setup_alt_chip(irq_data* d, unsigned type)
{
    irq_chip_generic& gc = chip_of(d);
    for (unsigned i = 0; i < gc.num_ct; ++i)
        if (irq_chip_type& ct = gc.chip_types[i]; ct.type & type) {
            d->chip = &ct.chip;
            irq_to_desc(d->irq)->handle_irq = ct.handler;
            return 0;
        }
    return -EINVAL;
}

void irq_remove_generic_chip(irq_chip_generic* gc, u32 msk, unsigned clr, unsigned set)
{
    each_line(*gc, msk, [=](unsigned virq) {
        __irq_set_handler(virq, nullptr, 0, nullptr);
        irq_set_chip(virq, &no_irq_chip);
        irq_set_chip_data(virq, nullptr);
        irq_modify_status(virq, clr, set);
    });
}

irq_chip_generic* irq_get_domain_generic_chip(irq_domain* d, unsigned hwirq)
{
    const irq_domain_chip_generic* dgc = d->gc;
    const unsigned index = dgc ? hwirq / dgc->irqs_per_chip : 0;
    return dgc && index < dgc->num_chips ? dgc->gc[index] : nullptr;
}

int __irq_alloc_domain_generic_chips(irq_domain* d, int irqs_per_chip, int num_ct, const char* name,
                                     irq_flow_handler_t handler, unsigned clr, unsigned set, irq_gc_flags flags)
{
    if (d->gc)
        return -EBUSY;
    const auto each = static_cast<unsigned>(irqs_per_chip);
    const unsigned chips = (d->revmap_size + each - 1) / each;
    if (!chips)
        return -EINVAL;
    auto& arena = irqlab::kernel::kernel().arena;
    auto& dgc = *static_cast<irq_domain_chip_generic*>(
        arena.take(sizeof(irq_domain_chip_generic) + chips * sizeof(irq_chip_generic*)));
    dgc.irqs_per_chip = each;
    dgc.num_chips = chips;
    dgc.irq_flags_to_clear = clr;
    dgc.irq_flags_to_set = set;
    dgc.gc_flags = flags;
    const auto types = static_cast<unsigned>(num_ct);
    for (unsigned i = 0; i < chips; ++i) {
        dgc.gc[i] = static_cast<irq_chip_generic*>(arena.take(bytes_of(types)));
        init(*dgc.gc[i], name, types, i * each, nullptr, handler);
        dgc.gc[i]->domain = d;
    }
    d->gc = &dgc;
    return 0;
}

} // namespace irqlab::abi

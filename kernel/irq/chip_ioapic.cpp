// The chips "IO-APIC" and "IR-IO-APIC": redirection entries, masks, and the EOI to the local APIC.
//
// Under interrupt remapping the rows are named IR-; the remapping unit itself is not modelled, so that
// entries are programmed as without it.
// Source: [82093AA]; [LX arch/x86/kernel/apic/io_apic.c] for when what is written.
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/smp.hpp"

namespace irqlab::kernel {

namespace {

constexpr u32 ioregsel = 0x00, iowin = 0x10;

void ioapic_write(Kernel& k, u8 reg, u32 value)
{
    const unsigned cpu = k.this_cpu->index;
    hw::mmio_write(k.machine, cpu, hw::ioapic_address + ioregsel, reg, k.signals);
    hw::mmio_write(k.machine, cpu, hw::ioapic_address + iowin, value, k.signals);
}

u64 entry_of(const Route& r, bool masked)
{
    using namespace hw::rte;
    u64 e = 0;
    e = Vector::put(e, r.vector);
    e = DeliveryMode::put(e, static_cast<u64>(hw::Delivery::fixed));
    e = Logical::put(e, 1);
    e = ActiveLow::put(e, r.active_low);
    e = Level::put(e, !r.edge);
    e = Masked::put(e, masked);
    return Destination::put(e, 1u << (r.cpu & 7)); // logical, flat: a bit for each CPU
}

// Flat logical IDs reach eight CPUs; with more, Linux goes physical.
u64 entry_for(Kernel& k, const Route& r, bool masked)
{
    if (k.cpu_count <= 8)
        return entry_of(r, masked);
    const u64 e = hw::rte::Logical::put(entry_of(r, masked), 0);
    return hw::rte::Destination::put(e, r.cpu);
}

void ioapic_mask(abi::irq_data* data) { ioapic_write_entry(kernel(), *irq_desc_of(kernel(), data->irq), true); }
void ioapic_unmask(abi::irq_data* data) { ioapic_write_entry(kernel(), *irq_desc_of(kernel(), data->irq), false); }

unsigned ioapic_startup(abi::irq_data* data)
{
    Kernel& k = kernel();
    if (data->irq < nr_legacy_irqs)
        mask_8259a_irq(k, data->irq);
    ioapic_unmask(data);
    return 0;
}

void ioapic_ack(abi::irq_data*) { ack_apic(kernel()); }

int ioapic_set_affinity(abi::irq_data* data, const abi::cpumask* dest, bool)
{
    Kernel& k = kernel();
    abi::irq_desc& desc = *irq_desc_of(k, data->irq);
    const int error = vector_assign(k, desc, set_of(*dest));
    if (!error)
        ioapic_write_entry(k, desc, irqd_test(desc, irqd_irq_masked));
    return error;
}

// An interrupt sent to the line's own CPU and vector, as a stuck edge is resent.
int ioapic_retrigger(abi::irq_data* data)
{
    Kernel& k = kernel();
    const Route& r = *static_cast<const Route*>(data->chip_data);
    hw::mmio_write(k.machine, k.this_cpu->index, hw::lapic_address + hw::lapic_icr_high,
                   static_cast<u32>(r.cpu) << 24, k.signals);
    hw::mmio_write(k.machine, k.this_cpu->index, hw::lapic_address + hw::lapic_icr_low, r.vector, k.signals);
    return 1;
}

constexpr abi::irq_chip make_chip(const char* name)
{
    abi::irq_chip c{};
    c.name = name;
    c.irq_startup = ioapic_startup;
    c.irq_mask = ioapic_mask;
    c.irq_unmask = ioapic_unmask;
    c.irq_ack = ioapic_ack;
    c.irq_eoi = ioapic_ack;
    c.irq_set_affinity = ioapic_set_affinity;
    c.irq_retrigger = ioapic_retrigger;
    c.flags = irqchip_skip_set_wake;
    return c;
}

} // namespace

abi::irq_chip ioapic_chip = make_chip("IO-APIC");
abi::irq_chip ioapic_ir_chip = make_chip("IR-IO-APIC");

void ioapic_write_entry(Kernel& k, abi::irq_desc& desc, bool masked)
{
    const Route& r = route_of(desc);
    const u64 entry = entry_for(k, r, masked);
    const u8 reg = static_cast<u8>(0x10 + 2 * r.pin);
    ioapic_write(k, static_cast<u8>(reg + 1), static_cast<u32>(entry >> 32));
    ioapic_write(k, reg, static_cast<u32>(entry));
}

void ack_apic(Kernel& k) { hw::lapic_eoi(k.machine, k.this_cpu->index, k.signals); }

/// Turns every legacy line that the board's tables route into an IO-APIC line.
void irq_init_ioapic(Kernel& k)
{
    for (unsigned isa = 0; isa < nr_legacy_irqs; ++isa) {
        if (isa == 2) // the cascade has no input of its own
            continue;
        const hw::IsaOverride o = hw::isa_to_gsi(k.config.board, isa);
        abi::irq_desc& d = *k.irq->desc[isa];
        Route& r = route_of(d);
        r.pin = o.gsi;
        r.edge = !o.level;
        r.active_low = o.active_low;
        d.irq_data.hwirq = o.gsi;
        d.irq_data.chip = k.irq->remapped ? &ioapic_ir_chip : &ioapic_chip;
        d.irq_data.domain = reinterpret_cast<abi::irq_domain*>(k.irq); // has a hwirq of its own
        d.handle_irq = o.level ? abi::handle_fasteoi_irq : abi::handle_edge_irq;
        d.name = o.level ? "fasteoi" : "edge";
        d.status_use_accessors &= ~static_cast<unsigned>(abi::IRQ_LEVEL);
        irqd(d) &= ~irqd_level;
        if (o.level) {
            d.status_use_accessors |= abi::IRQ_LEVEL;
            irqd(d) |= irqd_level;
        }
    }
}

} // namespace irqlab::kernel

// The chips "IO-APIC" and "IR-IO-APIC": redirection entries, masks, and the EOI to the local APIC.
//
// Where an entry points to is its parent's to say (message.hpp); the two chips differ in name and parent.
// Source: [82093AA]; [LX arch/x86/kernel/apic/io_apic.c] for when what is written, and for the lines of boot.
#include <array>

#include "hw/irq/ioapic.hpp"
#include "kernel/irq/apic.hpp"
#include "kernel/irq/message.hpp"
#include "kernel/sched/smp.hpp"

namespace irqlab::kernel {

namespace {

constexpr u32 ioregsel = 0x00, iowin = 0x10;
constexpr u8 version_register = 0x01, first_entry = 0x10;
constexpr u64 nobodys = hw::rte::at_reset;

constexpr u8 entry_register(unsigned pin) { return static_cast<u8>(first_entry + 2 * pin); }

void write_entry(Kernel& k, abi::irq_desc& desc, bool masked)
{
    using namespace hw::rte;
    const Route& r = route_of(desc);
    u64 entry = entry_from_message(k.irq->parent->compose(k, desc));
    entry = ActiveLow::put(entry, r.active_low);
    entry = Level::put(entry, !r.edge);
    ioapic_write_entry(k, r.pin, Masked::put(entry, masked));
}

void ioapic_mask(abi::irq_data* data) { write_entry(kernel(), *irq_desc_of(kernel(), data->irq), true); }
void ioapic_unmask(abi::irq_data* data) { write_entry(kernel(), *irq_desc_of(kernel(), data->irq), false); }

unsigned ioapic_startup(abi::irq_data* data)
{
    Kernel& k = kernel();
    if (data->irq < nr_legacy_irqs)
        mask_8259a_irq(k, data->irq);
    ioapic_unmask(data);
    return 0;
}

// A level line moves when it has been ended: an EOI finds its entry by the vector that is there.
void ioapic_eoi(abi::irq_data* data)
{
    Kernel& k = kernel();
    abi::irq_desc& desc = *irq_desc_of(k, data->irq);
    vector_complete_move(k, desc);
    if (!irqd_test(desc, irqd_setaffinity_pending)) [[likely]] {
        ack_apic(k);
        return;
    }
    write_entry(k, desc, true);
    ack_apic(k);
    if (!hw::rte::RemoteIrr::test(ioapic_read_entry(k, route_of(desc).pin)))
        irq_move_masked(k, desc);
    write_entry(k, desc, irqd_test(desc, irqd_irq_masked));
}

int ioapic_set_affinity(abi::irq_data* data, const abi::cpumask* dest, bool)
{
    Kernel& k = kernel();
    abi::irq_desc& desc = *irq_desc_of(k, data->irq);
    const int error = vector_assign(k, desc, set_of(*dest));
    if (!error && !k.irq->parent->retarget(k, desc))
        write_entry(k, desc, irqd_test(desc, irqd_irq_masked));
    return error;
}

// An edge is fire and forget: nothing of it is ever in flight here.
int ioapic_get_state(abi::irq_data* data, int which, bool* state)
{
    if (which != abi::IRQCHIP_STATE_ACTIVE)
        return -EINVAL;
    Kernel& k = kernel();
    const u64 entry = ioapic_read_entry(k, route_of(*irq_desc_of(k, data->irq)).pin);
    *state = hw::rte::Level::test(entry) && hw::rte::RemoteIrr::test(entry);
    return 0;
}

/// Its vector field is the pin's number. Without the register, an entry forgets remote IRR when it is
/// edge-triggered for a moment.
void eoi_pin(Kernel& k, u8 pin)
{
    using namespace hw::rte;
    constexpr u32 eoi_register = 0x40;
    if (k.irq->ioapic_version >= hw::ioapic_version_eoi) [[likely]]
        return hw::mmio_write(k.machine, k.this_cpu->index, hw::ioapic_address + eoi_register, pin,
                              k.signals);
    const u64 entry = ioapic_read_entry(k, pin);
    ioapic_write_entry(k, pin, Level::put(Masked::put(entry, true), false));
    ioapic_write_entry(k, pin, entry);
}

// Behind a remapping unit the CPU's EOI does not reach the entry, whose vector field is the pin's number.
void ioapic_ir_eoi(abi::irq_data* data)
{
    Kernel& k = kernel();
    if (!k.irq->remap) {
        ioapic_eoi(data);
        return;
    }
    abi::irq_desc& desc = *irq_desc_of(k, data->irq);
    vector_complete_move(k, desc);
    ack_apic(k);
    eoi_pin(k, route_of(desc).pin);
}

constexpr abi::irq_chip make_chip(const char* name, void (*eoi)(abi::irq_data*))
{
    abi::irq_chip c{};
    c.name = name;
    c.irq_startup = ioapic_startup;
    c.irq_mask = ioapic_mask;
    c.irq_unmask = ioapic_unmask;
    c.irq_ack = apic_ack_edge;
    c.irq_eoi = eoi;
    c.irq_set_affinity = ioapic_set_affinity;
    c.irq_retrigger = apic_retrigger_irq;
    c.irq_get_irqchip_state = ioapic_get_state;
    c.flags = irqchip_skip_set_wake;
    return c;
}

/// As the board's tables say.
void take_isa_line(Kernel& k, const hw::IsaOverride& o)
{
    ioapic_take_line(k, *k.irq->desc[o.isa], o.gsi, o.level, o.active_low);
    say_verbose(k, loglevel_debug,
                "IOAPIC[0]: Preconfigured routing entry (0-{} -> IRQ {} Level:{} ActiveLow:{})", o.gsi, o.isa,
                o.level ? 1 : 0, o.active_low ? 1 : 0);
}

constexpr u8 no_line = 0xff;

/// The ISA line of each pin.
std::array<u8, hw::ioapic_pins> isa_lines(hw::BoardId board)
{
    std::array<u8, hw::ioapic_pins> lines;
    lines.fill(no_line);
    for (u8 isa = 0; isa < nr_legacy_irqs; ++isa)
        if (isa != 2) // the cascade has no input of its own
            lines[hw::isa_to_gsi(board, isa).gsi] = isa;
    return lines;
}

} // namespace

abi::irq_chip ioapic_chip = make_chip("IO-APIC", ioapic_eoi);
abi::irq_chip ioapic_ir_chip = make_chip("IR-IO-APIC", ioapic_ir_eoi);

void apic_ack_edge(abi::irq_data* data)
{
    Kernel& k = kernel();
    abi::irq_desc& desc = *irq_desc_of(k, data->irq);
    vector_complete_move(k, desc);
    irq_move(k, desc);
    ack_apic(k);
}

int apic_retrigger_irq(abi::irq_data* data)
{
    Kernel& k = kernel();
    const Route& r = route_of(*irq_desc_of(k, data->irq));
    send_ipi(k, r.cpu, r.vector);
    return 1;
}

u32 ioapic_read(Kernel& k, u8 reg)
{
    const unsigned cpu = k.this_cpu->index;
    hw::mmio_write(k.machine, cpu, hw::ioapic_address + ioregsel, reg, k.signals);
    return hw::mmio_read(k.machine, cpu, hw::ioapic_address + iowin, k.signals);
}

void ioapic_write(Kernel& k, u8 reg, u32 value)
{
    const unsigned cpu = k.this_cpu->index;
    hw::mmio_write(k.machine, cpu, hw::ioapic_address + ioregsel, reg, k.signals);
    hw::mmio_write(k.machine, cpu, hw::ioapic_address + iowin, value, k.signals);
}

u64 ioapic_read_entry(Kernel& k, unsigned pin)
{
    const u8 reg = entry_register(pin);
    const u64 high = ioapic_read(k, static_cast<u8>(reg + 1));
    return high << 32 | ioapic_read(k, reg);
}

// The high half first: the low one may open the entry. Closing it goes the other way round, but then
// nothing is sent in between.
void ioapic_write_entry(Kernel& k, unsigned pin, u64 entry)
{
    const u8 reg = entry_register(pin);
    ioapic_write(k, static_cast<u8>(reg + 1), static_cast<u32>(entry >> 32));
    ioapic_write(k, reg, static_cast<u32>(entry));
}

unsigned ioapic_pins(Kernel& k) { return hw::Ioapic::MaxEntry::get(ioapic_read(k, version_register)) + 1; }

void ioapic_take_line(Kernel& k, abi::irq_desc& d, u8 pin, bool level, bool active_low)
{
    Route& r = route_of(d);
    r.pin = pin;
    r.edge = !level;
    r.active_low = active_low;
    d.irq_data.hwirq = pin;
    d.irq_data.chip = k.irq->remapped ? &ioapic_ir_chip : &ioapic_chip;
    d.irq_data.domain = reinterpret_cast<abi::irq_domain*>(k.irq); // has a hwirq of its own
    d.handle_irq = level ? abi::handle_fasteoi_irq : abi::handle_edge_irq;
    d.name = level ? "fasteoi" : "edge";
    d.status_use_accessors &= ~static_cast<unsigned>(abi::IRQ_LEVEL);
    irqd(d) &= ~irqd_level;
    if (k.irq->remapped)
        irqd(d) |= irqd_move_pcntxt;
    if (level) {
        d.status_use_accessors |= abi::IRQ_LEVEL;
        irqd(d) |= irqd_level;
    }
}

void ioapic_release_line(Kernel& k, abi::irq_desc& desc)
{
    ioapic_write_entry(k, route_of(desc).pin, nobodys);
}

void ack_apic(Kernel& k)
{
    if (k.irq->x2apic)
        lapic_write(k, hw::lapic_eoi_register, 0);
    else
        hw::lapic_eoi(k.machine, k.this_cpu->index, k.signals);
}

void irq_clear_ioapic(Kernel& k)
{
    k.irq->ioapic_version = static_cast<u8>(ioapic_read(k, version_register));
    const unsigned pins = ioapic_pins(k);
    for (unsigned pin = 0; pin < pins; ++pin) {
        const u64 entry = ioapic_read_entry(k, pin);
        if (!hw::rte::Masked::test(entry) &&
            hw::rte::DeliveryMode::get(entry) == static_cast<u64>(hw::Delivery::ext_int))
            k.irq->ext_int_pin = static_cast<int>(pin);
        ioapic_write_entry(k, pin, nobodys);
    }
}

void irq_init_ioapic(Kernel& k)
{
    say_verbose(k, loglevel_warning, "ENABLING IO-APIC IRQs");
    say_verbose(k, loglevel_debug, "init IO_APIC IRQs");
    const auto lines = isa_lines(k.config.board);
    for (unsigned pin = 0; pin < lines.size(); ++pin)
        if (lines[pin] != no_line)
            take_isa_line(k, hw::isa_to_gsi(k.config.board, lines[pin]));
        else
            say_verbose(k, loglevel_debug, " apic 0 pin {} not connected", pin);
}

} // namespace irqlab::kernel

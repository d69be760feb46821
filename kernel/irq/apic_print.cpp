// The dump of `apic=debug`: the APICs' registers as they are read back when boot is over.
//
// Linux prints more of a local APIC, and the 8259s, only when it is built with DEBUG; so does this kernel
// not. Source: [LX arch/x86/kernel/apic/vector.c], [LX arch/x86/kernel/apic/io_apic.c] for the words.
#include <charconv>

#include "hw/irq/ioapic.hpp"
#include "hw/irq/lapic.hpp"
#include "kernel/irq/apic.hpp"

namespace irqlab::kernel {

namespace {

constexpr u8 id_register = 0x00, version_register = 0x01, arbitration_register = 0x02;

/// Fields of the I/O APIC's registers. [82093AA] "Register Description".
using ApicId = Field<u32, 24, 4>;
using Version = Field<u32, 0, 8>;
using Arbitration = Field<u32, 24, 4>;
// Of later chips; the 82093AA has zeros there.
using DeliveryType = Field<u32, 15>;
using Lts = Field<u32, 14>;
using Prq = Field<u32, 15>;

// ISR, TMR or IRR: eight registers, the lowest vectors first.
void print_vectors(Kernel& k, u16 first)
{
    std::string line;
    for (u16 i = 0; i < 8; ++i)
        line += fmt::format("{:08x}", lapic_read(k, static_cast<u16>(first + 0x10 * i)));
    log_line(k, loglevel_debug, line);
}

void print_local_apic(Kernel& k)
{
    const u32 id = lapic_read(k, hw::lapic_id);
    say(k, loglevel_info, "... APIC ID:      {:08x} ({:01x})", id, k.irq->x2apic ? id : id >> 24);
    say(k, loglevel_info, "... APIC VERSION: {:08x}", lapic_read(k, hw::lapic_version_register));
    for (const u16 first : {hw::lapic_isr, hw::lapic_tmr, hw::lapic_irr})
        print_vectors(k, first);
    log_line(k, loglevel_debug, "");
}

/// How many local APICs are shown: `show_lapic=`, one without it.
unsigned wanted_cpus(const Kernel& k)
{
    const std::string_view text = cmdline_value(k.config.cmdline, "show_lapic");
    unsigned count = 1;
    if (text == "all")
        count = k.cpu_count;
    else
        std::from_chars(text.data(), text.data() + text.size(), count);
    return std::min(count, k.cpu_count);
}

void print_local_apics(Kernel& k)
{
    PerCpu* const self = k.this_cpu;
    for (unsigned cpu = 0; cpu < wanted_cpus(k); ++cpu) {
        k.this_cpu = &k.cpus[cpu]; // each reads its own
        print_local_apic(k);
    }
    k.this_cpu = self;
}

void print_registers(Kernel& k)
{
    const u32 id = ioapic_read(k, id_register), version = ioapic_read(k, version_register),
              arbitration = ioapic_read(k, arbitration_register);
    say(k, loglevel_debug, "IO APIC #{}......", ApicId::get(id));
    say(k, loglevel_debug, ".... register #00: {:08X}", id);
    say(k, loglevel_debug, ".......    : physical APIC id: {:02X}", ApicId::get(id));
    say(k, loglevel_debug, ".......    : Delivery Type: {:X}", DeliveryType::get(id));
    say(k, loglevel_debug, ".......    : LTS          : {:X}", Lts::get(id));
    say(k, loglevel_debug, ".... register #01: {:08X}", version);
    say(k, loglevel_debug, ".......     : max redirection entries: {:02X}",
        hw::Ioapic::MaxEntry::get(version));
    say(k, loglevel_debug, ".......     : PRQ implemented: {:X}", Prq::get(version));
    say(k, loglevel_debug, ".......     : IO APIC version: {:02X}", Version::get(version));
    say(k, loglevel_debug, ".... register #02: {:08X}", arbitration);
    say(k, loglevel_debug, ".......     : arbitration: {:02X}", Arbitration::get(arbitration));
}

/// An entry in remappable format. [VTD] "I/OxAPIC Programming".
namespace remapped_rte {
using Format = Field<u64, 48>;
using Index = Field<u64, 49, 15>;
using Index15 = Field<u64, 11>;
} // namespace remapped_rte

std::string target_of(u64 e)
{
    using namespace hw::rte;
    if (remapped_rte::Format::test(e))
        return fmt::format("remapped, I({:04X}),  Z({:X})",
                           remapped_rte::Index15::get(e) << 15 | remapped_rte::Index::get(e),
                           DeliveryMode::get(e));
    return fmt::format("{}, D({:04X}), M({})", Logical::test(e) ? "logical " : "physical",
                       Destination::get(e), DeliveryMode::get(e));
}

void print_entry(Kernel& k, unsigned pin)
{
    using namespace hw::rte;
    const u64 e = ioapic_read_entry(k, pin);
    say(k, loglevel_debug, " pin{:02x}, {}, {}, {}, V({:02X}), IRR({}), S({}), {}", pin,
        Masked::test(e) ? "disabled" : "enabled ", Level::test(e) ? "level" : "edge ",
        ActiveLow::test(e) ? "low " : "high", Vector::get(e), RemoteIrr::get(e), Pending::get(e),
        target_of(e));
}

void print_mappings(Kernel& k)
{
    say(k, loglevel_debug, "IRQ to pin mappings:");
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq)
        if (abi::irq_desc* desc = irq_desc_of(k, irq);
            desc && (desc->irq_data.chip == &ioapic_chip || desc->irq_data.chip == &ioapic_ir_chip))
            say(k, loglevel_debug, "IRQ{} -> 0:{}", irq, route_of(*desc).pin);
}

void print_ioapic(Kernel& k)
{
    print_registers(k);
    say(k, loglevel_debug, ".... IRQ redirection table:");
    say(k, loglevel_debug, "IOAPIC 0:");
    for (unsigned pin = 0; pin < ioapic_pins(k); ++pin)
        print_entry(k, pin);
}

} // namespace

void print_apics(Kernel& k)
{
    if (!k.irq->apic_verbose || !k.irq->use_lapic)
        return;
    print_local_apics(k);
    say(k, loglevel_debug, "number of MP IRQ sources: {}.", k.irq->mp_sources);
    if (k.irq->use_ioapic)
        say(k, loglevel_debug, "number of IO-APIC #0 registers: {}.", ioapic_pins(k));
    say(k, loglevel_info, "testing the IO APIC.......................");
    if (k.irq->use_ioapic)
        print_ioapic(k);
    print_mappings(k);
    say(k, loglevel_info, ".................................... done.");
}

} // namespace irqlab::kernel

// ACPI's MADT and the MP table, as facts of the boards, and the lines that Linux prints while it reads them.
//
// What they say comes from hw/board/tables. Where they lie in memory and who made
// them is SeaBIOS 1.16.2's and QEMU 7.2's on a machine of 256 MB and two CPUs; more CPUs make the MADT
// longer. Source: [ACPI] "Multiple APIC Description Table"; [MP] "MP Configuration Table";
// tests/golden/recorded/boot.
#include "kernel/boot_tables.hpp"

#include "hw/board/pci_tables.hpp"
#include "hw/board/tables.hpp"
#include "hw/irq/ioapic.hpp"
#include "kernel/irq/apic.hpp"

namespace irqlab::kernel {

namespace {

struct Tables {
    u64 madt;
    std::string_view oem; // of the MADT: ID, table ID, revision, creator
    bool mp;
};

constexpr std::string_view seabios = "v01 BOCHS  BXPC     00000001 BXPC 00000001";
constexpr Tables pc{0x0ffe1a53, seabios, true}, q35{0x0ffe2231, seabios, true},
    laptop{0x0ffe2400, "v03 IRQLAB NOTEBOOK 00000001 LAB  00000001", false};

const Tables& tables_of(const Kernel& k)
{
    switch (k.config.board) {
    case hw::BoardId::q35: return q35;
    case hw::BoardId::laptop: return laptop;
    default: return pc;
    }
}

/// Bits 6:2 of bus_irq are the device, bits 1:0 its pin: INTA.
constexpr hw::MpAssignment mp_pci(u8 device, u8 pin)
{
    return {hw::MpInterrupt::vectored,
            hw::MpPolarity::high,
            hw::MpTrigger::conforms,
            hw::mp_bus_pci,
            static_cast<u8>(device << 2),
            hw::mp_ioapic_id,
            pin};
}

void keep(Kernel& k, const hw::MpAssignment& a)
{
    ++k.irq->mp_sources;
    say_verbose(k, loglevel_warning,
                "Int: type {}, pol {}, trig {}, bus {:02x}, IRQ {:02x}, APIC ID {:x}, APIC INT {:02x}",
                static_cast<unsigned>(a.type), static_cast<unsigned>(a.polarity),
                static_cast<unsigned>(a.trigger), a.bus, a.bus_irq, a.apic, a.pin);
}

/// The PCI part of the MP table: power management, whose interrupt is the SCI, and the slots in use, each
/// with the input that the router has for its INTA. Which slots are in use is the recorded guest's (network
/// card, edu): the table is firmware's, and says so of a machine whose cards nobody has modelled.
constexpr u8 sci = 9, power_management = 1, guests_slots[] = {3, 4};

void keep_pci(Kernel& k)
{
    keep(k, mp_pci(power_management, sci));
    for (const u8 slot : guests_slots)
        keep(k, mp_pci(slot, hw::prt_table(k.config.board)[slot * hw::intx_pins].gsi));
}

/// An ISA line as the MADT tells it: there ISA is bus 0.
hw::MpAssignment isa_source(Kernel& k, const hw::IsaOverride& o)
{
    using enum hw::MpPolarity;
    return {hw::MpInterrupt::vectored,
            o.active_low ? low
            : o.level    ? high
                         : conforms,
            o.level ? hw::MpTrigger::level : hw::MpTrigger::conforms,
            0,
            o.isa,
            static_cast<u8>(hw::Ioapic::Id::get(ioapic_read(k, 0))),
            o.gsi};
}

void say_ioapic(Kernel& k)
{
    say(k, loglevel_info, "IOAPIC[0]: apic_id {}, version {}, address 0x{:x}, GSI 0-{}",
        hw::Ioapic::Id::get(ioapic_read(k, 0)), ioapic_read(k, 1) & 0xff, hw::ioapic_address,
        ioapic_pins(k) - 1);
}

// Linux maps the chips' pages at the top of its address space. [LX arch/x86/include/asm/fixmap.h]
void say_mapped_lapic(Kernel& k)
{
    say_verbose(k, loglevel_warning, "mapped APIC to ffffffffff5fd000 ({:16x})", hw::lapic_address);
}

// --- MADT --------------------------------------------------------------------------------------------------

void say_madt(Kernel& k)
{
    const Tables& t = tables_of(k);
    const u64 bytes = hw::madt_bytes(k.machine, {});
    say(k, loglevel_info, "ACPI: APIC 0x{:016X} {:06X} ({})", t.madt, bytes, t.oem);
    say(k, loglevel_info, "ACPI: Reserving APIC table memory at [mem 0x{:x}-0x{:x}]", t.madt,
        t.madt + bytes - 1);
}

void read_overrides(Kernel& k)
{
    u32 overridden = 1u << 2; // the cascade's pin is the timer's
    for (const hw::IsaOverride& o : hw::overrides(k.config.board)) {
        say(k, loglevel_info, "ACPI: INT_SRC_OVR (bus 0 bus_irq {} global_irq {} {} {})", o.isa, o.gsi,
            o.active_low ? "low"
            : o.level    ? "high"
                         : "dfl",
            o.level ? "level" : "dfl");
        keep(k, isa_source(k, o));
        overridden |= 1u << o.isa;
    }
    for (u8 isa = 0; isa < nr_legacy_irqs; ++isa)
        if (!(overridden >> isa & 1))
            keep(k, isa_source(k, {isa, isa, false, false}));
}

void read_madt(Kernel& k)
{
    say(k, loglevel_info, "ACPI: LAPIC_NMI (acpi_id[0xff] dfl dfl lint[0x1])");
    if (!k.irq->use_ioapic) {
        log_line(k, loglevel_info, "ACPI: Skipping IOAPIC probe due to 'noapic' option.");
        log_line(k, loglevel_info, "ACPI: Using ACPI for processor (LAPIC) configuration information");
        return;
    }
    say_ioapic(k);
    read_overrides(k);
    log_line(k, loglevel_info, "ACPI: Using ACPI (MADT) for SMP configuration information");
}

// --- MP table
// ------------------------------------------------------------------------------------------------

void read_mp_interrupts(Kernel& k)
{
    if (k.config.board == hw::BoardId::pc)
        keep_pci(k);
    for (const hw::MpAssignment& a : hw::io_assignments(k.config.board))
        keep(k, a);
    for (const hw::MpAssignment& a : hw::local_assignments())
        say_verbose(k, loglevel_warning,
                    "Lint: type {}, pol {}, trig {}, bus {:02x}, IRQ {:02x}, APIC ID {:x}, APIC LINT {:02x}",
                    static_cast<unsigned>(a.type), static_cast<unsigned>(a.polarity),
                    static_cast<unsigned>(a.trigger), a.bus, a.bus_irq, a.apic, a.pin);
}

void read_mp_table(Kernel& k)
{
    log_line(k, loglevel_info, "Intel MultiProcessor Specification v1.4");
    log_line(k, loglevel_info, "MPTABLE: OEM ID: BOCHSCPU");
    log_line(k, loglevel_info, "MPTABLE: Product ID: 0.1         ");
    say(k, loglevel_info, "MPTABLE: APIC at: 0x{:X}", hw::lapic_address);
    if (!k.irq->use_lapic) { // the MADT has not been read for CPUs
        say_mapped_lapic(k);
        say_verbose(k, loglevel_info, "Processor #0 (Bootup-CPU)");
    }
    say_verbose(k, loglevel_warning, "Bus #0 is PCI   ");
    say_verbose(k, loglevel_warning, "Bus #1 is ISA   ");
    say_ioapic(k);
    read_mp_interrupts(k);
    say(k, loglevel_info, "Processors: {}", k.cpu_count);
}

} // namespace

bool has_mp_table(const Kernel& k) { return tables_of(k).mp; }

void read_firmware_tables(Kernel& k)
{
    say_madt(k);
    if (k.irq->use_lapic) {
        say_mapped_lapic(k);
        read_madt(k);
    }
    if (!k.irq->use_ioapic && has_mp_table(k))
        read_mp_table(k);
    say(k, loglevel_info, "smpboot: Allowing {} CPUs, 0 hotplug CPUs", k.cpu_count);
    if (k.irq->use_ioapic || has_mp_table(k))
        say_verbose(k, loglevel_warning, "mapped IOAPIC to ffffffffff5fc000 ({:08x})", hw::ioapic_address);
}

} // namespace irqlab::kernel

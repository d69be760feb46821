// ACPI's MADT and the MP table, as facts of the boards, and the lines that Linux prints while it reads them.
//
// The tables are not there as bytes: the board's wiring says the same. Where they lie in memory and who made
// them is SeaBIOS 1.16.2's and QEMU 7.2's on a machine of 256 MB and two CPUs; more CPUs make the MADT
// longer. Source: [ACPI] "Multiple APIC Description Table"; [MP] "MP Configuration Table";
// tests/golden/recorded/boot.
#include "kernel/boot_tables.hpp"

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

/// An interrupt source as Linux keeps it. [MP] "I/O Interrupt Assignment Entries".
struct Source {
    unsigned polarity, trigger; // 0: as the bus has it; 1: high, edge; 3: low, level
    unsigned bus, irq, pin;
};
constexpr unsigned pci_bus = 0, isa_bus = 1; // of the MP table; the MADT knows ISA only, as bus 0

/// PCI devices with an interrupt pin in the recorded guest: power management, network card, edu. Bits 6:2 of
/// irq are the device, bits 1:0 its pin.
constexpr Source mp_pci[] = {
    {1, 0, pci_bus, 1 << 2, 9}, {1, 0, pci_bus, 3 << 2, 11}, {1, 0, pci_bus, 4 << 2, 11}};

void keep(Kernel& k, const Source& s)
{
    ++k.irq->mp_sources;
    say_verbose(k, loglevel_warning,
                "Int: type 0, pol {}, trig {}, bus {:02x}, IRQ {:02x}, APIC ID {:x}, APIC INT {:02x}",
                s.polarity, s.trigger, s.bus, s.irq, hw::Ioapic::Id::get(ioapic_read(k, 0)), s.pin);
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

u64 madt_bytes(const Kernel& k)
{
    constexpr u64 header = 44, local_apic = 8, io_apic = 12, source_override = 10, local_apic_nmi = 6;
    return header + local_apic * k.config.cpus + io_apic +
           source_override * hw::overrides(k.config.board).size() + local_apic_nmi;
}

void say_madt(Kernel& k)
{
    const Tables& t = tables_of(k);
    const u64 bytes = madt_bytes(k);
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
        keep(k, {o.active_low ? 3u : o.level ? 1u : 0u, o.level ? 3u : 0u, 0, o.isa, o.gsi});
        overridden |= 1u << o.isa;
    }
    for (unsigned isa = 0; isa < nr_legacy_irqs; ++isa)
        if (!(overridden >> isa & 1))
            keep(k, {0, 0, 0, isa, isa});
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

void say_lint(Kernel& k, unsigned type, unsigned apic_id, unsigned lint)
{
    say_verbose(k, loglevel_warning,
                "Lint: type {}, pol 0, trig 0, bus {:02x}, IRQ 00, APIC ID {:x}, APIC LINT {:02x}", type,
                isa_bus, apic_id, lint);
}

// A line that PCI devices share is not in the table as one of ISA's.
void read_mp_interrupts(Kernel& k)
{
    if (k.config.board == hw::BoardId::pc)
        for (const Source& s : mp_pci)
            keep(k, s);
    for (unsigned isa = 0; isa < nr_legacy_irqs; ++isa)
        if (const hw::IsaOverride o = hw::isa_to_gsi(k.config.board, isa); isa != 2 && !o.level)
            keep(k, {0, 0, isa_bus, isa, o.gsi});
    constexpr unsigned ext_int = 3, nmi = 1, every_apic = 0xff;
    say_lint(k, ext_int, 0, 0);
    say_lint(k, nmi, every_apic, 1);
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

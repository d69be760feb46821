// What firmware tells software about a board's interrupts: ACPI's MADT and the MP configuration table, as
// values and as bytes. Both are read off the wiring, so that they cannot contradict it.
//
//   MADT  header, local APIC address, then a local APIC for each CPU, the I/O APICs, an override for each ISA
//   line that is
//         not wired to the input of its number or not edge-triggered and active high, and LINT1 as NMI of all
//         CPUs
//   MP    the floating pointer (16 bytes), and behind it the configuration table: processors, buses 0 PCI and
//   1 ISA, the
//         I/O APIC, interrupt assignments of the ISA bus, LINT0 as ExtINT of the bootstrap CPU and LINT1 as
//         NMI of all
//
// Local x2APIC structures do not occur: a CPU whose APIC ID is below 255 has the older one in any mode, and
// there are no others. ISA lines that the board gives to PCI (5, 9, 10 and 11 on pc and q35) have no
// assignment as ISA lines, as in the tables of QEMU's firmware; the PCI bus's own assignments are those of
// the devices that are plugged in.
//
// Sources: [ACPI] "Multiple APIC Description Table (MADT)"; [MP] "MP Configuration Table".
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "hw/board/machine.hpp"

namespace irqlab::hw {

inline constexpr u8 mp_bus_pci = 0, mp_bus_isa = 1;
inline constexpr u8 mp_ioapic_id = 0, mp_ioapic2_id = 1;
inline constexpr u8 mp_all_apics = 0xff;

enum class MpInterrupt : u8 { vectored, nmi, smi, ext_int };
/// Both tables encode them alike: bits 1:0 and 3:2 of the flags.
enum class MpPolarity : u8 { conforms, high, low = 3 };
enum class MpTrigger : u8 { conforms, edge, level = 3 };

/// One interrupt assignment: of an I/O APIC input, or of a LINT pin.
struct MpAssignment {
    MpInterrupt type;
    MpPolarity polarity;
    MpTrigger trigger;
    u8 bus;
    u8 bus_irq; // PCI: device << 2 | pin
    u8 apic;    // ID of the I/O APIC or local APIC; mp_all_apics
    u8 pin;
    bool operator==(const MpAssignment&) const = default;
};

struct MpAssignments {
    std::array<MpAssignment, isa_lines + 1> entry;
    unsigned count;

    const MpAssignment* begin() const { return entry.data(); }
    const MpAssignment* end() const { return entry.data() + count; }
};

/// Inputs of the I/O APIC.
MpAssignments io_assignments(BoardId board);
/// LINT0 and LINT1.
std::array<MpAssignment, 2> local_assignments();

/// Flags of an interrupt source override in the MADT.
u16 madt_flags(const IsaOverride& o);

/// Writes the MADT. @return its length; when `out` is shorter than that, nothing was written.
std::size_t madt_bytes(const Machine& machine, std::span<u8> out);
/// Writes the floating pointer and the table behind it, as they are at physical address `address`, a multiple
/// of 16.
/// @return the length of both; when `out` is shorter than that, nothing was written.
std::size_t mp_table_bytes(const Machine& machine, u32 address, std::span<u8> out);

} // namespace irqlab::hw

// What firmware tells software about the routing of PCI's interrupts: the $PIR table and ACPI's _PRT, as
// data. Both are computed from the wiring and the router's rules in hw/pci/bridges.hpp.
//
// $PIR is for software without ACPI: of each slot, to which link (PIRQ) each pin goes, named by the offset of
// the link's routing register, and which ISA lines the link can have. _PRT is the same for ACPI: of each
// device and pin the link, which has a line with the 8259s, and on q35 and laptop an I/O APIC input of its
// own with the APIC. Bus 0 only: there is no other. Sources: [PIR] "PCI IRQ Routing Table Specification";
// [ACPI] "_PRT (PCI Routing Table)".
#pragma once
#include <span>

#include "hw/pci/bridges.hpp"

namespace irqlab::hw {

struct PirLink {
    u8 link;   ///< Offset of its routing register in the ISA bridge.
    u16 lines; ///< Bit n: it can be routed to ISA line n.
    bool operator==(const PirLink&) const = default;
};

/// A row of $PIR. `pin` is by INTA to INTD.
struct PirSlot {
    u8 devfn;
    std::array<PirLink, intx_pins> pin;
    bool operator==(const PirSlot&) const = default;
};

/// A row of _PRT, in the form that names a link.
struct PrtRow {
    u8 device;
    u8 pin;  ///< 0: INTA
    u8 pirq; ///< 0: PIRQA, link LNKA
    u8 gsi;  ///< With the I/O APIC, as firmware has the links.
    bool operator==(const PrtRow&) const = default;
};

inline constexpr unsigned pci_slots = 32;

/// All slots but the host bridge's.
std::span<const PirSlot> pir_table(BoardId board);
/// All devices and pins.
std::span<const PrtRow> prt_table(BoardId board);

} // namespace irqlab::hw

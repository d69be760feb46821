// The PCI side of a board: CONFADD, the two bridges, and what the INTx pins of its functions hold.
#pragma once
#include "hw/pci/bridges.hpp"

namespace irqlab::hw {

inline constexpr unsigned edus_max = 4;

struct PciHost {
    u32 address; // CONFADD, as it reads
    u32 quirks;  // pci_quirk
    u32 lines;   // Bit n: line n is held by a PIRQ.
    u8 pins;     // Bit n: INTx of edu n is asserted.
    u8 edus;     // How many of Machine::edu there are.
    u8 unused[2];
    PciConfig host;
    PciConfig isa;
    bool operator==(const PciHost&) const = default;
};
static_assert(std::has_unique_object_representations_v<PciHost>);

bool valid(const PciHost& pci, BoardId board);

} // namespace irqlab::hw

// Inside hw: the stretches of a machine's bytes that are in use: the board with the PCI devices that are
// there, the remapping unit, the second I/O APIC, the CPUs.
#pragma once
#include "hw/board/machine.hpp"

namespace irqlab::hw {

struct Stretch {
    std::size_t at, bytes;
};

inline std::array<Stretch, 4> stretches_of(const Machine& m)
{
    constexpr std::size_t remap_at = sizeof(Board) + sizeof(Machine::edu),
                          ioapic2_at = remap_at + sizeof(RemapUnit), core_at = ioapic2_at + sizeof(Ioapic2);
    static_assert(sizeof(Machine) == core_at + sizeof(Machine::core));
    return {{{0, sizeof(Board) + m.pci.edus * sizeof(Edu)},
             {remap_at, m.has_vtd ? sizeof(RemapUnit) : 0},
             {ioapic2_at, m.has_ioapic2 ? sizeof(Ioapic2) : 0},
             {core_at, m.cpu_count * sizeof(Core)}}};
}

} // namespace irqlab::hw

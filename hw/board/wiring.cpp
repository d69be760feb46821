// The boards' wiring, computed from their override tables. See the header.
#include "hw/board/wiring.hpp"

#include "hw/board/routing.hpp"

namespace irqlab::hw {
namespace {

constexpr std::array schematics{draw(BoardId::pc), draw(BoardId::q35), draw(BoardId::laptop)};

} // namespace

const char* name(BoardId board)
{
    constexpr std::array<const char*, boards> names{"pc", "q35", "laptop"};
    return names[static_cast<unsigned>(board)];
}

const char* name(Part part)
{
    switch (part) {
    case Part::i8254: return "i8254";
    case Part::mc146818: return "mc146818";
    case Part::i8042: return "i8042";
    case Part::uart0: return "uart0";
    case Part::uart1: return "uart1";
    case Part::lpt: return "lpt";
    case Part::line: return "line";
    case Part::pic_master: return "pic.master";
    case Part::pic_slave: return "pic.slave";
    case Part::ioapic: return "ioapic";
    case Part::lapic_bsp: return "lapic0";
    case Part::lapic_all: return "lapic*";
    case Part::nmi: return "nmi";
    }
    return "?";
}

std::span<const Wire> schematic(BoardId board)
{
    const Schematic& s = schematics[static_cast<unsigned>(board)];
    return {s.wire.data(), s.count};
}

std::span<const IsaOverride> overrides(BoardId board) { return override_table(board); }

IsaOverride isa_to_gsi(BoardId board, unsigned isa) { return override_of(board, isa); }

bool gsi_active_low(BoardId board, unsigned gsi) { return pci_active_low(board) && gsi >= isa_lines; }

} // namespace irqlab::hw

// Inside hw/board: the schematic drawn from each board's overrides, and the routing of lines read off it.
#pragma once
#include <array>

#include "hw/board/machine.hpp"

namespace irqlab::hw {

/// [ACPI] "Interrupt Source Override Structure", as each board's MADT has them: isa, gsi, level, active low.
inline constexpr std::array pc_overrides{
    IsaOverride{0, 2, false, false}, // The timer. Pin 0 is the 8259's, or nobody's.
    IsaOverride{5, 5, true, false},   IsaOverride{9, 9, true, false}, // 9 is ACPI's SCI.
    IsaOverride{10, 10, true, false}, IsaOverride{11, 11, true, false},
};
inline constexpr std::array laptop_overrides{
    IsaOverride{0, 2, false, false},
    IsaOverride{9, 9, true, false},
};

constexpr std::span<const IsaOverride> override_table(BoardId board)
{
    if (board == BoardId::laptop)
        return laptop_overrides;
    return pc_overrides;
}

constexpr IsaOverride override_of(BoardId board, unsigned isa)
{
    for (const IsaOverride& o : override_table(board))
        if (o.isa == isa)
            return o;
    return {static_cast<u8>(isa), static_cast<u8>(isa), false, false};
}

constexpr bool pci_active_low(BoardId board) { return board == BoardId::laptop; }

inline constexpr unsigned cascade_line = 2;

/// Where the board leads the HPET's timers: as QEMU's two machines do, and as [ICH9] "Timer n Configuration
/// and Capabilities" has it.
constexpr HpetStraps hpet_straps(BoardId board)
{
    switch (board) {
    case BoardId::pc: return {{0x4, 0x4, 0x4}, false};
    case BoardId::q35: return {{0xff0104, 0xff0104, 0xff0104}, false};
    case BoardId::laptop: break;
    }
    return {{0xf00000, 0xf00000, 0xf00800}, true};
}

struct Schematic {
    std::array<Wire, 64> wire;
    unsigned count;

    constexpr void add(Wire w) { wire[count++] = w; }
};

constexpr Schematic draw(BoardId board)
{
    Schematic s{};
    for (const Wire w : {Wire{Part::i8254, 0, Part::line, 0}, Wire{Part::i8042, 0, Part::line, 1},
                         Wire{Part::uart1, 0, Part::line, 3}, Wire{Part::uart0, 0, Part::line, 4},
                         Wire{Part::lpt, 0, Part::line, 7}, Wire{Part::mc146818, 0, Part::line, 8},
                         Wire{Part::i8042, 1, Part::line, 12}})
        s.add(w);
    for (u8 line = 0; line < isa_lines; ++line) {
        if (line == cascade_line)
            continue;
        s.add({Part::line, line, line < 8 ? Part::pic_master : Part::pic_slave, static_cast<u8>(line & 7)});
        s.add({Part::line, line, Part::ioapic, override_of(board, line).gsi});
    }
    for (u8 line = isa_lines; line < lines_max; ++line)
        s.add({Part::line, line, Part::ioapic, line, pci_active_low(board)});
    s.add({Part::pic_slave, pin_int, Part::pic_master, cascade_line}); // Inside PicPair.
    s.add({Part::pic_master, pin_int, Part::lapic_bsp, 0});            // Virtual wire.
    if (board == BoardId::laptop) // Chipsets bring INT to pin 0 too; QEMU's boards leave it open.
        s.add({Part::pic_master, pin_int, Part::ioapic, 0});
    s.add({Part::nmi, 0, Part::lapic_all, 1});
    return s;
}

/// Where a line goes.
struct Route {
    bool pic = false;
    bool inverted = false;
    u8 pin = no_pin; // Of the IO-APIC.

    static constexpr u8 no_pin = 0xff;
};

struct Routing {
    std::array<Route, lines_max> line{};
    u8 intr_pin = Route::no_pin; // IO-APIC pin of the master 8259's INT.
};

constexpr Routing read_off(const Schematic& s)
{
    Routing r;
    for (unsigned i = 0; i < s.count; ++i) {
        const Wire& w = s.wire[i];
        if (w.from == Part::pic_master && w.to == Part::ioapic)
            r.intr_pin = w.to_pin;
        if (w.from != Part::line)
            continue;
        Route& route = r.line[w.from_pin];
        if (w.to == Part::ioapic) {
            route.pin = w.to_pin;
            route.inverted = w.inverted;
        } else {
            route.pic = true;
        }
    }
    return r;
}

inline constexpr std::array<Routing, boards> routing{
    read_off(draw(BoardId::pc)), read_off(draw(BoardId::q35)), read_off(draw(BoardId::laptop))};

inline const Routing& routing_of(const Machine& m) { return routing[static_cast<unsigned>(m.board)]; }

/// The line that ends at a pin of the IO-APIC, or lines_max.
constexpr unsigned line_at_pin(const Routing& r, unsigned pin)
{
    unsigned line = 0;
    while (line < lines_max && r.line[line].pin != pin)
        ++line;
    return line;
}

/// The line that a device's output pin drives. The first rows of the schematic.
constexpr u8 line_of(Part device, u8 pin)
{
    const Schematic s = draw(BoardId::pc); // The same on all boards.
    for (unsigned i = 0; i < s.count; ++i)
        if (s.wire[i].from == device && s.wire[i].from_pin == pin)
            return s.wire[i].to_pin;
    return Route::no_pin;
}

} // namespace irqlab::hw

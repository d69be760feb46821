// Where the HPET's timers go: lines by their routes or by legacy replacement, and messages. See machine.hpp.
//
// A route is an input of the IO-APIC. The board leads the timer onto the line that ends there, so that on
// lines 1 to 15 the 8259s see it as well; input 2 is the line of IRQ 0.
#include "hw/board/apic_bus.hpp"
#include "hw/board/remapping.hpp"
#include "hw/board/routing.hpp"

namespace irqlab::hw {
namespace {

/// The line of timer n, or lines_max. [HPET] "Mapping Option #1 (LegacyReplacement Option)".
unsigned line_of_timer(const Machine& m, unsigned n)
{
    if (legacy_routed(m.hpet) && n < 2)
        return n == 0 ? line_of(Part::i8254, 0) : line_of(Part::mc146818, 0);
    return line_at_pin(routing_of(m), route(m.hpet, n));
}

/// Lines whose timer has struck anew while it was high: they fall for an instant.
void drop_struck(Machine& m, Signals& signals)
{
    const u8 struck = take_strikes(m.hpet);
    for (unsigned n = 0; n < hpet::timers; ++n) {
        const unsigned line = line_of_timer(m, n);
        if ((struck >> n & 1) == 0 || line >= lines_max || (m.hpet_lines >> line & 1) == 0)
            continue;
        m.hpet_lines &= ~bit<u32>(line);
        drive_line(m, line, Source::hpet, false, signals);
    }
}

u32 wanted_lines(const Machine& m)
{
    u32 lines = 0;
    for (unsigned n = 0; n < hpet::timers; ++n)
        if (const unsigned line = line_of_timer(m, n); line < lines_max && output(m.hpet, n))
            lines |= bit<u32>(line);
    return lines;
}

} // namespace

bool hpet_reachable(const Machine& m)
{
    for (unsigned n = 0; n < hpet::timers; ++n) {
        const unsigned line = line_of_timer(m, n);
        if (hpet::FsbEnable::test(m.hpet.timer[n].config) || (line < lines_max && reachable(m, line)))
            return true;
    }
    return false;
}

void settle_hpet(Machine& m, Signals& signals)
{
    drop_struck(m, signals);
    const u32 wanted = wanted_lines(m);
    for (u32 changed = wanted ^ m.hpet_lines; changed != 0; changed &= changed - 1) {
        const unsigned line = static_cast<unsigned>(std::countr_zero(changed));
        drive_line(m, line, Source::hpet, (wanted >> line & 1) != 0, signals);
    }
    m.hpet_lines = wanted;
    for (HpetMessage message{}; next_message(m.hpet, message);)
        send_message(m, hpet_source, message.address, message.value, signals);
}

} // namespace irqlab::hw

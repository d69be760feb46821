// Every combination of what an I/O APIC entry can say (delivery mode, destination mode, polarity, trigger
// mode, mask) with the line's level and remote IRR: what each event on its pin sends, against a table.
#include <gtest/gtest.h>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr unsigned pin = 14;
constexpr u8 vector = 0x41;

/// The pin before an event.
struct Pin {
    unsigned delivery; // 0 to 7
    bool logical, active_low, level, masked, high, remote_irr;

    /// Bits of `n` in the order of the members. An edge entry never has remote IRR.
    static Pin numbered(unsigned n)
    {
        const auto flag = [n](unsigned bit) { return (n >> bit & 1) != 0; };
        return {n & 7, flag(3), flag(4), flag(5), flag(6), flag(7), flag(8)};
    }
    static constexpr unsigned count = 1u << 9;
    bool possible() const { return level || !remote_irr; }
    bool active() const { return high != active_low; }
};

u64 entry_of(const Pin& p)
{
    const u64 flags = (p.logical ? flag_logical : 0) | (p.active_low ? flag_active_low : 0) |
                      (p.level ? flag_level : 0) | (p.masked ? flag_masked : 0) |
                      (p.remote_irr ? rte::RemoteIrr::mask : 0);
    return vector | u64{p.delivery} << 8 | flags | destination(2);
}

Ioapic chip_with(const Pin& p)
{
    Ioapic chip{};
    reset(chip);
    chip.entry[pin] = entry_of(p);
    chip.lines = p.high ? 1u << pin : 0;
    return chip;
}

// --- what sends
// ---------------------------------------------------------------------------------------------------

enum class Event { line_changes, line_stays, rewritten, ended, ended_other };

/// One rule: where it applies, and what it says. The first that applies holds. '1' yes, '0' no, '.' either:
/// level, masked, active (after the event), remote IRR (before it).
struct Rule {
    Event event;
    const char* when;
    bool sends;
    bool remote_irr; // After the event, before the message that it sends is accepted.
    const char* clause;
};

constexpr Rule rules[] = {
    {Event::line_changes, ".1.1", false, true, "masked: nothing is sent, remote IRR stays"},
    {Event::line_changes, ".1.0", false, false, "A1, A2: masked: nothing is sent"},
    {Event::line_changes, "001.", true, false, "A10: the active edge sends"},
    {Event::line_changes, "000.", false, false, "A10: the other edge does not"},
    {Event::line_changes, "1010", true, false, "KI5: a level that becomes active sends"},
    {Event::line_changes, "1011", false, true, "D8: remote IRR holds it back"},
    {Event::line_changes, "1001", false, true, "D8: remote IRR outlives the level"},
    {Event::line_changes, "1000", false, false, "inactive: nothing is sent"},
    {Event::line_stays, "...1", false, true, "a line that does not change is no event"},
    {Event::line_stays, "...0", false, false, "a line that does not change is no event"},
    {Event::rewritten, "0...", false, false, "A1, A5: an edge entry has no memory"},
    {Event::rewritten, "1..1", false, true, "KI14: software does not clear remote IRR by a write"},
    {Event::rewritten, "11.0", false, false, "masked"},
    {Event::rewritten, "1010", true, false, "A2: an active level that is unmasked sends"},
    {Event::rewritten, "1000", false, false, "inactive: nothing is sent"},
    {Event::ended, "0...", false, false, "an edge is not ended"},
    {Event::ended, "1..0", false, false, "an EOI for an entry without remote IRR does nothing"},
    {Event::ended, "11.1", false, false, "D8: an EOI clears remote IRR, masked or not"},
    {Event::ended, "1011", true, false, "KI9: active still: it sends again"},
    {Event::ended, "1001", false, false, "D8: an EOI clears remote IRR"},
    {Event::ended_other, "...1", false, true, "A9: another vector's EOI"},
    {Event::ended_other, "...0", false, false, "A9: another vector's EOI"},
};

bool fits(const char* when, const Pin& p, bool active)
{
    const bool facts[] = {p.level, p.masked, active, p.remote_irr};
    for (unsigned i = 0; i < 4; ++i)
        if (when[i] != '.' && (when[i] == '1') != facts[i])
            return false;
    return true;
}

u32 happen(Ioapic& chip, Event event, const Pin& p)
{
    Signals signals;
    switch (event) {
    case Event::line_changes: return drive(chip, pin, !p.high, signals);
    case Event::line_stays: return drive(chip, pin, p.high, signals);
    case Event::rewritten:
        chip.index = 0x10 + 2 * pin;
        return write(chip, 0x10, static_cast<u32>(chip.entry[pin]), signals);
    case Event::ended: return end_of_interrupt(chip, vector, signals);
    case Event::ended_other: return end_of_interrupt(chip, vector + 1, signals);
    }
    return 0;
}

TEST(IoapicEntries, WhatSends)
{
    for (const Event event :
         {Event::line_changes, Event::line_stays, Event::rewritten, Event::ended, Event::ended_other})
        for (unsigned n = 0; n < Pin::count; ++n) {
            const Pin p = Pin::numbered(n);
            if (!p.possible())
                continue;
            Ioapic chip = chip_with(p);
            const bool active = p.active() != (event == Event::line_changes);
            const Rule* rule = rules;
            while (rule->event != event || !fits(rule->when, p, active))
                ASSERT_LT(++rule, std::end(rules)) << "no rule, " << n;
            EXPECT_EQ(happen(chip, event, p), rule->sends ? 1u << pin : 0) << rule->clause << ", " << n;
            EXPECT_EQ(rte::RemoteIrr::test(chip.entry[pin]), rule->remote_irr) << rule->clause << ", " << n;
            EXPECT_TRUE(valid(chip)) << n;
        }
}

// --- what arrives
// -------------------------------------------------------------------------------------------------

enum class Arrival { fixed, smi, nmi, init, ext_int, nothing };

struct Mode {
    Arrival arrival;
    bool remote_irr; // When the entry is a level.
    const char* clause;
};

/// By delivery mode. [82093AA] "IOREDTBL[23:0]", delivery mode.
constexpr Mode modes[8] = {
    {Arrival::fixed, true, "fixed"},          {Arrival::fixed, true, "lowest priority"},
    {Arrival::smi, false, "SMI is an edge"},  {Arrival::nothing, false, "reserved"},
    {Arrival::nmi, false, "NMI is an edge"},  {Arrival::init, false, "INIT is an edge"},
    {Arrival::nothing, false, "no start-up"}, {Arrival::ext_int, false, "ExtINT is an edge"},
};

Arrival arrived(Bench& b, unsigned cpu)
{
    const Core& core = b.m.core[cpu];
    if (core.cpu.smi_pending)
        return Arrival::smi;
    if (nmi_pending(b.m, cpu))
        return Arrival::nmi;
    if (core.cpu.init_pending)
        return Arrival::init;
    if (core.lapic.ext_int != 0)
        return Arrival::ext_int;
    return b.pending(cpu) ? Arrival::fixed : Arrival::nothing;
}

void program(Bench& b, const Pin& p)
{
    b.apic_write(1, lapic_ldr, 2u << 24);
    b.apic_write(2, lapic_ldr, 4u << 24);
    b.line(pin, p.active_low); // Inactive.
    b.entry(pin, entry_of(p) & ~rte::Destination::mask & rte::writable);
    b.io_write(0x11 + 2 * pin, (p.logical ? 4u : 2u) << 24);
    b.io_write(0x10 + 2 * pin, static_cast<u32>(entry_of(p) & rte::writable));
}

TEST(IoapicEntries, WhatArrives)
{
    for (unsigned n = 0; n < Pin::count / 4; ++n) {
        const Pin p = Pin::numbered(n);
        Bench b;
        program(b, p);
        EXPECT_EQ(arrived(b, 2), Arrival::nothing) << "inactive, " << n;
        b.line(pin, !p.active_low);
        const Mode& mode = modes[p.delivery];
        EXPECT_EQ(arrived(b, 2), p.masked ? Arrival::nothing : mode.arrival) << mode.clause << ", " << n;
        EXPECT_EQ(arrived(b, 1), Arrival::nothing) << "D9: nobody else, " << n;
        EXPECT_EQ(rte::RemoteIrr::test(b.entry(pin)), !p.masked && p.level && mode.remote_irr)
            << mode.clause << ", " << n;
        if (mode.arrival == Arrival::fixed && !p.masked) {
            EXPECT_EQ(b.apic_read(2, 0x1a0) >> 1 & 1, p.level ? 1u : 0u) << "KI13, " << n;
        }
    }
}

} // namespace
} // namespace irqlab::hw::test

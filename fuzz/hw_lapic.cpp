// Fuzz target: one local APIC with any quirks. Registers by their page and as MSRs, changes of mode,
// messages, LINT pins, local events, INTA, EOI and time.
#include <cstddef>
#include <iterator>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/irq/lapic_accept.hpp"
#include "hw/irq/lapic_ipi.hpp"
#include "hw/irq/lapic_lvt.hpp"
#include "hw/irq/lapic_msr.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 longest_step_ns = u64{1} << 40;
constexpr unsigned cpu = 0;

/// The vector that INTA gives is above what was in service, and is in service then; its EOI ends just that.
void check_priorities(Lapic apic)
{
    Signals signals;
    const u8 before = processor_priority(apic);
    const bool any = apic.irr.any();
    const int wanted = deliverable(apic), given = acknowledge(apic, cpu, signals);
    if (wanted < 0) {
        CHECK(given == (any ? static_cast<int>(svr::Vector::get(apic.svr)) : -1));
        return;
    }
    const u8 vector = static_cast<u8>(given);
    CHECK(given == wanted && (given & 0xf0) > (before & 0xf0));
    CHECK(apic.isr.test(vector) && !apic.irr.test(vector) && apic.isr.highest() == given);
    CHECK((processor_priority(apic) & 0xf0) == (given & 0xf0) && deliverable(apic) < 0);
    const LapicEffect effect = end_of_interrupt(apic, cpu, signals);
    CHECK(effect.kind == LapicEffect::Kind::eoi && effect.vector == vector && !apic.isr.test(vector));
}

/// The timer expires at its deadline and not before, and where it is in two steps is where it is in one.
void check_timer(const Lapic& apic, u64 now_ns, u64 step_ns)
{
    Lapic one = apic, two = apic;
    const u64 due = deadline_ns(apic);
    if (due != ~u64{0} && due > now_ns) {
        Lapic early = apic;
        CHECK(!catch_up(early, due - 1) && early == apic);
        CHECK(apic.timer.count == 0 || current_count(apic, due - 1) != 0);
        CHECK(catch_up(early, due));
        CHECK(deadline_ns(early) > due);
    }
    const bool expired = catch_up(one, now_ns + step_ns);
    const bool first = catch_up(two, now_ns + step_ns / 3);
    CHECK((catch_up(two, now_ns + step_ns) || first) == expired);
    CHECK(one == two);
    CHECK(current_count(one, now_ns + step_ns) == current_count(apic, now_ns + step_ns));
}

void check_invariants(const Lapic& apic, u64 now_ns)
{
    CHECK(valid(apic));
    CHECK(!in_x2apic_mode(apic) || hardware_enabled(apic));
    CHECK(matches(apic, apic_broadcast, false));
    CHECK(matches(apic, physical_id(apic), false));
    check_priorities(apic);
    check_timer(apic, now_ns, 1'000'003);
}

void page(Lapic& apic, u16 offset, bool writes, Input& in, u64 now_ns)
{
    Signals signals;
    if (writes) {
        write(apic, offset, in.word(), now_ns, cpu, signals);
        return;
    }
    const u32 seen = peek(apic, offset, now_ns);
    Lapic untouched = apic;
    CHECK(read(apic, offset, now_ns, cpu, signals) == seen);
    CHECK(!signals.empty() || untouched == apic); // What a read changes is told.
}

/// #GP changes nothing; what is written to a register that can be read is what it reads, for those that keep
/// what they are given.
void msr(Lapic& apic, bool writes, Input& in, u64 now_ns)
{
    const u8 which = in.byte();
    const u32 number = which == 0xff ? msr_x2apic + in.half() % 256u : msr_x2apic + (which & 0x3f);
    const Lapic before = apic;
    u64 value = 0;
    if (!writes) {
        CHECK(!read_msr(apic, number, now_ns, value) || in_x2apic_mode(apic));
        CHECK(apic == before);
        return;
    }
    Signals signals;
    LapicEffect effect{};
    value = in.word() & ((which & 0x40) != 0 ? 0xff : ~0u);
    if (number == msr_x2apic_icr || (which & 0x80) != 0)
        value |= u64{in.byte()} << 32;
    if (!write_msr(apic, number, value, now_ns, cpu, signals, effect)) {
        CHECK(apic == before && signals.empty());
        return;
    }
    CHECK(in_x2apic_mode(before));
    CHECK(effect.kind != LapicEffect::Kind::self || number == msr_x2apic_self_ipi);
    if (number == msr_x2apic + lapic_tpr / 0x10)
        CHECK(peek(apic, lapic_tpr, now_ns) == (value & 0xff)); // Lenient ones drop the rest.
}

void mode(Lapic& apic, Input& in)
{
    const Lapic before = apic;
    const u64 value = lapic_address | (in.half() & 0xd00u) | u64{in.byte()} / 0xf0 << 20;
    if (!write_base(apic, value)) {
        CHECK(apic == before);
        return;
    }
    CHECK(apic.base == value && apic.lint == before.lint && apic.x2apic_id == before.x2apic_id);
}

void event(Lapic& apic, Input& in)
{
    Signals signals;
    const u8 what = in.byte();
    switch (what & 7) {
    case 0: init_reset(apic); break;
    case 1: error(apic, 1u << (what >> 5), cpu, signals); break;
    case 2: apic.ext_int |= ext_int::Message::mask; break; // An ExtINT message, and INTA.
    case 3: apic.ext_int &= static_cast<u8>(~ext_int::Message::mask); break;
    case 4: finish_remote_read(apic, (what & 8) != 0, in.word()); break;
    default: fire(apic, static_cast<LvtEntry>((what >> 3) % lvt_entries), cpu, signals); break;
    }
}

void advance(Lapic& apic, u64& now_ns, Input& in)
{
    const u64 ns = in.word() * u64{in.byte()} % longest_step_ns;
    check_timer(apic, now_ns, ns);
    now_ns += ns;
    Signals signals;
    if (catch_up(apic, now_ns))
        fire(apic, LvtEntry::timer, cpu, signals);
}

void step(Lapic& apic, u64& now_ns, Input& in)
{
    Signals signals;
    const u8 what = in.byte();
    const u16 offset = (what & 0x80) != 0 ? in.half() & 0xfff : static_cast<u16>(in.byte() % 64 * 0x10);
    switch (what & 15) {
    case 0: page(apic, offset, false, in, now_ns); break;
    case 1:
    case 2:
    case 3: page(apic, offset, true, in, now_ns); break;
    case 4: msr(apic, false, in, now_ns); break;
    case 5:
    case 6: msr(apic, true, in, now_ns); break;
    case 7: mode(apic, in); break;
    case 8:
    case 9: request(apic, static_cast<u8>(offset), (what & 0x40) != 0, cpu, signals); break;
    case 10: acknowledge(apic, cpu, signals); break;
    case 11: end_of_interrupt(apic, cpu, signals); break;
    case 12: drive_lint(apic, what >> 4 & 1, (what & 0x20) != 0, cpu, signals); break;
    case 13: event(apic, in); break;
    case 14: write_deadline(apic, (what & 0x40) != 0 ? in.both() : tsc_at(now_ns) + in.half()); break;
    default: advance(apic, now_ns, in); break;
    }
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    Lapic apic{};
    const irqlab::u16 quirks = in.half();
    apic.quirks = (quirks & 1) != 0 ? quirks & lapic_quirk::all : 0; // Most often none.
    reset(apic, in.byte() % 0xff, (quirks & 2) != 0);
    irqlab::u64 now_ns = 0;
    while (!in.empty()) {
        step(apic, now_ns, in);
        check_invariants(apic, now_ns);
    }
    return 0;
}

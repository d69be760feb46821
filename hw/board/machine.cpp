// The machine: power-on, lines, acceptance by a CPU, messages. See the header.
#include "hw/board/machine.hpp"

#include <algorithm>
#include <cstring>

#include "hw/board/apic_bus.hpp"
#include "hw/board/routing.hpp"
#include "hw/board/stretches.hpp"
#include "hw/cpu/deliver_plain.hpp"
#include "hw/cpu/priority.hpp"

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_default_constructible_v<Core>, "cores that are not there cost nothing");

[[gnu::noinline]] void drive_pic_unmasked(Machine& m, unsigned line, bool high, Signals& signals)
{
    drive(m.pic, line, high, signals);
    settle_intr(m, signals);
}

/// The line's 8259 input. A masked input cannot change INT: only its latch follows.
void drive_pic(Machine& m, unsigned line, bool high, Signals& signals)
{
    I8259& chip = line < 8 ? m.pic.master : m.pic.slave;
    if ((chip.imr & bit<u8>(line & 7)) != 0 && chip.quirks == 0)
        drive(chip, line & 7, high);
    else
        drive_pic_unmasked(m, line, high, signals);
}

} // namespace

std::size_t used_bytes(const Machine& m)
{
    std::size_t bytes = 0;
    for (const Stretch& part : stretches_of(m))
        bytes += part.bytes;
    return bytes;
}

void copy_state(Machine& to, const Machine& from)
{
    for (const Stretch& part : stretches_of(from))
        std::memcpy(reinterpret_cast<u8*>(&to) + part.at, reinterpret_cast<const u8*>(&from) + part.at,
                    part.bytes);
}

bool same_state(const Machine& a, const Machine& b)
{
    if (a.cpu_count != b.cpu_count || a.pci.edus != b.pci.edus || a.has_vtd != b.has_vtd ||
        a.has_ioapic2 != b.has_ioapic2)
        return false;
    std::size_t skip = sizeof a.deadline_ns; // It comes first, and is no part of the state.
    for (const Stretch& part : stretches_of(a)) {
        const u8* one = reinterpret_cast<const u8*>(&a) + part.at;
        const u8* other = reinterpret_cast<const u8*>(&b) + part.at;
        if (std::memcmp(one + skip, other + skip, part.bytes - skip) != 0)
            return false;
        skip = 0;
    }
    return true;
}

void settle_intr(Machine& m, Signals& signals)
{
    const bool high = intr(m.pic);
    Core& bsp = m.core[0];
    const bool past = pic_mode(m);
    if ((past ? ext_int::Bypass::test(bsp.lapic.ext_int) : (bsp.lapic.lint & 1) != 0) == high)
        return;
    if (past)
        bsp.lapic.ext_int = ext_int::Bypass::put(bsp.lapic.ext_int, high);
    else
        apply(bsp, drive_lint(bsp.lapic, 0, high, 0, signals), 0, signals);
    if (const u8 pin = routing_of(m).intr_pin; pin != Route::no_pin)
        service(m, drive(m.ioapic, pin, high, signals), signals);
}

void drive_line(Machine& m, unsigned line, Source source, bool high, Signals& signals)
{
    if (line >= lines_max) [[unlikely]]
        return drive_ioapic2_line(m, line, source, high, signals);
    if (line == cascade_line)
        return;
    if (!hold(m.line_sources[line], source, high))
        return;
    signals.push({SignalKind::line, 0, static_cast<u16>(line), high});
    const Route& r = routing_of(m).line[line];
    if (r.pic)
        drive_pic(m, line, high, signals);
    if (r.pin != Route::no_pin && drive(m.ioapic, r.pin, high != r.inverted, signals) != 0)
        send_pin(m, r.pin, signals);
}

void settle_nmi(Machine& m, Signals& signals)
{
    const bool level = (m.nmi_line || m.nmi_status != 0) && !m.nmi_disabled;
    const bool rises = level && !m.nmi_level;
    m.nmi_level = level;
    if (!pic_mode(m))
        for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
            apply(m.core[cpu], drive_lint(m.core[cpu].lapic, 1, level, cpu, signals), cpu, signals);
    else if (rises)
        apply(m.core[0], LocalEvent::nmi, 0, signals);
}

void set_imcr(Machine& m, u8 value, Signals& signals)
{
    Core& bsp = m.core[0];
    const bool bypassed = pic_mode(m);
    m.imcr = value;
    if (bypassed == pic_mode(m))
        return;
    // The wires that the local APICs lose go low; those they gain have the level that is there.
    if (bypassed) {
        bsp.lapic.ext_int &= static_cast<u8>(~ext_int::Bypass::mask);
    } else {
        apply(bsp, drive_lint(bsp.lapic, 0, false, 0, signals), 0, signals);
        for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
            apply(m.core[cpu], drive_lint(m.core[cpu].lapic, 1, false, cpu, signals), cpu, signals);
    }
    settle_intr(m, signals);
    settle_nmi(m, signals);
}

void drive_nmi(Machine& m, bool high, Signals& signals)
{
    m.nmi_line = high;
    settle_nmi(m, signals);
}

void send_msi(Machine& m, u32 address_low, u32 data, Signals& signals, u32 destination_high)
{
    // [SDM3] "Message Address Register Format", "Message Data Register Format".
    using Base = Field<u32, 20, 12>;
    using Destination = Field<u32, 12, 8>;
    using Redirect = Field<u32, 3>;
    using Logical = Field<u32, 2>;
    using Vector = Field<u32, 0, 8>;
    using Mode = Field<u32, 8, 3>;
    using Assert = Field<u32, 14>;
    using Level = Field<u32, 15>;
    constexpr u32 lapic_base = 0xfee;
    const auto refuse = [&](Diagnosis what, u32 value) {
        signals.push({SignalKind::diagnosis, 0, static_cast<u16>(what), value});
    };
    if (Base::get(address_low) != lapic_base)
        return refuse(Diagnosis::mmio_unclaimed, address_low);
    const u32 low = Destination::get(address_low);
    ApicMessage msi{static_cast<u8>(Vector::get(data)), static_cast<Delivery>(Mode::get(data)),
                    destination_high == 0 ? widen_destination(low) : destination_high | low,
                    Logical::test(address_low), Level::test(data)};
    if (msi.delivery == Delivery::reserved || msi.delivery == Delivery::startup)
        return refuse(Diagnosis::lapic_reserved_mode, static_cast<u32>(msi.delivery));
    const bool always_asserts = lapic_quirk::MsiAlwaysAsserts::test(m.core[0].lapic.quirks);
    if (msi.level && !Assert::test(data) && !always_asserts)
        return;
    if (msi.delivery == Delivery::fixed && msi.logical && Redirect::test(address_low))
        msi.delivery = Delivery::lowest; // The redirection hint: one of several.
    route(m, msi, {SignalKind::msi_send, 0}, signals);
}

bool interrupt_pending_slow(const Machine& m, unsigned cpu)
{
    const Lapic& apic = m.core[cpu].lapic;
    return ext_int_wanted(apic) || (hardware_enabled(apic) && deliverable(apic) >= 0);
}

/// INTA to the 8259s. An ExtINT message is used up unless LINT0 asks too: then it will ask again.
[[gnu::noinline]] static int accept_ext_int(Machine& m, unsigned cpu, Signals& signals)
{
    Lapic& apic = m.core[cpu].lapic;
    const bool asked = intr(m.pic);
    if ((apic.ext_int & (ext_int::Wire::mask | ext_int::Bypass::mask)) == 0)
        apic.ext_int = 0;
    const u8 vector = acknowledge(m.pic, signals);
    if (!asked)
        signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                      static_cast<u16>(Diagnosis::spurious_vector), vector});
    settle_intr(m, signals);
    return vector;
}

int accept(Machine& m, unsigned cpu, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    Lapic& apic = m.core[cpu].lapic;
    const int vector =
        ext_int_wanted(apic) ? accept_ext_int(m, cpu, signals) : acknowledge(apic, cpu, signals);
    if (vector >= 0)
        signals.push({SignalKind::accept, static_cast<u8>(cpu), 0, static_cast<u32>(vector)});
    return vector;
}

/// Of the same arguments, so that the hot path keeps none of them.
[[gnu::noinline]] static Delivered deliver_slowly(Machine& m, unsigned cpu, u8 vector, Event event,
                                                  u32 error_code, u64 ip, u64 sp)
{
    return deliver(m.core[cpu].cpu, table_memory(m, cpu), vector, event, error_code, ip, sp);
}

Delivered deliver(Machine& m, unsigned cpu, u8 vector, Event event, u32 error_code, u64 ip, u64 sp)
{
    Core& core = m.core[cpu];
    const Region idt{idt_page_address, m.idt_page.data(), idt_page_bytes};
    const Region gdt{gdt_address(cpu), core.gdt.data(), gdt_bytes};
    Delivered result;
    if (!enter_plain(core.cpu, idt, gdt, {vector, event, error_code, ip}, sp, result)) [[unlikely]]
        return deliver_slowly(m, cpu, vector, event, error_code, ip, sp);
    return result;
}

/// What is taken through the IDT at a boundary without an instruction having asked.
static constexpr ConcurrentSet takeable =
    one(Concurrent::debug_trap) | one(Concurrent::nmi) | one(Concurrent::interrupt);

bool take_event(Machine& m, unsigned cpu, u64 ip, u64 sp, Delivered& entered, Signals& signals)
{
    Cpu& core = m.core[cpu].cpu;
    const ConcurrentSet asked = interrupt_pending(m, cpu) ? one(Concurrent::interrupt) : ConcurrentSet{0};
    switch (first_of(let_through(core, asked) & takeable)) {
    case Concurrent::debug_trap:
        take_debug(core);
        entered = deliver(m, cpu, exc_db, Event::exception, 0, ip, sp);
        break;
    case Concurrent::nmi: entered = deliver(m, cpu, exc_nmi, Event::nmi, 0, ip, sp); break;
    case Concurrent::interrupt: {
        const int vector = accept(m, cpu, signals);
        if (vector < 0)
            return false;
        entered = deliver(m, cpu, static_cast<u8>(vector), Event::external, 0, ip, sp);
        break;
    }
    default: return false;
    }
    if (entered.diagnosis != Diagnosis::none)
        signals.push({SignalKind::diagnosis, static_cast<u8>(cpu), static_cast<u16>(entered.diagnosis),
                      entered.vector});
    return true;
}

void lapic_eoi(Machine& m, unsigned cpu, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    const LapicEffect effect = end_of_interrupt(m.core[cpu].lapic, cpu, signals);
    if (effect.level)
        carry_out(m, cpu, effect, signals);
}

} // namespace irqlab::hw

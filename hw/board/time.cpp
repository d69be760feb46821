// The machine's time: which timer is next, and what its expiry does. See machine.hpp.
#include <algorithm>

#include "hw/board/apic_bus.hpp"
#include "hw/board/pci.hpp"
#include "hw/board/routing.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned devices = 8;

/// One output of a device, the line it drives, and as whom. Order: by device, then pin.
struct Output {
    BoardDevice device;
    u8 pin;
    u8 line;
    Source source;
};
constexpr std::array outputs{
    Output{BoardDevice::pit, 0, line_of(Part::i8254, 0), Source::pit},
    Output{BoardDevice::rtc, 0, line_of(Part::mc146818, 0), Source::rtc},
    Output{BoardDevice::i8042, 0, line_of(Part::i8042, 0), Source::keyboard},
    Output{BoardDevice::i8042, 1, line_of(Part::i8042, 1), Source::mouse},
    Output{BoardDevice::uart0, 0, line_of(Part::uart0, 0), Source::uart0},
    Output{BoardDevice::uart1, 0, line_of(Part::uart1, 0), Source::uart1},
    Output{BoardDevice::lpt, 0, line_of(Part::lpt, 0), Source::lpt},
};

bool output_of(const Machine& m, BoardDevice device, unsigned pin)
{
    switch (device) {
    case BoardDevice::pit: return output(m.pit, pin) && !legacy_routed(m.hpet);
    case BoardDevice::rtc: return output(m.rtc, pin) && !legacy_routed(m.hpet);
    case BoardDevice::i8042: return output(m.kbc, pin);
    case BoardDevice::uart0: return output(m.uart[0], pin);
    case BoardDevice::uart1: return output(m.uart[1], pin);
    case BoardDevice::lpt: return output(m.lpt, LptOutput::irq);
    case BoardDevice::hpet: break; // Its lines are software's choice.
    case BoardDevice::edu: break;  // Its pins go through the PIRQ router.
    }
    return false;
}

u64 next_of(const Machine& m, BoardDevice device)
{
    switch (device) {
    case BoardDevice::pit: return next_event_ns(m.pit);
    case BoardDevice::rtc: return next_event_ns(m.rtc);
    case BoardDevice::i8042: return next_event_ns(m.kbc);
    case BoardDevice::uart0: return next_event_ns(m.uart[0]);
    case BoardDevice::uart1: return next_event_ns(m.uart[1]);
    case BoardDevice::hpet: return next_event_ns(m.hpet);
    case BoardDevice::lpt: break;
    case BoardDevice::edu: return next_edu_event_ns(m);
    }
    return never_ns;
}

void advance_device(Machine& m, BoardDevice device, u64 now_ns)
{
    switch (device) {
    case BoardDevice::pit: return advance(m.pit, now_ns);
    case BoardDevice::rtc: return advance(m.rtc, now_ns);
    case BoardDevice::i8042: return advance(m.kbc, now_ns);
    case BoardDevice::uart0: return advance(m.uart[0], now_ns);
    case BoardDevice::uart1: return advance(m.uart[1], now_ns);
    case BoardDevice::hpet: return advance(m.hpet, now_ns);
    case BoardDevice::lpt: return;
    case BoardDevice::edu: return; // run_edus() needs the signals.
    }
}

bool reachable(const Machine& m, BoardDevice device)
{
    if (device == BoardDevice::edu)
        return m.pci.edus != 0;
    if (device == BoardDevice::hpet)
        return hpet_reachable(m);
    if (device <= BoardDevice::rtc && legacy_routed(m.hpet))
        return false; // Their lines are the HPET's.
    return std::ranges::any_of(outputs,
                               [&](const Output& o) { return o.device == device && reachable(m, o.line); });
}

u64 next_lapic_ns(const Machine& m)
{
    u64 next = never_ns;
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
        next = std::min(next, timer_event_ns(m.core[cpu].lapic));
    return next;
}

/// Counter 0 may tick fast with nobody listening: one jump. A pulse leaves its edge in the 8259's latch.
void skip_pit(Machine& m, u64 now_ns, Signals& signals)
{
    const bool was_high = output(m.pit, 0);
    advance(m.pit, now_ns);
    if (was_high && output(m.pit, 0))
        drive_line(m, line_of(Part::i8254, 0), Source::pit, false, signals);
    settle_device(m, BoardDevice::pit, signals);
}

void run_device(Machine& m, BoardDevice device, u64 due_ns, Signals& signals)
{
    signals.push({SignalKind::device, 0, static_cast<u16>(device), 0});
    if (device == BoardDevice::edu)
        return run_edus(m, due_ns, signals);
    advance_device(m, device, due_ns);
    settle_device(m, device, signals);
}

/// All local timers that are due at this very time, by CPU.
void run_lapics(Machine& m, u64 due_ns, Signals& signals)
{
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu) {
        Core& core = m.core[cpu];
        if (timer_event_ns(core.lapic) != due_ns || !catch_up(core.lapic, due_ns))
            continue;
        signals.push({SignalKind::timer, static_cast<u8>(cpu), 0, 0});
        apply(core, fire(core.lapic, LvtEntry::timer, cpu, signals), cpu, signals);
    }
}

/// The earliest timer of all; BoardDevice `devices` stands for the local APICs.
struct Due {
    u64 ns;
    unsigned who;
};

Due earliest(const Machine& m)
{
    Due due{never_ns, devices};
    for (unsigned d = 0; d < devices; ++d)
        if (const u64 ns = next_of(m, static_cast<BoardDevice>(d)); ns < due.ns)
            due = {ns, d};
    if (const u64 ns = next_lapic_ns(m); ns < due.ns)
        due = {ns, devices};
    return due;
}

void run(Machine& m, Due due, u64 now_ns, Signals& signals)
{
    m.now_ns = std::max(m.now_ns, due.ns);
    if (due.who == devices)
        return run_lapics(m, due.ns, signals);
    const BoardDevice device = static_cast<BoardDevice>(due.who);
    if (device == BoardDevice::pit && !reachable(m, device))
        return skip_pit(m, now_ns, signals);
    if (device == BoardDevice::hpet && !hpet_reachable(m)) {
        advance(m.hpet, now_ns);
        return settle_hpet(m, signals);
    }
    run_device(m, device, m.now_ns, signals);
}

} // namespace

bool reachable(const Machine& m, unsigned line)
{
    const Route& r = routing_of(m).line[line];
    if (r.pic && (imr(m.pic) >> line & 1) == 0)
        return true;
    return r.pin != Route::no_pin && !rte::Masked::test(m.ioapic.entry[r.pin]);
}

void settle_device(Machine& m, BoardDevice device, Signals& signals)
{
    if (device == BoardDevice::hpet)
        return settle_hpet(m, signals);
    for (const Output& o : outputs)
        if (o.device == device)
            drive_line(m, o.line, o.source, output_of(m, device, o.pin), signals);
}

void advance(Machine& m, u64 now_ns, Signals& signals)
{
    now_ns = std::max(now_ns, m.now_ns);
    if (now_ns >= m.deadline_ns) {
        Due due = earliest(m);
        for (; due.ns <= now_ns; due = earliest(m))
            run(m, due, now_ns, signals);
        m.deadline_ns = due.ns;
    }
    m.now_ns = now_ns;
}

u64 next_event_ns(const Machine& m)
{
    u64 next = next_lapic_ns(m);
    for (unsigned d = 0; d < devices; ++d) {
        const BoardDevice device = static_cast<BoardDevice>(d);
        if (reachable(m, device))
            next = std::min(next, next_of(m, device));
    }
    return next;
}

void kbd_key(Machine& m, u8 scan_code, Signals& signals)
{
    advance(m.kbc, m.now_ns);
    key(m.kbc, scan_code);
    settle_device(m, BoardDevice::i8042, signals);
    m.deadline_ns = 0;
}

void mouse_move(Machine& m, int dx, int dy, u8 buttons, Signals& signals)
{
    mouse_wheel(m, dx, dy, buttons, 0, signals);
}

void mouse_wheel(Machine& m, int dx, int dy, u8 buttons, int wheel, Signals& signals)
{
    advance(m.kbc, m.now_ns);
    mouse_move(m.kbc, dx, dy, buttons, wheel);
    settle_device(m, BoardDevice::i8042, signals);
    m.deadline_ns = 0;
}

void lpt_drive(Machine& m, LptInput pin, bool high, Signals& signals)
{
    drive(m.lpt, pin, high);
    settle_device(m, BoardDevice::lpt, signals);
}

void uart_receive(Machine& m, unsigned port, u8 byte, Signals& signals, u8 errors)
{
    CHECK(port < m.uart.size());
    receive(m.uart[port], byte, m.now_ns, errors);
    settle_device(m, port == 0 ? BoardDevice::uart0 : BoardDevice::uart1, signals);
    m.deadline_ns = 0;
}

void uart_modem(Machine& m, unsigned port, u8 lines, Signals& signals)
{
    CHECK(port < m.uart.size());
    modem(m.uart[port], lines, m.now_ns);
    settle_device(m, port == 0 ? BoardDevice::uart0 : BoardDevice::uart1, signals);
    m.deadline_ns = 0;
}

} // namespace irqlab::hw

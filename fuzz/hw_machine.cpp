// Fuzzes the machine: ports, registers, lines, messages, time and INTA in any order, on two CPUs of each
// board. Invariants are checked after each operation; a copy driven alike must stay equal.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "fuzz/input.hpp"
#include "hw/base/check.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned cpus = 2;
constexpr u64 longest_step_ns = 1 << 24;

constexpr u16 ports[] = {0x20,  0x21,  0xa0,  0xa1,  0x4d0, 0x4d1, 0x40,  0x41,  0x42,  0x43,  0x60,
                         0x61,  0x64,  0x70,  0x71,  0x80,  0x92,  0xcf9, 0x3f8, 0x3f9, 0x3fa, 0x3fb,
                         0x3fc, 0x2f8, 0x2fc, 0x300, 0x22,  0x23,  0x378, 0x379, 0x37a, 0xffff};
constexpr unsigned widths[] = {1, 2, 4, 1};

u64 address(Input& in)
{
    const u16 offset = in.half();
    const u64 skew = (offset & 0x7000) == 0x7000 ? offset & 3 : 0;
    switch (offset >> 14) {
    case 3: return hpet::address + (offset & 0x3fc) + skew;
    case 2: return ioapic_address + (offset & 0x50) + skew;
    default: return lapic_address + (offset & 0xffc) + skew;
    }
}

/// What comes from outside, more rarely.
u32 outside(Machine& m, unsigned what, Signals& signals)
{
    switch (what) {
    case 0:
    case 1: drive_nmi(m, what != 0, signals); break;
    case 2: io_check(m, signals); break;
    case 3: system_error(m, signals); break;
    case 4:
    case 5: lpt_drive(m, LptInput::ack, what == 4, signals); break;
    case 6: reset_machine(m, ResetScope::cpu, signals); break;
    default: reset_machine(m, ResetScope::system, signals); break;
    }
    return 0;
}

/// IA32_APIC_BASE, its mode bits more often than not; the deadline; the x2APIC registers.
u32 msr(Machine& m, unsigned cpu, bool writes, Input& in, Signals& signals)
{
    const u8 which = in.byte();
    const u32 number = which < 0x20 ? 0x1b : which < 0x30 ? 0x6e0 : 0x800 + (which & 0x3f);
    if (writes) {
        const u64 low = number == 0x1b ? lapic_address | (in.half() & 0xd00u) : in.word();
        return wrmsr(m, cpu, number, low | u64{in.byte()} / 0xc0 << 32, signals);
    }
    u64 value = 0;
    return rdmsr(m, cpu, number, value) ? static_cast<u32>(value ^ value >> 32) : 0;
}

/// What a local APIC is told other than by its page.
u32 local(Machine& m, unsigned cpu, unsigned what, Input& in, Signals& signals)
{
    constexpr LvtEntry sources[] = {LvtEntry::thermal, LvtEntry::pmc, LvtEntry::cmci};
    switch (what) {
    case 4: return msr(m, cpu, false, in, signals);
    case 5:
    case 6: return msr(m, cpu, true, in, signals);
    case 7: local_event(m, cpu, sources[in.byte() % std::size(sources)], signals); return 0;
    default: lapic_eoi(m, cpu, signals); return 0;
    }
}

/// One operation. What it reads is returned, so that two machines can be compared by it.
u32 step(Machine& m, Input& in, Signals& signals)
{
    const u8 op = in.byte();
    const unsigned cpu = op >> 7;
    switch (op & 15) {
    case 0:
    case 1: return port_read(m, cpu, ports[in.byte() % std::size(ports)], widths[in.byte() & 3], signals);
    case 2:
    case 3: {
        const u16 port = ports[in.byte() % std::size(ports)];
        const unsigned width = widths[in.byte() & 3];
        port_write(m, cpu, port, width, in.word(), signals);
        return 0;
    }
    case 4: {
        const u64 where = address(in);
        return static_cast<u32>(mmio_read(m, cpu, where, 1u << (op >> 4 & 3), signals));
    }
    case 5:
    case 6: {
        const u64 where = address(in);
        mmio_write(m, cpu, where, (op & 0x60) == 0x60 ? 1u << (op >> 4 & 3) : 4, in.word() | u64{op} << 40,
                   signals);
        return 0;
    }
    case 7:
    case 8: {
        const u8 b = in.byte();
        drive_line(m, b % lines_max, Source::hand, (b & 0x80) != 0, signals);
        return 0;
    }
    case 9: return interrupt_pending(m, cpu) ? static_cast<u32>(accept(m, cpu, signals)) : 0;
    case 10: return local(m, cpu, op >> 4 & 7, in, signals);
    case 11: advance(m, m.now_ns + in.word() % longest_step_ns, signals); return 0;
    case 12: {
        const u32 where = lapic_address | (in.word() & 0xff00c);
        send_msi(m, where, in.half(), signals);
        return 0;
    }
    case 13: kbd_key(m, in.byte(), signals); return 0;
    case 14: uart_receive(m, op >> 6 & 1, in.byte(), signals); return 0;
    default: return outside(m, op >> 4 & 7, signals);
    }
}

void check_entry(const Machine& m, unsigned pin)
{
    const u64 entry = m.ioapic.entry[pin];
    CHECK((entry & ~(rte::writable | rte::read_only)) == 0);
    CHECK(rte::Level::test(entry) || (entry & rte::read_only) == 0);
    CHECK(!(rte::Pending::test(entry) && rte::RemoteIrr::test(entry)));
}

void check_core(const Machine& m, unsigned cpu)
{
    const Core& c = m.core[cpu];
    CHECK(valid(c.lapic));
    CHECK(c.cpu.nmi_latched <= 2);
    CHECK(!interrupt_pending(m, cpu) || anything_requested(c.lapic));
}

void check_machine(const Machine& m)
{
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        check_entry(m, pin);
    for (unsigned cpu = 0; cpu < cpus; ++cpu)
        check_core(m, cpu);
    CHECK(((m.core[0].lapic.lint & 1) != 0) == intr(m.pic)); // The virtual wire has settled.
    CHECK((m.core[1].lapic.lint & 1) == 0);
    for (const Wire& w : schematic(m.board))
        if (w.from == Part::line && w.to == Part::ioapic)
            CHECK(((m.ioapic.lines >> w.to_pin & 1) != 0) == (line_level(m, w.from_pin) != w.inverted));
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace irqlab::hw;
    static Machine one, two;
    Input in{data, data + size};
    power_on(one, static_cast<BoardId>(in.byte() % boards), cpus, 1'700'000'000);
    copy_state(two, one);
    while (!in.empty()) {
        Signals heard, again;
        Input same = in;
        const auto before = step(one, in, heard);
        CHECK(before == step(two, same, again));
        CHECK(heard.size() == again.size());
        check_machine(one);
    }
    CHECK(same_state(one, two));
    return 0;
}

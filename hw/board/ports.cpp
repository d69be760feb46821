// The machine's I/O ports and memory-mapped registers: who answers at an address. See machine.hpp.
#include "hw/board/apic_bus.hpp"
#include "hw/board/routing.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

constexpr u16 com1 = 0x3f8, com2 = 0x2f8;
constexpr u64 page_mask = ~u64{0xfff};
constexpr u64 ioapic_window = 0x100;
constexpr u32 all_ones = 0xffffffff;

/// Port 61h. [PIIX] "NMI Status and Control Register".
namespace nsc {
using Gate2 = Field<u8, 0>;
using Control = Field<u8, 0, 4>;
using Refresh = Field<u8, 4>; // Toggles each 15 us.
using Out2 = Field<u8, 5>;
constexpr u64 refresh_ns = 15'085; // 18 clocks of the PIT.
} // namespace nsc

using NmiMask = Field<u8, 7>;   // Port 70h.
using FastReset = Field<u8, 0>; // Port 92h.
using ResetCpu = Field<u8, 2>;  // Port CF9h.

/// What answers at a port, and the register of it.
enum class Block : u8 { nobody, pic, pit, kbc, rtc, uart0, uart1, nsc, post, port92, reset };
struct Claim {
    Block block;
    u16 reg;
};

Claim claim(u16 port)
{
    if ((port & ~7) == com1)
        return {Block::uart0, static_cast<u16>(port & 7)};
    if ((port & ~7) == com2)
        return {Block::uart1, static_cast<u16>(port & 7)};
    switch (port) {
    case 0x20:
    case 0x21:
    case 0xa0:
    case 0xa1:
    case 0x4d0:
    case 0x4d1: return {Block::pic, port};
    case 0x40:
    case 0x41:
    case 0x42:
    case 0x43: return {Block::pit, static_cast<u16>(port & 3)};
    case 0x60:
    case 0x64: return {Block::kbc, static_cast<u16>(port & 7)};
    case 0x61: return {Block::nsc, 0};
    case 0x70:
    case 0x71: return {Block::rtc, static_cast<u16>(port & 1)};
    case 0x80: return {Block::post, 0};
    case 0x92: return {Block::port92, 0};
    case 0xcf9: return {Block::reset, 0};
    default: return {Block::nobody, 0};
    }
}

/// Wider accesses at CF8h are PCI configuration's, not the reset register's.
bool claimed(u16 port, unsigned width)
{
    for (unsigned i = 0; i < width; ++i) {
        const Block block = claim(static_cast<u16>(port + i)).block;
        if (block != Block::nobody && (block != Block::reset || width == 1))
            return true;
    }
    return false;
}

/// Where a device's registers end and its lines begin: after an access, both may differ.
void touched(Machine& m, BoardDevice device, Signals& signals)
{
    m.deadline_ns = 0;
    settle_device(m, device, signals);
}

u8 peek_nsc(const Machine& m)
{
    // OUT2 as it is now: a copy of the counter is brought there, for a view must not move the original.
    I8254 pit = m.pit;
    advance(pit, m.now_ns);
    const u8 refresh = nsc::Refresh::put(0, m.now_ns / nsc::refresh_ns & 1);
    return static_cast<u8>(m.port61 | refresh | nsc::Out2::put(0, output(pit, 2)));
}

u8 peek_byte(const Machine& m, u16 port)
{
    const Claim c = claim(port);
    switch (c.block) {
    case Block::pic: return peek(m.pic, c.reg);
    case Block::pit: return peek(m.pit, c.reg, m.now_ns);
    case Block::kbc: return peek(m.kbc, c.reg, m.now_ns);
    case Block::rtc: return peek(m.rtc, c.reg, m.now_ns);
    case Block::uart0: return peek(m.uart[0], c.reg, m.now_ns);
    case Block::uart1: return peek(m.uart[1], c.reg, m.now_ns);
    case Block::nsc: return peek_nsc(m);
    case Block::post: return m.port80;
    case Block::port92: return m.port92;
    case Block::reset: return m.port_cf9;
    case Block::nobody: break;
    }
    return 0xff;
}

template <class Chip> u8 read_device(Machine& m, Chip& chip, u16 reg, BoardDevice device, Signals& signals)
{
    const u8 value = read(chip, reg, m.now_ns, signals);
    touched(m, device, signals);
    return value;
}

u8 read_byte(Machine& m, u16 port, Signals& signals)
{
    const Claim c = claim(port);
    switch (c.block) {
    case Block::pic: {
        const u8 value = read(m.pic, c.reg, signals);
        settle_intr(m, signals);
        return value;
    }
    case Block::pit: return read_device(m, m.pit, c.reg, BoardDevice::pit, signals);
    case Block::kbc: return read_device(m, m.kbc, c.reg, BoardDevice::i8042, signals);
    case Block::rtc: return read_device(m, m.rtc, c.reg, BoardDevice::rtc, signals);
    case Block::uart0: return read_device(m, m.uart[0], c.reg, BoardDevice::uart0, signals);
    case Block::uart1: return read_device(m, m.uart[1], c.reg, BoardDevice::uart1, signals);
    default: return peek_byte(m, port);
    }
}

void write_nsc(Machine& m, u8 value, Signals& signals)
{
    m.port61 = nsc::Control::mask & value;
    gate2(m.pit, nsc::Gate2::test(value), m.now_ns);
    touched(m, BoardDevice::pit, signals);
}

void write_rtc(Machine& m, u16 reg, u8 value, Signals& signals)
{
    write(m.rtc, reg, value, m.now_ns, signals);
    touched(m, BoardDevice::rtc, signals);
    if (reg != 0 || NmiMask::test(value) == m.nmi_disabled)
        return;
    m.nmi_disabled = NmiMask::test(value);
    drive_nmi(m, m.nmi_line, signals);
}

/// A reset register: software asks by raising its bit.
template <class Bit> void write_reset(u8& reg, u8 value, Signals& signals)
{
    if (Bit::test(value) && !Bit::test(reg))
        signals.push({SignalKind::reset, 0, 0, 0});
    reg = value;
}

void write_byte(Machine& m, u16 port, u8 value, Signals& signals)
{
    const Claim c = claim(port);
    const auto to_uart = [&](unsigned n, BoardDevice device) {
        write(m.uart[n], c.reg, value, m.now_ns, signals);
        touched(m, device, signals);
    };
    switch (c.block) {
    case Block::pic:
        write(m.pic, c.reg, value, signals);
        settle_intr(m, signals);
        break;
    case Block::pit:
        write(m.pit, c.reg, value, m.now_ns, signals);
        touched(m, BoardDevice::pit, signals);
        break;
    case Block::kbc:
        write(m.kbc, c.reg, value, m.now_ns, signals);
        touched(m, BoardDevice::i8042, signals);
        break;
    case Block::rtc: write_rtc(m, c.reg, value, signals); break;
    case Block::uart0: to_uart(0, BoardDevice::uart0); break;
    case Block::uart1: to_uart(1, BoardDevice::uart1); break;
    case Block::nsc: write_nsc(m, value, signals); break;
    case Block::post: m.port80 = value; break;
    case Block::port92: write_reset<FastReset>(m.port92, value, signals); break;
    case Block::reset: write_reset<ResetCpu>(m.port_cf9, value, signals); break;
    case Block::nobody: break;
    }
}

bool at_ioapic(u64 address) { return address - ioapic_address < ioapic_window; }

bool at_lapic(const Machine& m, unsigned cpu, u64 address)
{
    const Lapic& apic = m.core[cpu].lapic;
    return hardware_enabled(apic) && !in_x2apic_mode(apic) &&
           (address & page_mask) == apic_base::Page::get(apic.base) << 12;
}

void unclaimed(Diagnosis what, unsigned cpu, u64 where, Signals& signals)
{
    signals.push(
        {SignalKind::diagnosis, static_cast<u8>(cpu), static_cast<u16>(what), static_cast<u32>(where)});
}

} // namespace

u32 port_peek(const Machine& m, u16 port, unsigned width)
{
    CHECK(width == 1 || width == 2 || width == 4);
    u32 value = 0;
    const bool somebody = claimed(port, width);
    for (unsigned i = 0; i < width; ++i)
        value |= u32{somebody ? peek_byte(m, static_cast<u16>(port + i)) : u8{0xff}} << (8 * i);
    return value;
}

u32 port_read(Machine& m, unsigned cpu, u16 port, unsigned width, Signals& signals)
{
    CHECK(width == 1 || width == 2 || width == 4);
    if (!claimed(port, width)) {
        unclaimed(Diagnosis::port_unclaimed, cpu, port, signals);
        return all_ones >> (32 - 8 * width);
    }
    u32 value = 0;
    for (unsigned i = 0; i < width; ++i)
        value |= u32{read_byte(m, static_cast<u16>(port + i), signals)} << (8 * i);
    return value;
}

void port_write(Machine& m, unsigned cpu, u16 port, unsigned width, u32 value, Signals& signals)
{
    CHECK(width == 1 || width == 2 || width == 4);
    if (!claimed(port, width))
        return unclaimed(Diagnosis::port_unclaimed, cpu, port, signals);
    for (unsigned i = 0; i < width; ++i)
        write_byte(m, static_cast<u16>(port + i), static_cast<u8>(value >> (8 * i)), signals);
}

u32 mmio_peek(const Machine& m, unsigned cpu, u64 address)
{
    CHECK(cpu < m.cpu_count);
    if (at_lapic(m, cpu, address))
        return peek(m.core[cpu].lapic, static_cast<u16>(address & ~page_mask), m.now_ns);
    if (at_ioapic(address))
        return peek(m.ioapic, static_cast<u32>(address - ioapic_address));
    return all_ones;
}

u32 mmio_read(Machine& m, unsigned cpu, u64 address, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    if (at_lapic(m, cpu, address))
        return read(m.core[cpu].lapic, static_cast<u16>(address & ~page_mask), m.now_ns, cpu, signals);
    if (at_ioapic(address))
        return read(m.ioapic, static_cast<u32>(address - ioapic_address), signals);
    unclaimed(Diagnosis::mmio_unclaimed, cpu, address, signals);
    return all_ones;
}

void mmio_write(Machine& m, unsigned cpu, u64 address, u32 value, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    if (at_lapic(m, cpu, address)) {
        const u16 offset = static_cast<u16>(address & ~page_mask);
        carry_out(m, cpu, write(m.core[cpu].lapic, offset, value, m.now_ns, cpu, signals), signals);
    } else if (at_ioapic(address)) {
        service(m, write(m.ioapic, static_cast<u32>(address - ioapic_address), value, signals), signals);
    } else {
        unclaimed(Diagnosis::mmio_unclaimed, cpu, address, signals);
    }
}

} // namespace irqlab::hw

// The machine's I/O ports: who answers at one. See machine.hpp.
#include <algorithm>

#include "hw/board/apic_bus.hpp"
#include "hw/board/pci.hpp"
#include "hw/board/routing.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

constexpr u16 com1 = 0x3f8, com2 = 0x2f8, reset_port = 0xcf9;
constexpr u32 all_ones = 0xffffffff;
constexpr unsigned last_port = 0xffff;

/// Port 61h. [PIIX] "NMI Status and Control Register".
namespace nsc {
using Gate2 = Field<u8, 0>;
using SerrOff = Field<u8, 2>; // Also clears the status.
using IochkOff = Field<u8, 3>;
using Control = Field<u8, 0, 4>;
using Refresh = Field<u8, 4>; // Toggles with each refresh request of the PIT's channel 1.
using Out2 = Field<u8, 5>;
using Iochk = Field<u8, 6>;
using Serr = Field<u8, 7>;
} // namespace nsc

using NmiMask = Field<u8, 7>;   // Port 70h.
using FastReset = Field<u8, 0>; // Port 92h.

/// Port CF9h. [PIIX] and [ICH9] "Reset Control Register".
namespace reset_control {
using System = Field<u8, 1>; // 0: only the CPUs, by INIT
using Go = Field<u8, 2>;
using PowerCycle = Field<u8, 3>; // not on the PIIX
} // namespace reset_control

/// [MP] "PIC Mode": ports 22h (select) and 23h (data).
constexpr u16 imcr_ports = 0x22;
constexpr u8 imcr_register = 0x70;

/// What answers at a port, and the register of it.
enum class Block : u8 { nobody, pic, pit, kbc, rtc, uart0, uart1, lpt, nsc, post, port92, reset, imcr };
struct Claim {
    Block block;
    u16 reg;
};

Claim claim(const Machine& m, u16 port)
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
    case imcr_ports:
    case imcr_ports + 1:
        if (m.has_imcr)
            return {Block::imcr, static_cast<u16>(port - imcr_ports)};
        return {Block::nobody, 0};
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
    case 0x378:
    case 0x379:
    case 0x37a: return {Block::lpt, static_cast<u16>(port & 3)};
    case reset_port: return {Block::reset, 0};
    default: return {Block::nobody, 0};
    }
}

/// Wider accesses at CF8h are PCI configuration's, not the reset register's.
bool claimed(const Machine& m, u16 port, unsigned width)
{
    for (unsigned i = 0; i < width && port + i <= last_port; ++i) {
        const Block block = claim(m, static_cast<u16>(port + i)).block;
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
    const u8 refresh = nsc::Refresh::put(0, refresh_bit(pit));
    return static_cast<u8>(m.port61 | m.nmi_status | refresh | nsc::Out2::put(0, output(pit, 2)));
}

u8 peek_byte(const Machine& m, u16 port)
{
    const Claim c = claim(m, port);
    switch (c.block) {
    case Block::pic: return peek(m.pic, c.reg);
    case Block::pit: return peek(m.pit, c.reg, m.now_ns);
    case Block::kbc: return peek(m.kbc, c.reg, m.now_ns);
    case Block::rtc: return peek(m.rtc, c.reg, m.now_ns);
    case Block::uart0: return peek(m.uart[0], c.reg, m.now_ns);
    case Block::uart1: return peek(m.uart[1], c.reg, m.now_ns);
    case Block::lpt: return peek(m.lpt, c.reg);
    case Block::nsc: return peek_nsc(m);
    case Block::imcr: return c.reg == 0 ? m.imcr_select : m.imcr_select == imcr_register ? m.imcr : u8{0xff};
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
    const Claim c = claim(m, port);
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
    if (nsc::SerrOff::test(value))
        m.nmi_status &= static_cast<u8>(~nsc::Serr::mask);
    if (nsc::IochkOff::test(value))
        m.nmi_status &= static_cast<u8>(~nsc::Iochk::mask);
    settle_nmi(m, signals);
}

void write_rtc(Machine& m, u16 reg, u8 value, Signals& signals)
{
    write(m.rtc, reg, value, m.now_ns, signals);
    touched(m, BoardDevice::rtc, signals);
    if (reg != 0 || NmiMask::test(value) == m.nmi_disabled)
        return;
    m.nmi_disabled = NmiMask::test(value);
    settle_nmi(m, signals);
}

void ask_reset(ResetCause cause, ResetScope scope, Signals& signals)
{
    signals.push({SignalKind::reset, 0, static_cast<u16>(cause), static_cast<u32>(scope)});
}

/// Software asks by raising the bit, here and at CF9h.
void write_port92(Machine& m, u8 value, Signals& signals)
{
    if (FastReset::test(value) && !FastReset::test(m.port92))
        ask_reset(ResetCause::port_92, ResetScope::cpu, signals);
    m.port92 = value;
}

void write_reset_control(Machine& m, u8 value, Signals& signals)
{
    using namespace reset_control;
    const bool cycles = m.board != BoardId::pc && PowerCycle::test(value);
    const ResetScope scope = !System::test(value) ? ResetScope::cpu
                             : cycles             ? ResetScope::power_cycle
                                                  : ResetScope::system;
    if (Go::test(value) && !Go::test(m.port_cf9))
        ask_reset(ResetCause::port_cf9, scope, signals);
    m.port_cf9 = value & (System::mask | Go::mask | (m.board != BoardId::pc ? PowerCycle::mask : 0));
}

void write_imcr(Machine& m, u16 reg, u8 value, Signals& signals)
{
    if (reg == 0)
        m.imcr_select = value;
    else if (m.imcr_select == imcr_register)
        set_imcr(m, value, signals);
}

void write_byte(Machine& m, u16 port, u8 value, Signals& signals)
{
    const Claim c = claim(m, port);
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
    case Block::port92: write_port92(m, value, signals); break;
    case Block::reset: write_reset_control(m, value, signals); break;
    case Block::imcr: write_imcr(m, c.reg, value, signals); break;
    case Block::lpt:
        write(m.lpt, c.reg, value);
        touched(m, BoardDevice::lpt, signals);
        break;
    case Block::nobody: break;
    }
}

/// QEMU answers any narrow read at CF8h to CFBh with the low bytes of CONFADD; CF9h is the reset register.
bool at_pci_address(const Machine& m, u16 port)
{
    return (port & ~3) == pci_address_port && port != reset_port &&
           pci_quirk::AddressIsRam::test(m.pci.quirks);
}

/// Which bytes of an access are the data port's: the first of them, the lane it is on, and how many.
struct DataBytes {
    unsigned first, lane, count;
};
DataBytes data_bytes(u16 port, unsigned width)
{
    const unsigned first = port < pci_data_port ? pci_data_port - port : 0;
    const unsigned lane = (port + first) & 3;
    return {first, lane, first < width ? std::min(width - first, 4 - lane) : 0};
}

/// An access that touches PCI's ports: what is at the other ports there reads as ones. A wide one does not
/// reach the reset register.
u32 read_near_pci(const Machine& m, u16 port, unsigned width)
{
    if (port == pci_address_port && width == 4)
        return m.pci.address;
    const DataBytes data = data_bytes(port, width);
    u32 value = data.count != 0 ? read_pci_data(m, data.lane, data.count) << (8 * data.first) : 0;
    for (unsigned i = 0; i < width; ++i) {
        const unsigned at = port + i;
        if (i - data.first < data.count)
            continue;
        const bool of_address = at_pci_address(m, port) && (at & ~3u) == pci_address_port;
        value |= (of_address ? m.pci.address >> (8 * i) & 0xff : 0xffu) << (8 * i);
    }
    return value;
}

/// The bytes at CFCh to CFFh are one configuration access.
void write_near_pci(Machine& m, u16 port, unsigned width, u32 value, Signals& signals)
{
    if (port == pci_address_port && width == 4)
        return write_pci_address(m, value);
    const DataBytes data = data_bytes(port, width);
    write_pci_data(m, data.lane, data.count, value >> (8 * data.first), signals);
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
    if (pci_claims(port, width) || at_pci_address(m, port))
        return read_near_pci(m, port, width);
    u32 value = 0;
    const bool somebody = claimed(m, port, width);
    for (unsigned i = 0; i < width; ++i)
        value |= u32{somebody && port + i <= last_port ? peek_byte(m, static_cast<u16>(port + i)) : u8{0xff}}
                 << (8 * i);
    return value;
}

u32 port_read(Machine& m, unsigned cpu, u16 port, unsigned width, Signals& signals)
{
    CHECK(width == 1 || width == 2 || width == 4);
    if (pci_claims(port, width) || at_pci_address(m, port)) [[unlikely]]
        return read_near_pci(m, port, width);
    if (!claimed(m, port, width)) {
        unclaimed(Diagnosis::port_unclaimed, cpu, port, signals);
        return all_ones >> (32 - 8 * width);
    }
    u32 value = 0;
    for (unsigned i = 0; i < width; ++i)
        value |= u32{port + i <= last_port ? read_byte(m, static_cast<u16>(port + i), signals) : u8{0xff}}
                 << (8 * i);
    return value;
}

void port_write(Machine& m, unsigned cpu, u16 port, unsigned width, u32 value, Signals& signals)
{
    CHECK(width == 1 || width == 2 || width == 4);
    if (pci_claims(port, width)) [[unlikely]]
        return write_near_pci(m, port, width, value, signals);
    if (!claimed(m, port, width))
        return unclaimed(Diagnosis::port_unclaimed, cpu, port, signals);
    for (unsigned i = 0; i < width && port + i <= last_port; ++i)
        write_byte(m, static_cast<u16>(port + i), static_cast<u8>(value >> (8 * i)), signals);
}

void io_check(Machine& m, Signals& signals)
{
    if (!nsc::IochkOff::test(m.port61))
        m.nmi_status |= nsc::Iochk::mask;
    settle_nmi(m, signals);
}

void system_error(Machine& m, Signals& signals)
{
    if (!nsc::SerrOff::test(m.port61))
        m.nmi_status |= nsc::Serr::mask;
    settle_nmi(m, signals);
}

} // namespace irqlab::hw

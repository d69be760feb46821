// The machine's memory-mapped registers: who answers at an address, and what widths it takes. See
// machine.hpp.
#include <algorithm>

#include "hw/board/apic_bus.hpp"
#include "hw/board/pci.hpp"
#include "hw/board/remapping.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 page_mask = ~u64{0xfff};
constexpr u64 ioapic_window = 0x100;
constexpr u64 ones = ~u64{0};
constexpr unsigned widest = 8;

enum class Block : u8 { nobody, lapic, ioapic, ioapic2, hpet, vtd };
struct Claim {
    Block block;
    u16 offset;
};

Claim claim(const Machine& m, unsigned cpu, u64 address)
{
    const Lapic& apic = m.core[cpu].lapic;
    if (hardware_enabled(apic) && !in_x2apic_mode(apic) &&
        (address & page_mask) == apic_base::Page::get(apic.base) << 12)
        return {Block::lapic, static_cast<u16>(address & ~page_mask)};
    if (address - ioapic_address < ioapic_window)
        return {Block::ioapic, static_cast<u16>(address - ioapic_address)};
    if (m.has_ioapic2 && address - ioapic2_address < ioapic_window)
        return {Block::ioapic2, static_cast<u16>(address - ioapic2_address)};
    if (address - hpet::address < hpet::window)
        return {Block::hpet, static_cast<u16>(address - hpet::address)};
    if (m.has_vtd && address - vtd_address < vtd_window)
        return {Block::vtd, static_cast<u16>(address - vtd_address)};
    return {Block::nobody, 0};
}

void diagnose(Diagnosis what, unsigned cpu, u64 address, Signals& signals)
{
    signals.push(
        {SignalKind::diagnosis, static_cast<u8>(cpu), static_cast<u16>(what), static_cast<u32>(address)});
}

u64 mask_of(unsigned width) { return ones >> 8 * (widest - width); }

/// Bytes of 32-bit registers, wherever they begin and end.
template <class Peek> u64 bytes_of(u16 offset, unsigned width, Peek peek_register)
{
    u64 value = 0;
    for (unsigned i = 0; i < width; ++i) {
        const u16 at = static_cast<u16>(offset + i);
        value |= u64{peek_register(static_cast<u16>(at & ~3u)) >> (at & 3) * 8 & 0xff} << 8 * i;
    }
    return value;
}

u64 peek_bytes(const Machine& m, unsigned cpu, Claim c, unsigned width)
{
    switch (c.block) {
    case Block::lapic:
        return bytes_of(c.offset, width, [&](u16 at) { return peek(m.core[cpu].lapic, at, m.now_ns); });
    case Block::ioapic: return bytes_of(c.offset, width, [&](u16 at) { return peek(m.ioapic, at); });
    case Block::ioapic2: return bytes_of(c.offset, width, [&](u16 at) { return peek(m.ioapic2.chip, at); });
    case Block::hpet: return peek(m.hpet, c.offset, width, m.now_ns);
    case Block::vtd: return peek(m.remap.vtd, c.offset, width);
    case Block::nobody: break;
    }
    return mask_of(width);
}

/// What the chip's registers are made for.
bool proper(Claim c, unsigned width)
{
    constexpr u16 ioapic_index = 0;
    return (width == 4 && c.offset % 4 == 0) || ((c.block == Block::ioapic || c.block == Block::ioapic2) &&
                                                 c.offset == ioapic_index && width <= 4);
}

u64 read_hpet(Machine& m, u16 offset, unsigned width, Signals& signals)
{
    const u64 value = read(m.hpet, offset, width, m.now_ns, signals);
    settle_hpet(m, signals);
    m.deadline_ns = 0;
    return value;
}

void write_hpet(Machine& m, u16 offset, unsigned width, u64 value, Signals& signals)
{
    const bool was_legacy = legacy_routed(m.hpet);
    write(m.hpet, offset, width, value, m.now_ns, signals);
    settle_hpet(m, signals);
    if (was_legacy != legacy_routed(m.hpet)) {
        settle_device(m, BoardDevice::pit, signals);
        settle_device(m, BoardDevice::rtc, signals);
    }
    m.deadline_ns = 0;
}

u32 read_apic(Machine& m, unsigned cpu, Claim c, Signals& signals)
{
    switch (c.block) {
    case Block::lapic: return read(m.core[cpu].lapic, c.offset, m.now_ns, cpu, signals);
    case Block::ioapic: return read(m.ioapic, c.offset, signals);
    default: return read(m.ioapic2.chip, c.offset, signals);
    }
}

} // namespace

u64 mmio_peek(const Machine& m, unsigned cpu, u64 address, unsigned width)
{
    CHECK(cpu < m.cpu_count);
    width = std::clamp(width, 1u, widest);
    const Claim c = claim(m, cpu, address);
    if (u64 value = 0; c.block == Block::nobody && read_pci_memory(m, address, width, value))
        return value & mask_of(width);
    return peek_bytes(m, cpu, c, width);
}

u64 mmio_read(Machine& m, unsigned cpu, u64 address, unsigned width, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    width = std::clamp(width, 1u, widest);
    const Claim c = claim(m, cpu, address);
    if (c.block == Block::hpet)
        return read_hpet(m, c.offset, width, signals);
    if (c.block == Block::vtd)
        return vtd_read(m, c.offset, width, signals);
    if (c.block != Block::nobody && proper(c, width))
        return read_apic(m, cpu, c, signals) & mask_of(width);
    if (u64 value = 0; c.block == Block::nobody && read_pci_memory(m, address, width, value))
        return value & mask_of(width);
    diagnose(c.block == Block::nobody ? Diagnosis::mmio_unclaimed : Diagnosis::mmio_width, cpu, address,
             signals);
    return peek_bytes(m, cpu, c, width);
}

void mmio_write(Machine& m, unsigned cpu, u64 address, unsigned width, u64 value, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    width = std::clamp(width, 1u, widest);
    const Claim c = claim(m, cpu, address);
    const u32 low = static_cast<u32>(value & mask_of(width));
    if (c.block == Block::hpet)
        return write_hpet(m, c.offset, width, value, signals);
    if (c.block == Block::vtd)
        return vtd_write(m, c.offset, width, value, signals);
    if (c.block == Block::nobody && write_pci_memory(m, address, width, value, signals))
        return;
    if (c.block == Block::nobody)
        return diagnose(Diagnosis::mmio_unclaimed, cpu, address, signals);
    if (!proper(c, width))
        return diagnose(Diagnosis::mmio_width, cpu, address, signals);
    if (c.block == Block::lapic)
        carry_out(m, cpu, write(m.core[cpu].lapic, c.offset, low, m.now_ns, cpu, signals), signals);
    else if (c.block == Block::ioapic)
        service(m, write(m.ioapic, c.offset, low, signals), signals);
    else
        service_ioapic2(m, write(m.ioapic2.chip, c.offset, low, signals), signals);
}

u32 mmio_peek(const Machine& m, unsigned cpu, u64 address)
{
    return static_cast<u32>(mmio_peek(m, cpu, address, 4));
}

u32 mmio_read(Machine& m, unsigned cpu, u64 address, Signals& signals)
{
    return static_cast<u32>(mmio_read(m, cpu, address, 4, signals));
}

void mmio_write(Machine& m, unsigned cpu, u64 address, u32 value, Signals& signals)
{
    mmio_write(m, cpu, address, 4, value, signals);
}

} // namespace irqlab::hw

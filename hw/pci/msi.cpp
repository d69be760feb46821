// MSI and MSI-X. See the header.
#include "hw/pci/msi.hpp"

#include <algorithm>
#include <bit>

namespace irqlab::hw {
namespace {

u16 msi_control(const PciConfig& config, const PciLayout& layout)
{
    return get16(config, layout.msi + msi::control);
}

bool maskable(const PciLayout& layout) { return msi_bytes(layout) == msi::bytes_maskable; }

unsigned vectors_enabled(u16 control)
{
    return 1u << std::min(msi::Enabled::get(control), msi::Capable::get(control));
}

/// [PCI] "Message Data": the low bits are the vector's number when several are enabled.
PciMessage msi_message(const PciConfig& config, const PciLayout& layout, unsigned vector)
{
    const u32 low = vectors_enabled(msi_control(config, layout)) - 1;
    const u64 address =
        get32(config, layout.msi + msi::address) | u64{get32(config, layout.msi + msi::address_high)} << 32;
    const u32 data = get16(config, layout.msi + msi::data);
    return {address, (data & ~low) | (vector & low), 1};
}

u16 msix_control(const PciConfig& config, const PciLayout& layout)
{
    return get16(config, layout.msix + msix::control);
}

bool sends(u16 control, const MsixEntry& entry)
{
    return msix::Enable::test(control) && !msix::FunctionMask::test(control) &&
           !msix::Masked::test(entry.control);
}

PciMessage msix_message(const MsixEntry& entry)
{
    return {(entry.address & ~3u) | u64{entry.address_high} << 32, entry.data, 1};
}

u32& member(MsixEntry& entry, unsigned n)
{
    switch (n & 3) {
    case 0: return entry.address;
    case 1: return entry.address_high;
    case 2: return entry.data;
    default: return entry.control;
    }
}

} // namespace

bool msi_enabled(const PciConfig& config, const PciLayout& layout)
{
    return layout.msi != 0 && msi::Enable::test(msi_control(config, layout));
}

PciMessage request_msi(PciConfig& config, const PciLayout& layout, unsigned vector)
{
    if (maskable(layout) && (get32(config, layout.msi + msi::mask) >> (vector & 31) & 1) != 0) {
        const u32 pending = get32(config, layout.msi + msi::pending) | bit<u32>(vector & 31);
        put(config, layout.msi + msi::pending, 4, pending);
        return {};
    }
    return msi_message(config, layout, vector);
}

PciMessage take_due_msi(PciConfig& config, const PciLayout& layout)
{
    if (!msi_enabled(config, layout) || !maskable(layout))
        return {};
    const u32 pending = get32(config, layout.msi + msi::pending);
    const u32 due = pending & ~get32(config, layout.msi + msi::mask);
    if (due == 0)
        return {};
    const unsigned vector = static_cast<unsigned>(std::countr_zero(due));
    put(config, layout.msi + msi::pending, 4, pending & ~bit<u32>(vector));
    return msi_message(config, layout, vector);
}

void settle_msi(PciConfig& config, const PciLayout& layout)
{
    if (!msi_enabled(config, layout))
        return;
    const u16 control = msi_control(config, layout);
    const u16 enabled = std::min(msi::Enabled::get(control), msi::Capable::get(control));
    put(config, layout.msi + msi::control, 2, msi::Enabled::put(control, enabled));
    if (!maskable(layout))
        return;
    const u32 theirs = 0xffffffff >> (32 - vectors_enabled(control));
    put(config, layout.msi + msi::pending, 4, get32(config, layout.msi + msi::pending) & theirs);
}

void reset(MsixTable table)
{
    std::ranges::fill(table.entry, MsixEntry{0, 0, 0, msix::Masked::mask});
    table.pending = 0;
}

bool msix_enabled(const PciConfig& config, const PciLayout& layout)
{
    return layout.msix != 0 && msix::Enable::test(msix_control(config, layout));
}

u32 read_table(std::span<const MsixEntry> entries, u32 offset)
{
    if (offset / msix::entry_bytes >= entries.size())
        return 0;
    MsixEntry entry = entries[offset / msix::entry_bytes];
    return member(entry, offset / 4);
}

void write_table(MsixTable table, u32 offset, u32 value)
{
    if (offset / msix::entry_bytes >= table.entry.size())
        return;
    const bool is_control = (offset / 4 & 3) == 3;
    member(table.entry[offset / msix::entry_bytes], offset / 4) =
        is_control ? value & msix::Masked::mask : value;
}

u32 read_pending(u64 pending, u32 offset)
{
    return offset < 8 ? static_cast<u32>(pending >> (offset / 4 * 32)) : 0;
}

PciMessage request_msix(const PciConfig& config, const PciLayout& layout, MsixTable table, unsigned vector)
{
    if (vector >= table.entry.size() || vector >= msix::vectors_max)
        return {};
    if (sends(msix_control(config, layout), table.entry[vector]))
        return msix_message(table.entry[vector]);
    table.pending |= bit<u64>(vector);
    return {};
}

PciMessage take_due_msix(const PciConfig& config, const PciLayout& layout, MsixTable table)
{
    const u16 control = msix_control(config, layout);
    for (u64 left = table.pending; left != 0; left &= left - 1) {
        const unsigned vector = static_cast<unsigned>(std::countr_zero(left));
        if (vector >= table.entry.size() || !sends(control, table.entry[vector]))
            continue;
        table.pending &= ~bit<u64>(vector);
        return msix_message(table.entry[vector]);
    }
    return {};
}

} // namespace irqlab::hw

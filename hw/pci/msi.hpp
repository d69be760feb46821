// Message-signalled interrupts of a PCI function: the MSI capability, which lies in configuration space, and
// MSI-X, whose table and pending bits lie in the function's memory.
//
//     MSI    +0 ID 05h, next   +2 control   +4 address   +8 upper address   +C data   +10 mask   +14 pending
//     MSI-X  +0 ID 11h, next   +2 control   +4 table     +8 pending bits' place
//     table  16 bytes a vector: +0 address, +4 upper address, +8 data, +C vector control (bit 0: masked)
//
// A message is a write of 32 bits to memory; on a PC, one to FEExxxxxh is an interrupt. A request for a
// vector that is masked sets its pending bit; unmasking sends it then. While MSI or MSI-X is enabled the
// function does not use its INTx pin. A function that may not be bus master sends nothing.
//
// Functions here never send: they return what is due, and the board sends it.
// Without per-vector masking there is nothing pending. More vectors enabled than the function has: the field
// is cut down to what it has, as QEMU does it; the specification leaves it open.
//
// Not modelled: MSI with 32-bit addresses only (every capability here has 64), steering tags.
// Source: [PCI] "MSI Capability Structure", "MSI-X Capability and Table Structures".
#pragma once
#include "hw/pci/config.hpp"

namespace irqlab::hw {

struct PciMessage {
    u64 address;
    u32 data;
    u32 due; // 0: there is nothing to send
};

// --- MSI ---------------------------------------------------------------------------------------------------

namespace msi {
inline constexpr u8 id = 0x05;
inline constexpr unsigned control = 2, address = 4, address_high = 8, data = 0xc, mask = 0x10, pending = 0x14;
using Enable = Field<u16, 0>;
using Capable = Field<u16, 1, 3>; // log2 of the vectors
using Enabled = Field<u16, 4, 3>;
using Is64 = Field<u16, 7>;
using Maskable = Field<u16, 8>;
inline constexpr unsigned bytes = 0x0e, bytes_maskable = 0x18;
} // namespace msi

/// Puts an MSI capability of 2^order vectors at `offset` of a layout; `next` is the next capability or 0.
constexpr void add_msi(PciLayout& layout, u8 offset, unsigned order, bool maskable, u8 next = 0)
{
    const u16 control =
        static_cast<u16>(msi::Is64::mask | msi::Capable::put(0, order) | msi::Maskable::put(0, maskable));
    layout.msi = offset;
    layout.set(offset, 2, msi::id | u32{next} << 8);
    layout.set(offset + msi::control, 2, control, msi::Enable::mask | msi::Enabled::mask);
    layout.set(offset + msi::address, 4, 0, 0xfffffffc);
    layout.set(offset + msi::address_high, 4, 0, 0xffffffff);
    layout.set(offset + msi::data, 2, 0, 0xffff);
    if (maskable)
        layout.set(offset + msi::mask, 4, 0, 0xffffffff >> (32 - (1u << order)));
}

/// Length of the layout's MSI capability.
constexpr unsigned msi_bytes(const PciLayout& layout)
{
    if (layout.msi == 0)
        return 0;
    const u8 high = layout.at_reset[layout.msi + msi::control + 1];
    return (high & msi::Maskable::mask >> 8) != 0 ? msi::bytes_maskable : msi::bytes;
}

/// A byte of the pending register, which changes though software cannot write it.
constexpr bool msi_pending_byte(const PciLayout& layout, unsigned offset)
{
    return msi_bytes(layout) == msi::bytes_maskable && offset - (layout.msi + msi::pending) < 4;
}

bool msi_enabled(const PciConfig& config, const PciLayout& layout);

/// The function asks for `vector`, which is below the number it has. MSI must be enabled.
PciMessage request_msi(PciConfig& config, const PciLayout& layout, unsigned vector);

/// After a write to the capability: a pending vector that is not masked any more, lowest first. Call it until
/// nothing is due.
PciMessage take_due_msi(PciConfig& config, const PciLayout& layout);

/// After any configuration write: cuts down what is out of range.
void settle_msi(PciConfig& config, const PciLayout& layout);

// --- MSI-X -------------------------------------------------------------------------------------------------

namespace msix {
inline constexpr u8 id = 0x11;
inline constexpr unsigned control = 2, table = 4, pending = 8;
using Size = Field<u16, 0, 11>; // of the table, less one
using FunctionMask = Field<u16, 14>;
using Enable = Field<u16, 15>;
using Masked = Field<u32, 0>; // vector control
inline constexpr unsigned vectors_max = 64, entry_bytes = 16;
} // namespace msix
inline constexpr unsigned msix_capability_bytes = 12;

/// One row of the table.
struct MsixEntry {
    u32 address, address_high, data, control;
    bool operator==(const MsixEntry&) const = default;
};

/// Puts an MSI-X capability at `offset` of a layout: the table at `table_at` of base address register `bar`,
/// the pending bits at `pending_at` of the same.
constexpr void add_msix(PciLayout& layout, u8 offset, unsigned vectors, unsigned bar, u32 table_at,
                        u32 pending_at, u8 next = 0)
{
    layout.msix = offset;
    layout.set(offset, 2, msix::id | u32{next} << 8);
    layout.set(offset + msix::control, 2, vectors - 1, msix::FunctionMask::mask | msix::Enable::mask);
    layout.set(offset + msix::table, 4, table_at | bar);
    layout.set(offset + msix::pending, 4, pending_at | bar);
}

/// The table of a function: its entries (at most vectors_max) and the pending bits. All masked at reset.
struct MsixTable {
    std::span<MsixEntry> entry;
    u64& pending;
};
void reset(MsixTable table);

bool msix_enabled(const PciConfig& config, const PciLayout& layout);

/// 32-bit accesses inside the table and the pending bits.
u32 read_table(std::span<const MsixEntry> entries, u32 offset);
void write_table(MsixTable table, u32 offset, u32 value);
u32 read_pending(u64 pending, u32 offset);

/// The function asks for `vector`. MSI-X must be enabled; a vector beyond the table is nobody's.
PciMessage request_msix(const PciConfig& config, const PciLayout& layout, MsixTable table, unsigned vector);
/// After a write to the table or to the capability: a pending vector that is not masked any more.
PciMessage take_due_msix(const PciConfig& config, const PciLayout& layout, MsixTable table);

} // namespace irqlab::hw

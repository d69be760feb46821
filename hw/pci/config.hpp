// The configuration space of a PCI function: 256 bytes, header type 0, and what software may change in them.
//
//     00 vendor    02 device     04 command   06 status     08 revision and class
//     0C line size 0D latency    0E header    0F BIST       10-27 base address registers 0 to 5
//     2C subsystem 34 first capability        3C interrupt line         3D interrupt pin
//     40-FF capabilities and what the device has of its own
//
// A function's state is its bytes alone. What is constant about a kind of function stands in its PciLayout:
// the bytes at reset, the bits that software can change, the bits that writing 1 clears, the sizes of its
// base address registers, and where its capabilities lie. Reading has no side effects.
//
// A base address register decodes while its space is enabled in the command register and its address is not
// zero; ranges that wrap at 4 GiB, or end there, do not decode: the all-ones of sizing are one.
//
// Not modelled: header types 1 and 2, expansion ROMs, 64-bit base address registers, BIST, latency, the
// errors that the status register reports (its bits can be cleared, nothing sets them).
// Source: [PCI] "Configuration Space".
#pragma once
#include <array>
#include <span>

#include "hw/base/bits.hpp"
#include "hw/base/quirk.hpp"

namespace irqlab::hw {

namespace pci_config {
inline constexpr unsigned vendor = 0x00, device = 0x02, command = 0x04, status = 0x06, revision = 0x08,
                          class_code = 0x09, line_size = 0x0c, header = 0x0e, bars = 0x10, subsystem = 0x2c,
                          capabilities = 0x34, interrupt_line = 0x3c, interrupt_pin = 0x3d,
                          device_specific = 0x40;
} // namespace pci_config

namespace pci_command {
using IoSpace = Field<u16, 0>;
using MemorySpace = Field<u16, 1>;
using BusMaster = Field<u16, 2>;
using Serr = Field<u16, 8>;
using InterruptDisable = Field<u16, 10>;
} // namespace pci_command

namespace pci_status {
using Interrupt = Field<u16, 3>; // The function's INTx request, whatever InterruptDisable says.
using CapabilityList = Field<u16, 4>;
inline constexpr u16 errors = 0xf900; // Writing 1 clears.
} // namespace pci_status

/// What QEMU's PCI devices do otherwise. The switches are PciHost's.
namespace pci_quirk {
using ConfigIsRam = Field<u32, 0>;
using GenericBridges = Field<u32, 1>;
using AddressIsRam = Field<u32, 2>;
using AnyLineRoutes = Field<u32, 3>;
using RouteIsStale = Field<u32, 4>;
using IntxIsLatched = Field<u32, 5>;
} // namespace pci_quirk
std::span<const Quirk> pci_quirks();

inline constexpr unsigned pci_config_bytes = 256;
inline constexpr unsigned pci_bars = 6;

enum class PciSpace : u8 { none, memory, io };

/// A base address register of `bytes`, a power of two: at least 16 in memory, 4 to 256 in I/O space.
struct PciBar {
    PciSpace space = PciSpace::none;
    u32 bytes = 0;
};

struct PciConfig {
    std::array<u8, pci_config_bytes> byte;
    bool operator==(const PciConfig&) const = default;
};
static_assert(std::has_unique_object_representations_v<PciConfig>);

/// What is constant about a kind of function.
struct PciLayout {
    std::array<u8, pci_config_bytes> at_reset{};
    std::array<u8, pci_config_bytes> writable{};   // A bit that software can change.
    std::array<u8, pci_config_bytes> one_clears{}; // A bit that writing 1 clears.
    std::array<PciBar, pci_bars> bar{};
    u16 qemu_status = 0; // Of pci_quirk::GenericBridges; 0xffff: the function is no bridge.
    u8 msi = 0;          // Offset of the MSI capability, 0: none.
    u8 msix = 0;         // Offset of the MSI-X capability.

    constexpr void set(unsigned offset, unsigned width, u32 reset, u32 mask = 0)
    {
        for (unsigned i = 0; i < width; ++i) {
            at_reset[offset + i] = static_cast<u8>(reset >> (8 * i));
            writable[offset + i] = static_cast<u8>(mask >> (8 * i));
        }
    }
    constexpr void set_bar(unsigned n, PciSpace space, u32 bytes)
    {
        bar[n] = {space, bytes};
        set(pci_config::bars + 4 * n, 4, space == PciSpace::io, ~(bytes - 1));
    }
};

struct PciIds {
    u16 vendor, device;
    u32 class_code; // 24 bits: class, subclass, interface.
    u8 revision;
    u16 subsystem_vendor, subsystem;
};

/// A layout with the header that every function has: its IDs, status' error bits, the interrupt line.
constexpr PciLayout pci_layout(const PciIds& ids, u16 command_at_reset, u16 command_writable,
                               u16 status_at_reset)
{
    using namespace pci_config;
    PciLayout layout;
    layout.set(vendor, 2, ids.vendor);
    layout.set(device, 2, ids.device);
    layout.set(command, 2, command_at_reset, command_writable);
    layout.set(status, 2, status_at_reset);
    layout.set(revision, 4, ids.class_code << 8 | ids.revision);
    layout.set(subsystem, 2, ids.subsystem_vendor);
    layout.set(subsystem + 2, 2, ids.subsystem);
    layout.one_clears[status + 1] = pci_status::errors >> 8;
    layout.qemu_status = 0xffff;
    return layout;
}

void reset(PciConfig& config, const PciLayout& layout);

/// `width` 1 to 4, all inside the 256 bytes.
u32 read(const PciConfig& config, const PciLayout& layout, unsigned offset, unsigned width, u32 quirks);
void write(PciConfig& config, const PciLayout& layout, unsigned offset, unsigned width, u32 value,
           u32 quirks);

/// The bytes as they are, without the function's rules: for its own logic.
constexpr u16 get16(const PciConfig& c, unsigned offset)
{
    return static_cast<u16>(c.byte[offset] | c.byte[offset + 1] << 8);
}
constexpr u32 get32(const PciConfig& c, unsigned offset)
{
    return get16(c, offset) | u32{get16(c, offset + 2)} << 16;
}
void put(PciConfig& config, unsigned offset, unsigned width, u32 value);

constexpr u16 command_of(const PciConfig& c) { return get16(c, pci_config::command); }

/// Where in which base address register an address lies. `bar` is pci_bars when in none.
struct PciHit {
    unsigned bar;
    u32 offset;
};
PciHit decode(const PciConfig& config, const PciLayout& layout, PciSpace space, u64 address);

/// The INTx request's bit in the status register follows `requested`. True: the pin is asserted.
bool drive_intx(PciConfig& config, bool requested);

/// True when these bytes can have come about by writes.
bool valid(const PciConfig& config, const PciLayout& layout);

} // namespace irqlab::hw

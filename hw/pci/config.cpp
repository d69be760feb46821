// Configuration space of a function. See the header.
#include "hw/pci/config.hpp"

#include "hw/base/check.hpp"
#include "hw/pci/msi.hpp"

namespace irqlab::hw {
namespace {

/// QEMU gives every function the same command register.
constexpr u16 qemu_command = pci_command::IoSpace::mask | pci_command::MemorySpace::mask |
                             pci_command::BusMaster::mask | pci_command::Serr::mask |
                             pci_command::InterruptDisable::mask;

bool inside(unsigned offset, unsigned first, unsigned bytes) { return first != 0 && offset - first < bytes; }

bool in_capability(const PciLayout& layout, unsigned offset)
{
    return inside(offset, layout.msi, msi_bytes(layout)) ||
           inside(offset, layout.msix, msix_capability_bytes);
}

bool is_bridge(const PciLayout& layout) { return layout.qemu_status != 0xffff; }

/// The bits of a byte that a write changes.
u8 writable_at(const PciLayout& layout, unsigned offset, u32 quirks)
{
    if (pci_quirk::GenericBridges::test(quirks) && is_bridge(layout)) {
        if (inside(offset, pci_config::command, 2))
            return static_cast<u8>(qemu_command >> 8 * (offset - pci_config::command));
        if (offset == pci_config::line_size || offset == pci_config::interrupt_line)
            return 0xff;
        if (offset == pci_config::line_size + 1)
            return 0;
    }
    const bool ram = pci_quirk::ConfigIsRam::test(quirks) && offset >= pci_config::device_specific;
    return ram && !in_capability(layout, offset) ? u8{0xff} : layout.writable[offset];
}

u8 read_byte(const PciConfig& config, const PciLayout& layout, unsigned offset, u32 quirks)
{
    if (pci_quirk::GenericBridges::test(quirks) && is_bridge(layout) && inside(offset, pci_config::status, 2))
        return static_cast<u8>(layout.qemu_status >> 8 * (offset - pci_config::status));
    return config.byte[offset];
}

bool enabled(const PciConfig& config, PciSpace space)
{
    const u16 command = command_of(config);
    return space == PciSpace::io ? pci_command::IoSpace::test(command)
                                 : pci_command::MemorySpace::test(command);
}

} // namespace

void reset(PciConfig& config, const PciLayout& layout) { config.byte = layout.at_reset; }

u32 read(const PciConfig& config, const PciLayout& layout, unsigned offset, unsigned width, u32 quirks)
{
    CHECK(width >= 1 && width <= 4 && offset + width <= pci_config_bytes);
    u32 value = 0;
    for (unsigned i = 0; i < width; ++i)
        value |= u32{read_byte(config, layout, offset + i, quirks)} << (8 * i);
    return value;
}

void write(PciConfig& config, const PciLayout& layout, unsigned offset, unsigned width, u32 value, u32 quirks)
{
    CHECK(width >= 1 && width <= 4 && offset + width <= pci_config_bytes);
    for (unsigned i = 0; i < width; ++i) {
        const u8 written = static_cast<u8>(value >> (8 * i));
        const u8 mask = writable_at(layout, offset + i, quirks);
        u8& byte = config.byte[offset + i];
        byte = static_cast<u8>((byte & ~mask) | (written & mask));
        byte = static_cast<u8>(byte & ~(written & layout.one_clears[offset + i]));
    }
}

void put(PciConfig& config, unsigned offset, unsigned width, u32 value)
{
    for (unsigned i = 0; i < width; ++i)
        config.byte[offset + i] = static_cast<u8>(value >> (8 * i));
}

PciHit decode(const PciConfig& config, const PciLayout& layout, PciSpace space, u64 address)
{
    constexpr u64 highest = 0xffffffff;
    if (!enabled(config, space))
        return {pci_bars, 0};
    for (unsigned n = 0; n < pci_bars; ++n) {
        const PciBar& bar = layout.bar[n];
        if (bar.space != space)
            continue;
        const u64 base = get32(config, pci_config::bars + 4 * n) & ~(bar.bytes - 1);
        if (base != 0 && base + bar.bytes - 1 < highest && address - base < bar.bytes)
            return {n, static_cast<u32>(address - base)};
    }
    return {pci_bars, 0};
}

bool drive_intx(PciConfig& config, bool requested)
{
    const u16 status = get16(config, pci_config::status);
    put(config, pci_config::status, 2, pci_status::Interrupt::put(status, requested));
    return requested && !pci_command::InterruptDisable::test(command_of(config));
}

bool valid(const PciConfig& config, const PciLayout& layout)
{
    for (unsigned i = 0; i < pci_config_bytes; ++i) {
        // The quirks may have been on before: what they let through stays.
        u8 free = static_cast<u8>(writable_at(layout, i, 0) | writable_at(layout, i, ~u32{0}));
        if (i == pci_config::status)
            free |= pci_status::Interrupt::mask;
        if (!msi_pending_byte(layout, i) && ((config.byte[i] ^ layout.at_reset[i]) & ~free) != 0)
            return false;
    }
    return true;
}

std::span<const Quirk> pci_quirks()
{
    static constexpr Quirk rows[] = {
        {pci_quirk::ConfigIsRam::mask, true, false, "pci.config-is-ram", "[PCI] Configuration Space",
         "bytes 40h to FFh outside capabilities keep whatever is written"},
        {pci_quirk::GenericBridges::mask, true, false, "pci.generic-bridges",
         "[440FX], [PIIX], [ICH9] Command",
         "bridges have every function's command register, and a status register of their own"},
        {pci_quirk::AddressIsRam::mask, true, false, "pci.address-is-ram", "[440FX] CONFADD",
         "reserved bits of CONFADD are kept, bits 1:0 are added to the offset, narrow reads at CF8h to CFBh "
         "give its low bits"},
        {pci_quirk::AnyLineRoutes::mask, true, false, "pci.any-line-routes", "[PIIX] PIRQRC",
         "reserved lines are routed to; on pc any of bits 7:4 ends the routing"},
        {pci_quirk::RouteIsStale::mask, true, false, "pci.route-is-stale", "[ICH9] PIRQ[n]_ROUT",
         "on q35 a line follows a changed PIRQ routing only when a pin of that PIRQ changes"},
        {pci_quirk::IntxIsLatched::mask, true, false, "edu.intx-is-latched", "[PCI] INTx and MSI",
         "INTx does not come back when MSI is disabled while the interrupt status is not zero"},
    };
    return rows;
}

} // namespace irqlab::hw

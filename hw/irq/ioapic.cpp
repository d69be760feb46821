// 82093AA I/O APIC: registers and end of interrupt. See the header for the manual.
#include "hw/irq/ioapic.hpp"

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

enum Offset : u32 { io_reg_sel = 0x00, io_win = 0x10, eoi_register = 0x40 };
enum Index : u8 { index_id = 0x00, index_version = 0x01, index_arbitration = 0x02, index_table = 0x10 };
constexpr u32 index_table_end = index_table + 2 * ioapic_pins;

bool in_table(u8 index) { return index >= index_table && index < index_table_end; }
unsigned pin_of(u8 index) { return (index - index_table) / 2u; }
bool high_half(u8 index) { return (index & 1) != 0; }

void diagnose(Signals& signals, u32 value)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::ioapic_bad_index), value});
}

bool has_eoi_register(const Ioapic& chip)
{
    return chip.version >= ioapic_version_eoi && !ioapic_quirk::OldVersion::test(chip.quirks);
}

bool index_exists(u8 index) { return index <= index_arbitration || in_table(index); }

u32 read_data(const Ioapic& chip)
{
    if (in_table(chip.index)) {
        const u64 entry = chip.entry[pin_of(chip.index)];
        return static_cast<u32>(high_half(chip.index) ? entry >> 32 : entry);
    }
    switch (chip.index) {
    case index_id:
    case index_arbitration: // Loaded with the ID whenever that is written. [82093AA] "IOAPICARB"
        return Ioapic::Id::put(0, chip.id);
    case index_version: {
        const bool old = ioapic_quirk::OldVersion::test(chip.quirks);
        return Ioapic::MaxEntry::put(old ? ioapic_version_82093aa : chip.version, ioapic_pins - 1);
    }
    default: return ioapic_quirk::OnesBeyond::test(chip.quirks) ? ~u32{0} : 0;
    }
}

bool sends(const Ioapic& chip, unsigned pin)
{
    const u64 entry = chip.entry[pin];
    return rte::Level::test(entry) && !rte::Masked::test(entry) && !rte::RemoteIrr::test(entry) &&
           active(chip, pin);
}

/// A stored request is served at the next occasion, whatever its entry has become. An edge is used up by it.
u32 serve_stored(Ioapic& chip)
{
    u32 pins = 0;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        const u64 entry = chip.entry[pin];
        const u32 pin_bit = bit<u32>(pin);
        if ((chip.irr & pin_bit) == 0 || rte::Masked::test(entry))
            continue;
        if (!rte::Level::test(entry))
            chip.irr &= ~pin_bit;
        else if (rte::RemoteIrr::test(entry))
            continue;
        pins |= pin_bit;
    }
    return pins;
}

/// A level entry that is unmasked while active sends; an edge that came while masked is gone.
u32 write_entry(Ioapic& chip, unsigned pin, u64 value)
{
    u64& entry = chip.entry[pin];
    const u64 there =
        rte::writable & ~(chip.version < ioapic_version_eoi ? rte::ExtendedDestination::mask : 0);
    const u64 kept = ioapic_quirk::KeepsReserved::test(chip.quirks) ? ~rte::read_only : there;
    entry = (entry & rte::read_only) | (value & kept);
    if (!rte::Level::test(entry))
        entry &= ~rte::read_only;
    if (rte::Masked::test(entry) || !active(chip, pin))
        entry &= ~rte::Pending::mask;
    if (ioapic_quirk::StoredIrr::test(chip.quirks)) [[unlikely]]
        return serve_stored(chip);
    return sends(chip, pin) ? bit<u32>(pin) : 0;
}

u32 write_data(Ioapic& chip, u32 value, Signals& signals)
{
    if (in_table(chip.index)) {
        const unsigned pin = pin_of(chip.index);
        const u64 entry = chip.entry[pin];
        const u64 low = high_half(chip.index) ? entry & 0xffffffff : value;
        const u64 high = high_half(chip.index) ? value : entry >> 32;
        return write_entry(chip, pin, high << 32 | low);
    }
    if (chip.index == index_id)
        chip.id = static_cast<u8>(Ioapic::Id::get(value));
    else if (!index_exists(chip.index))
        diagnose(signals, chip.index);
    return 0; // Version and arbitration ID are read-only.
}

} // namespace

void reset(Ioapic& chip, u8 version)
{
    const u32 quirks = chip.quirks;
    chip = {};
    chip.quirks = quirks;
    chip.version = version;
    chip.entry.fill(rte::at_reset);
}

std::span<const Quirk> ioapic_quirks()
{
    using namespace ioapic_quirk;
    static constexpr std::array rows{
        Quirk{StoredIrr::mask, true, false, "ioapic.irr-is-stored",
              "[82093AA] \"IOREDTBL[23:0]\", trigger mode",
              "a level's request outlives its entry's change to edge, and is then sent as one"},
        Quirk{NoPolarity::mask, true, true, "ioapic.no-polarity", "[82093AA] \"IOREDTBL[23:0]\", INTPOL",
              "an active-low entry is taken for active high"},
        Quirk{AlwaysAccepted::mask, true, false, "ioapic.always-accepted",
              "[82093AA] \"IOREDTBL[23:0]\", remote IRR",
              "remote IRR is set whoever takes the message, and in every delivery mode"},
        Quirk{KeepsReserved::mask, true, true, "ioapic.keeps-reserved-bits",
              "[82093AA] \"IOREDTBL[23:0]\", reserved", "reserved bits of an entry read as written"},
        Quirk{OnesBeyond::mask, false, true, "ioapic.ones-beyond-table", "[82093AA] \"I/O Window Register\"",
              "registers that do not exist read as ones"},
        Quirk{OldVersion::mask, false, true, "ioapic.version-11h", "[ICH9] \"EOI Register\"",
              "the version is 11h, and there is no EOI register"},
        Quirk{NoDeliveryStatus::mask, false, true, "ioapic.no-delivery-status",
              "[82093AA] \"IOREDTBL[23:0]\", DELIVS",
              "delivery status stays 0 though nobody takes the message"},
        Quirk{ServiceInAnyMode::mask, false, true, "ioapic.service-in-any-mode",
              "[82093AA] \"IOREDTBL[23:0]\", DELMOD",
              "a level entry has remote IRR set in the edge modes too, and in the reserved ones"},
        Quirk{
            EoiResendsEdges::mask, false, true, "ioapic.eoi-resends-edges",
            "[82093AA] \"IOREDTBL[23:0]\", trigger mode",
            "an EOI of a level entry makes edge entries of its vector send again while their lines are high"},
    };
    return rows;
}

bool quirked_active(const Ioapic& chip, unsigned pin)
{
    using namespace ioapic_quirk;
    if (StoredIrr::test(chip.quirks))
        return (chip.irr >> pin & 1) != 0;
    const bool low = rte::ActiveLow::test(chip.entry[pin]) && !NoPolarity::test(chip.quirks);
    return ((chip.lines >> pin & 1) != 0) != low;
}

u32 quirked_drive(Ioapic& chip, unsigned pin, bool high, Signals& signals)
{
    using namespace ioapic_quirk;
    const u32 pin_bit = bit<u32>(pin);
    const u64 entry = chip.entry[pin];
    const bool level = rte::Level::test(entry), masked = rte::Masked::test(entry);
    if (high != (NoPolarity::test(chip.quirks) || !rte::ActiveLow::test(entry))) { // Went inactive.
        if (level) {
            chip.entry[pin] = entry & ~rte::Pending::mask;
            chip.irr &= ~pin_bit;
        }
        return 0;
    }
    if (level || !masked)
        chip.irr |= StoredIrr::test(chip.quirks) ? pin_bit : 0;
    else if (rte::Vector::get(entry) >= apic_vector_first)
        edge_lost(pin, signals);
    if (masked || (level && rte::RemoteIrr::test(entry)))
        return 0;
    if (!level)
        chip.irr &= ~pin_bit;
    return pin_bit;
}

void follow_quirks(Ioapic& chip)
{
    chip.irr = 0;
    if (!ioapic_quirk::StoredIrr::test(chip.quirks))
        return;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        if (rte::Level::test(chip.entry[pin]) && (chip.lines >> pin & 1) != 0)
            chip.irr |= bit<u32>(pin);
}

/// Nobody has taken the message yet: then it is still asked for, and nobody is to end it.
static bool valid_pending(const Ioapic& chip, unsigned pin)
{
    const u64 entry = chip.entry[pin];
    return !rte::Pending::test(entry) || chip.quirks != 0 ||
           (active(chip, pin) && !rte::Masked::test(entry) && !rte::RemoteIrr::test(entry));
}

bool valid(const Ioapic& chip)
{
    constexpr u32 pins = bit<u32>(ioapic_pins) - 1;
    constexpr u64 known = rte::writable | rte::read_only;
    if ((chip.lines & ~pins) != 0 || (chip.irr & ~pins) != 0 || (chip.irr != 0 && chip.quirks == 0) ||
        chip.id > 15 || chip.unused != 0)
        return false;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        const u64 entry = chip.entry[pin];
        const bool reserved = (entry & ~known) != 0 && !ioapic_quirk::KeepsReserved::test(chip.quirks);
        if (reserved || (!rte::Level::test(entry) && (entry & rte::read_only) != 0) ||
            !valid_pending(chip, pin))
            return false;
    }
    return true;
}

void edge_lost(unsigned pin, Signals& signals)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::edge_lost_while_masked), pin});
}

u32 waiting(const Ioapic& chip)
{
    u32 pins = 0;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        if (sends(chip, pin))
            pins |= bit<u32>(pin);
    return pins;
}

/// Edge entries that send at the end of a level interrupt of their vector: if a level entry has it as well.
static u32 edges_resent(const Ioapic& chip, u8 vector)
{
    bool handled = false;
    u32 pins = 0;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        const u64 entry = chip.entry[pin];
        if (rte::Vector::get(entry) != vector)
            continue;
        handled |= rte::Level::test(entry);
        if (!rte::Level::test(entry) && !rte::Masked::test(entry) && active(chip, pin))
            pins |= bit<u32>(pin);
    }
    return handled ? pins : 0;
}

u32 end_of_interrupt(Ioapic& chip, u8 vector, Signals& signals)
{
    constexpr u64 looked_at = rte::Vector::mask | rte::Level::mask | rte::RemoteIrr::mask;
    const u64 in_service = rte::Level::mask | rte::RemoteIrr::mask | vector;
    u32 pins = ioapic_quirk::EoiResendsEdges::test(chip.quirks) ? edges_resent(chip, vector) : 0;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        u64& entry = chip.entry[pin];
        if ((entry & looked_at) != in_service)
            continue;
        entry &= ~rte::RemoteIrr::mask;
        signals.push({SignalKind::ioapic_eoi, 0, static_cast<u16>(pin), vector});
        if (sends(chip, pin))
            pins |= bit<u32>(pin);
    }
    return pins;
}

u32 peek(const Ioapic& chip, u32 offset)
{
    if (offset == io_reg_sel)
        return chip.index;
    return offset == io_win ? read_data(chip) : 0;
}

u32 read(const Ioapic& chip, u32 offset, Signals& signals)
{
    if (offset == io_win && !index_exists(chip.index))
        diagnose(signals, chip.index);
    else if (offset != io_win && offset != io_reg_sel) // The EOI register is write-only.
        diagnose(signals, offset);
    return peek(chip, offset);
}

u32 write(Ioapic& chip, u32 offset, u32 value, Signals& signals)
{
    switch (offset) {
    case io_reg_sel: chip.index = static_cast<u8>(value); return 0;
    case io_win: return write_data(chip, value, signals);
    case eoi_register:
        if (has_eoi_register(chip))
            return end_of_interrupt(chip, static_cast<u8>(value), signals);
        break;
    default: break;
    }
    diagnose(signals, offset);
    return 0;
}

} // namespace irqlab::hw

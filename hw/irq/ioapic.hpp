// 82093AA I/O APIC: 24 inputs, one redirection table entry (RTE) each.
//
// Three 32-bit registers in memory: IOREGSEL at +00h (index), IOWIN at +10h (data), EOI at +40h (version 20h
// and later). Indirect: 00h ID, 01h version, 02h arbitration ID, 10h + 2n low and 11h + 2n high half of RTE
// n.
//
// Functions never send by themselves. They return the set of pins (bit n: pin n) whose message is due now;
// the board sends message(chip, pin) and tells the answer with sent(chip, pin, accepted).
//
// Edge input: the active edge sends once; while masked it is lost. Level input: active, unmasked and remote
// IRR clear sends; acceptance sets remote IRR; an EOI of the entry's present vector clears it, and the pin
// sends again if it is still active. An entry made edge-triggered forgets remote IRR.
//
// Not modelled: the three-wire APIC bus and its arbitration, the erratum of version 11h that delivers a level
// interrupt as an edge, SMI's rule that its vector be zero.
// Sources: [82093AA] "Register Description", [ICH9] "Advanced Programmable Interrupt Controller (D31:F0)"
// (EOI).
#pragma once
#include <array>
#include <type_traits>

#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"
#include "hw/irq/apic_message.hpp"

namespace irqlab::hw {

/// Redirection table entry. [82093AA] "IOREDTBL[23:0]".
namespace rte {
using Vector = Field<u64, 0, 8>;       // 10h..FEh are valid.
using DeliveryMode = Field<u64, 8, 3>; // enum Delivery
using Logical = Field<u64, 11>;        // Destination mode.
using Pending = Field<u64, 12>;        // Delivery status: nobody has accepted the message yet.
using ActiveLow = Field<u64, 13>;
using RemoteIrr = Field<u64, 14>; // Level only: accepted, and not ended yet.
using Level = Field<u64, 15>;
using Masked = Field<u64, 16>;
using Destination = Field<u64, 56, 8>;
// In front of a remapping unit, an entry in remappable format. Bit 11 is the index's bit 15. [VTD] "I/OxAPIC
// Programming". Chips without such a unit have bits 55:48 as extended destination: [ICH9] "Redirection
// Table".
using Remappable = Field<u64, 48>;
using RemapIndex = Field<u64, 49, 15>;
using ExtendedDestination = Field<u64, 48, 8>;

inline constexpr u64 at_reset = Masked::mask;
inline constexpr u64 read_only = Pending::mask | RemoteIrr::mask;
inline constexpr u64 writable = Vector::mask | DeliveryMode::mask | Logical::mask | ActiveLow::mask |
                                Level::mask | Masked::mask | Destination::mask | ExtendedDestination::mask;
} // namespace rte

inline constexpr u64 ioapic_address = 0xfec00000;
inline constexpr unsigned ioapic_pins = 24;
inline constexpr u8 ioapic_version_82093aa = 0x11;
inline constexpr u8 ioapic_version_eoi = 0x20; // First with the EOI register; what QEMU reports.

/// Switches of `Ioapic::quirks`; ioapic_quirks() says what each does.
namespace ioapic_quirk {
using StoredIrr = Field<u32, 0>;
using NoPolarity = Field<u32, 1>;
using AlwaysAccepted = Field<u32, 2>;
using KeepsReserved = Field<u32, 3>;
using OnesBeyond = Field<u32, 4>;
using OldVersion = Field<u32, 5>;
using NoDeliveryStatus = Field<u32, 6>;
using ServiceInAnyMode = Field<u32, 7>;
using EoiResendsEdges = Field<u32, 8>;
} // namespace ioapic_quirk
std::span<const Quirk> ioapic_quirks();

struct Ioapic {
    using Id = Field<u32, 24, 4>;
    using MaxEntry = Field<u32, 16, 8>; // Of the version register.

    std::array<u64, ioapic_pins> entry; // As software reads them.
    u32 lines;                          // Bit n: pin n is electrically high.
    u32 irr;                            // Of quirks only: requests as they are stored.
    u32 quirks;
    u8 index; // IOREGSEL
    u8 id;
    u8 version;
    u8 unused;
    bool operator==(const Ioapic&) const = default;
};
static_assert(std::has_unique_object_representations_v<Ioapic>);

/// True when the chip can be in this state.
bool valid(const Ioapic& chip);

/// Reset state: every entry masked, pins low, ID 0. The quirks stay.
void reset(Ioapic& chip, u8 version = ioapic_version_eoi);

/// The quirks were switched: what is stored by them follows the lines.
void follow_quirks(Ioapic& chip);

/// Pin `pin` of level `high`; returns 1 << pin when that sends a message. Inline: this is the hot path.
u32 drive(Ioapic& chip, unsigned pin, bool high, Signals& signals);

/// The message of a pin as its entry says it now.
ApicMessage message(const Ioapic& chip, unsigned pin);

/// The message of `pin` was sent. Level: remote IRR follows acceptance. Not accepted: delivery status
/// stays 1.
void sent(Ioapic& chip, unsigned pin, bool accepted);

/// An EOI message for `vector`: clears remote IRR of every level entry that has this vector now.
/// Returns the pins that are still active and send again.
u32 end_of_interrupt(Ioapic& chip, u8 vector, Signals& signals);

/// Level pins that are active, unmasked and not in service: what a retry would send.
u32 waiting(const Ioapic& chip);

/// 32-bit register access at `offset` from the base. Unknown offsets and indices: diagnosis; reads give 0.
u32 read(const Ioapic& chip, u32 offset, Signals& signals);
u32 peek(const Ioapic& chip, u32 offset);
/// Returns the pins that send because of the write (unmasked while active, EOI register).
u32 write(Ioapic& chip, u32 offset, u32 value, Signals& signals);

// --- hot path ----------------------------------------------------------------------------------------------

/// Diagnoses an edge that came while its entry was masked.
void edge_lost(unsigned pin, Signals& signals);

/// active() and drive() of a chip with quirks.
bool quirked_active(const Ioapic& chip, unsigned pin);
u32 quirked_drive(Ioapic& chip, unsigned pin, bool high, Signals& signals);

inline bool active(const Ioapic& chip, unsigned pin)
{
    if (chip.quirks != 0) [[unlikely]]
        return quirked_active(chip, pin);
    return (((chip.lines >> pin) & 1u) != 0) != rte::ActiveLow::test(chip.entry[pin]);
}

inline u32 drive(Ioapic& chip, unsigned pin, bool high, Signals& signals)
{
    const u32 pin_bit = bit<u32>(pin);
    if (((chip.lines & pin_bit) != 0) == high)
        return 0;
    chip.lines ^= pin_bit;
    if (chip.quirks != 0) [[unlikely]]
        return quirked_drive(chip, pin, high, signals);
    const u64 entry = chip.entry[pin];
    if (high == rte::ActiveLow::test(entry)) { // Went inactive.
        if (rte::Level::test(entry))
            chip.entry[pin] = entry & ~rte::Pending::mask;
        return 0;
    }
    if (!rte::Masked::test(entry))
        return rte::Level::test(entry) && rte::RemoteIrr::test(entry) ? 0 : pin_bit;
    // An entry that was never given a vector is no loss: the line is served by the 8259 or by nobody.
    if (!rte::Level::test(entry) && rte::Vector::get(entry) >= apic_vector_first)
        edge_lost(pin, signals);
    return 0;
}

inline ApicMessage message(const Ioapic& chip, unsigned pin)
{
    const u64 entry = chip.entry[pin];
    return {static_cast<u8>(rte::Vector::get(entry)), static_cast<Delivery>(rte::DeliveryMode::get(entry)),
            static_cast<u8>(rte::Destination::get(entry)), rte::Logical::test(entry),
            rte::Level::test(entry)};
}

inline void sent(Ioapic& chip, unsigned pin, bool accepted)
{
    u64& entry = chip.entry[pin];
    entry &= ~rte::Pending::mask;
    if (ioapic_quirk::AlwaysAccepted::test(chip.quirks)) [[unlikely]] {
        entry |= rte::Level::test(entry) ? rte::RemoteIrr::mask : 0;
        return;
    }
    const bool edge_mode = rte::DeliveryMode::get(entry) > static_cast<u64>(Delivery::lowest);
    if (!rte::Level::test(entry) || (edge_mode && !ioapic_quirk::ServiceInAnyMode::test(chip.quirks)))
        return; // An edge that nobody takes is gone; NMI, SMI, INIT and ExtINT are edges whatever the entry
                // says.
    if (accepted)
        entry |= rte::RemoteIrr::mask;
    else if (!ioapic_quirk::NoDeliveryStatus::test(chip.quirks))
        entry |= rte::Pending::mask;
}

} // namespace irqlab::hw

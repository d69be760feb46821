// Local APIC: who a message is for, and what the interrupt command register sends.
// Source: [SDM3] "Issuing Interprocessor Interrupts", "Determining IPI Destination".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

enum class Shorthand : u8 { none, self, all, all_but_self };

/// True when the message's destination names this APIC: its ID, its bits of the flat model or of its cluster.
inline bool matches(const Lapic& apic, u8 destination, bool logical)
{
    if (destination == apic_broadcast)
        return true;
    if (!logical)
        return apic.id == destination;
    const u8 own = static_cast<u8>(apic.ldr >> 24);
    if (apic.dfr >> 28 == 0xf) // Flat model.
        return (own & destination) != 0;
    return own >> 4 == destination >> 4 && (own & destination & 0xf) != 0;
}

/// What the ICR holds, as a message. IPIs are edges; an INIT de-assert is none at all: nothing sends it.
ApicMessage icr_message(u64 icr);
Shorthand icr_shorthand(u64 icr);
bool icr_sends(u64 icr);

} // namespace irqlab::hw

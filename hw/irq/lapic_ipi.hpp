// Local APIC: who a message is for, and what the interrupt command register sends.
//
// A lowest-priority IPI goes to one of those whom its destination or shorthand names. The trigger mode counts
// for INIT alone, to tell it from INIT de-assert, which nobody heeds. ExtINT and the reserved mode are not
// sent. Source: [SDM3] "Issuing Interprocessor Interrupts", "Determining IPI Destination", "Logical
// Destination Mode in x2APIC Mode".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

enum class Shorthand : u8 { none, self, all, all_but_self };

/// True when the destination names this APIC: its ID, its bits of the flat model or of its cluster. In xAPIC
/// mode IDs have 8 bits, and no wider destination is this one's.
bool matches(const Lapic& apic, u32 destination, bool logical);

/// What the ICR holds, as a message.
ApicMessage icr_message(const Lapic& apic);
inline Shorthand icr_shorthand(u64 icr) { return static_cast<Shorthand>(icr::Shorthand::get(icr)); }

/// ICR is written, in xAPIC mode with its low half. LapicEffect::Kind::send: it holds a message now.
LapicEffect write_icr(Lapic& apic, u64 value, unsigned cpu, Signals& signals);

/// P6: the answer to a remote read, or that nobody gave one.
void finish_remote_read(Lapic& apic, bool answered, u32 value);
/// P6: the register that a remote read asks for. [SDM3] "Interrupt Command Register (ICR)"
inline u16 remote_register(u8 vector) { return static_cast<u16>((vector & 0x3f) << 4); }

} // namespace irqlab::hw

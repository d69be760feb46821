// What travels between APICs: one interrupt message, from an IO-APIC pin, an ICR write, an LVT entry or an
// MSI. Source: [SDM3] "Interrupt Command Register (ICR)", [82093AA] "I/O Redirection Table Registers".
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// Delivery mode, as bits 10:8 of an RTE, an LVT entry, the ICR and MSI data spell it. In the ICR of the P6
/// family the reserved one is a remote read.
enum class Delivery : u8 { fixed, lowest, smi, reserved, nmi, init, startup, ext_int };

struct ApicMessage {
    u8 vector;
    Delivery delivery;
    u32 destination; ///< APIC ID (physical) or message destination address (logical).
    bool logical;
    bool level; ///< Trigger mode: becomes the TMR bit of the vector.
    bool operator==(const ApicMessage&) const = default;
};

/// Destination that every local APIC answers to. [SDM3] "Physical Destination Mode"
inline constexpr u32 apic_broadcast = 0xffffffff;

/// The destination that a sender of 8 bits means: FFh is everyone, whatever the mode of those who hear it.
constexpr u32 widen_destination(u32 eight_bits) { return eight_bits == 0xff ? apic_broadcast : eight_bits; }

/// Vectors below this are reserved: an APIC may not send or accept them. [SDM3] "Valid Interrupt Vectors".
inline constexpr u8 apic_vector_first = 0x10;

} // namespace irqlab::hw

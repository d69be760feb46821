// Local APIC: its modes (IA32_APIC_BASE), the registers as MSRs in x2APIC mode, and IA32_TSC_DEADLINE.
//
//            EN 0, EXTD 0 (disabled) <--> EN 1, EXTD 0 (xAPIC) --> EN 1, EXTD 1 (x2APIC) --> disabled
//
// Every other change of mode is #GP, as is EXTD without EN. To disable loses all state but the IDs, which
// become what hardware gave; xAPIC to x2APIC keeps it, but for LDR (which follows from the ID) and ICR's
// destination.
//
// MSRs 800h to 8FFh are there in x2APIC mode alone. #GP: a register that does not exist there, a write to one
// that is read-only or a read of one that is write-only, reserved bits that are not 0. Status bits that
// software may not write (delivery status, remote IRR) are no reserved bits.
//
// Source: [SDM3] "Extended XAPIC (x2APIC)", "x2APIC Register Availability", "x2APIC State Transitions".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

inline constexpr u32 msr_tsc = 0x10, msr_apic_base = 0x1b, msr_tsc_deadline = 0x6e0, msr_x2apic = 0x800,
                     msr_x2apic_end = 0x900, msr_x2apic_eoi = 0x80b, msr_x2apic_icr = 0x830,
                     msr_x2apic_self_ipi = 0x83f;

/// WRMSR of IA32_APIC_BASE. False: #GP.
bool write_base(Lapic& apic, u64 value);

/// RDMSR of msr_x2apic to msr_x2apic_end - 1. False: #GP.
bool read_msr(const Lapic& apic, u32 msr, u64 now_ns, u64& value);
/// WRMSR of the same. False: #GP.
bool write_msr(Lapic& apic, u32 msr, u64 value, u64 now_ns, unsigned cpu, Signals& signals,
               LapicEffect& effect);

} // namespace irqlab::hw

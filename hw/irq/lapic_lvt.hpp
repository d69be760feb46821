// Local APIC: the local vector table (timer, thermal, performance counters, LINT0, LINT1, error, CMCI) and
// the LINT pins.
//
// LINT1 is always edge-triggered, ExtINT always a level. An interrupt of the performance counters masks its
// own entry. Thermal, performance counter and CMCI entries take fixed, SMI and NMI alone. Whoever models the
// sensor, the counters or the machine checks calls fire(). [SDM3] "Local Vector Table".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

/// What an LVT entry asks of its own CPU beside a vector in IRR.
enum class LocalEvent : u8 { none, nmi, smi, init };

/// Writes an entry: read-only and absent bits stay, and the mask bit is stuck at 1 while software has the
/// APIC disabled. The timer's counter goes on; LINT0 requests when it is unmasked while its level is active.
void write_lvt(Lapic& apic, LvtEntry entry, u32 value, u64 now_ns, unsigned cpu, Signals& signals);

/// ext_int's Wire follows LINT0 and its entry: after a change of either, or of the mode.
void settle_lint0(Lapic& apic);

/// The bits of an entry that software writes.
u32 lvt_writable(const Lapic& apic, LvtEntry entry);

/// Masks all entries, as clearing SVR's enable bit does.
void mask_all(Lapic& apic);

/// An event of an entry (timer expired, counter overflowed, error) happens now. Masked: nothing.
LocalEvent fire(Lapic& apic, LvtEntry entry, unsigned cpu, Signals& signals);

/// Puts a level on LINT0 or LINT1.
LocalEvent drive_lint(Lapic& apic, unsigned pin, bool high, unsigned cpu, Signals& signals);

} // namespace irqlab::hw

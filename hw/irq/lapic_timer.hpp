// Local APIC timer: a 32-bit down counter on the bus clock of 1 GHz, divided by 1 to 128; or a deadline of
// the time stamp counter.
//
// The counter is not stepped: it is known by its value at a base time. A new divisor takes effect at once and
// starts a fresh period of the prescaler. One-shot to periodic and back leaves it running; to or from
// TSC-deadline mode stops it and clears TMICT. In TSC-deadline mode TMICT is not written and TMCCT reads 0;
// in the others IA32_TSC_DEADLINE reads 0 and is not written. In the reserved mode nothing counts.
//
// Not modelled: the clock stopping in deep sleep, TSC_ADJUST and writes to the TSC. Source: [SDM3] "APIC
// Timer", "TSC-Deadline Mode".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

/// The time stamp counter at a time, and the first time at which it is `tsc` or more.
constexpr u64 tsc_at(u64 now_ns) { return now_ns / 5 * 13 + now_ns % 5 * 13 / 5; }
constexpr u64 ns_at_tsc(u64 tsc) { return tsc / 13 * 5 + (tsc % 13 * 5 + 12) / 13; }
static_assert(tsc_hz * 5 == u64{1'000'000'000} * 13);

/// log2 of the divisor that the divide configuration register says.
unsigned divide_shift(u32 divide);

/// TMCCT at `now_ns`.
u32 current_count(const Lapic& apic, u64 now_ns);

/// When the count reaches 0, or the time stamp counter its deadline; ~0 when the timer is stopped. Masked or
/// not.
u64 deadline_ns(const Lapic& apic);

/// When the timer next interrupts: as deadline_ns(), but ~0 when its LVT entry is masked.
inline u64 timer_event_ns(const Lapic& apic)
{
    if ((apic.timer.count | apic.tsc_deadline) == 0 ||
        lvt::Masked::test(apic.lvt[static_cast<unsigned>(LvtEntry::timer)]))
        return ~u64{0};
    return deadline_ns(apic);
}

/// Brings the timer to `now_ns`: one-shot stops at 0, periodic reloads, a deadline is over. True when it
/// expired on the way.
bool catch_up(Lapic& apic, u64 now_ns);

/// TMICT: starts the counter, or stops it with 0.
void write_initial(Lapic& apic, u32 value, u64 now_ns);
void write_divide(Lapic& apic, u32 value, u64 now_ns);

/// IA32_TSC_DEADLINE: arms the timer, or disarms it with 0. One that has passed expires at once.
void write_deadline(Lapic& apic, u64 tsc);
u64 read_deadline(const Lapic& apic, u64 now_ns);

/// The LVT entry is about to say another mode.
void change_mode(Lapic& apic, TimerMode to, u64 now_ns);

} // namespace irqlab::hw

// Local APIC timer: a 32-bit down counter on the bus clock of 1 GHz, divided by 1 to 128.
//
// The counter is not stepped: it is known by its value at a base time. A new divisor takes effect at once and
// starts a fresh period of the prescaler. Not modelled: TSC-deadline mode (LVT bit 18 reads 0), the clock
// stopping in deep sleep. Source: [SDM3] "APIC Timer".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

/// log2 of the divisor that the divide configuration register says.
unsigned divide_shift(u32 divide);

/// TMCCT at `now_ns`.
u32 current_count(const Lapic& apic, u64 now_ns);

/// When the count reaches 0, or ~0 when it is stopped. Masked or not.
u64 deadline_ns(const LapicTimer& timer);

/// When the timer next interrupts: as deadline_ns(), but ~0 when its LVT entry is masked.
inline u64 timer_event_ns(const Lapic& apic)
{
    if (apic.timer.count == 0 || lvt::Masked::test(apic.lvt[static_cast<unsigned>(LvtEntry::timer)]))
        return ~u64{0};
    return deadline_ns(apic.timer);
}

/// Brings the counter to `now_ns`: one-shot stops at 0, periodic reloads. True when it reached 0 on the way.
bool catch_up(Lapic& apic, u64 now_ns);

/// TMICT: starts the counter, or stops it with 0.
void write_initial(Lapic& apic, u32 value, u64 now_ns);
void write_divide(Lapic& apic, u32 value, u64 now_ns);

} // namespace irqlab::hw

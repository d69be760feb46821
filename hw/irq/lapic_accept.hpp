// Local APIC: priorities, acceptance of messages, INTA and end of interrupt. Inline: this is the hot path.
//
// IRR holds a vector once; a second message for it while its bit is set merges, one in service does not (two
// per vector are queued, a third is lost). TMR follows the trigger mode of the message accepted last. Source:
// [SDM3] "Handling Interrupts", "Interrupt, Task, and Processor Priority", "Signaling Interrupt Servicing
// Completion".
#pragma once
#include "hw/irq/lapic.hpp"

namespace irqlab::hw {

/// Registers PPR and APR. The local APIC with the lowest APR wins a lowest-priority message.
u8 arbitration_priority(const Lapic& apic);

/// LINT0 in level mode: an EOI ends its remote IRR, and it requests again while it is active. In
/// lapic_lvt.cpp.
void end_lint0(Lapic& apic, u8 vector, unsigned cpu, Signals& signals);

/// The rare ends of request() and acknowledge(), out of line in lapic.cpp.
void illegal_request(Lapic& apic, u8 vector, bool level, unsigned cpu, Signals& signals);
void illegal_vector(Lapic& apic, u8 vector, u32 esr_bit, unsigned cpu, Signals& signals);
int spurious(const Lapic& apic, unsigned cpu, Signals& signals);

inline u8 priority_class(int vector) { return vector < 0 ? u8{0} : static_cast<u8>(vector & 0xf0); }

inline u8 processor_priority(const Lapic& apic)
{
    const u8 in_service = priority_class(apic.isr.highest());
    return (apic.tpr & 0xf0) >= in_service ? apic.tpr : in_service;
}

/// IRR and TMR take the vector.
[[gnu::always_inline]] inline void set_request(Lapic& apic, u8 vector, bool level, unsigned cpu,
                                               Signals& signals)
{
    apic.irr.set(vector);
    if (level)
        apic.tmr.set(vector);
    else
        apic.tmr.clear(vector);
    signals.push({SignalKind::lapic_irr, static_cast<u8>(cpu), 0, vector});
}

/// A fixed message for `vector` arrives. False: this APIC is disabled, and does not take it. An illegal
/// vector is taken, sets ESR and goes no further.
[[gnu::always_inline]] inline bool request(Lapic& apic, u8 vector, bool level, unsigned cpu, Signals& signals)
{
    if (!software_enabled(apic) || !hardware_enabled(apic))
        return false;
    if (vector < apic_vector_first) [[unlikely]]
        illegal_request(apic, vector, level, cpu, signals);
    else
        set_request(apic, vector, level, cpu, signals);
    return true;
}

/// The vector that would be delivered now (its class is above PPR's), or -1.
inline int deliverable(const Lapic& apic)
{
    const int vector = apic.irr.highest();
    return priority_class(vector) > (processor_priority(apic) & 0xf0) ? vector : -1;
}

/// INTA: moves the deliverable vector from IRR to ISR and returns it. A request that is there but no longer
/// above PPR gives the spurious vector, which sets no ISR bit. -1: nothing is requested.
inline int acknowledge(Lapic& apic, unsigned cpu, Signals& signals)
{
    if (!apic.irr.any())
        return -1;
    const int vector = deliverable(apic);
    if (vector >= 0) {
        apic.irr.clear(static_cast<u8>(vector));
        apic.isr.set(static_cast<u8>(vector));
        return vector;
    }
    return spurious(apic, cpu, signals);
}

/// EOI: ends the highest vector in service, if any. A level interrupt's goes on to the I/O APIC, unless
/// software has said that it ends it there itself (directed EOI).
inline LapicEffect end_of_interrupt(Lapic& apic, unsigned cpu, Signals& signals)
{
    const int highest = apic.isr.highest();
    const u8 vector = highest < 0 ? u8{0} : static_cast<u8>(highest);
    signals.push({SignalKind::lapic_eoi, static_cast<u8>(cpu), 0, vector});
    if (highest < 0)
        return {LapicEffect::Kind::none, 0, false};
    apic.isr.clear(vector);
    if (!apic.tmr.test(vector))
        return {LapicEffect::Kind::eoi, vector, false};
    end_lint0(apic, vector, cpu, signals);
    return {LapicEffect::Kind::eoi, vector, !svr::EoiQuiet::test(apic.svr)};
}

} // namespace irqlab::hw

// Local APIC: reset, registers and the error status. See the header for the manual.
#include "hw/irq/lapic.hpp"

#include "hw/base/check.hpp"
#include "hw/irq/lapic_accept.hpp"
#include "hw/irq/lapic_ipi.hpp"
#include "hw/irq/lapic_lvt.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

using Kind = LapicEffect::Kind;
constexpr LapicEffect nothing{Kind::none, 0, false};

void bad_register(Lapic& apic, u16 offset, unsigned cpu, Signals& signals)
{
    signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                  static_cast<u16>(Diagnosis::lapic_bad_register), offset});
    error(apic, esr::IllegalRegister::mask, cpu, signals);
}

bool in_bank(u16 offset, u16 bank) { return offset >= bank && offset < bank + 0x80; }

u32 bank_word(const Vectors& vectors, u16 offset)
{
    const unsigned index = (offset & 0x70) / 0x10;
    return static_cast<u32>(vectors.word[index / 2] >> (index % 2 * 32));
}

bool is_lvt(u16 offset) { return offset >= lapic_lvt_timer && offset <= lapic_lvt_error; }
LvtEntry entry_of(u16 offset) { return static_cast<LvtEntry>((offset - lapic_lvt_timer) / 0x10); }

bool readable(u16 offset)
{
    if ((offset & 0xf) != 0)
        return false;
    if (in_bank(offset, lapic_isr) || in_bank(offset, lapic_tmr) || in_bank(offset, lapic_irr) ||
        is_lvt(offset))
        return true;
    switch (offset) {
    case lapic_id:
    case lapic_version_register:
    case lapic_tpr:
    case lapic_apr:
    case lapic_ppr:
    case lapic_eoi_register:
    case lapic_rrd:
    case lapic_ldr:
    case lapic_dfr:
    case lapic_svr:
    case lapic_esr:
    case lapic_icr_low:
    case lapic_icr_high:
    case lapic_timer_initial:
    case lapic_timer_current:
    case lapic_timer_divide: return true;
    default: return false;
    }
}

/// Disabling masks the LVT; what is in IRR and ISR stays. [SDM3] "Local APIC State After It Has Been Software
/// Disabled".
LapicEffect write_svr(Lapic& apic, u32 value)
{
    apic.svr = value & svr::writable;
    if (!software_enabled(apic))
        mask_all(apic);
    return {Kind::rerouted, 0, false};
}

/// A fixed or lowest-priority IPI below vector 10h is not sent. [SDM3] "Error Handling".
LapicEffect write_icr_low(Lapic& apic, u32 value, unsigned cpu, Signals& signals)
{
    apic.icr = (apic.icr & icr::writable_high) | (value & icr::writable_low);
    if (!icr_sends(apic.icr))
        return nothing;
    const ApicMessage ipi = icr_message(apic.icr);
    if (ipi.delivery <= Delivery::lowest && ipi.vector < apic_vector_first) {
        illegal_vector(apic, ipi.vector, esr::SendIllegalVector::mask, cpu, signals);
        return nothing;
    }
    return {Kind::send, ipi.vector, false};
}

LapicEffect write_lvt_register(Lapic& apic, u16 offset, u32 value, u64 now_ns, unsigned cpu, Signals& signals)
{
    const LvtEntry entry = entry_of(offset);
    write_lvt(apic, entry, value, now_ns, cpu, signals);
    return {entry == LvtEntry::timer ? Kind::timer : Kind::none, 0, false};
}

} // namespace

void init_reset(Lapic& apic)
{
    const u8 id = apic.id;
    const u8 lint = apic.lint; // Pins are not state.
    const u64 base = apic.base;
    apic = {};
    apic.id = id;
    apic.lint = lint;
    apic.base = base;
    apic.dfr = 0xffffffff;
    apic.svr = svr::at_reset;
    apic.lvt.fill(lvt::at_reset);
}

void reset(Lapic& apic, u8 id, bool bsp)
{
    apic.id = id;
    apic.lint = 0;
    apic.base = apic_base::Bsp::put(lapic_address | apic_base::Enabled::mask, bsp);
    init_reset(apic);
}

u8 arbitration_priority(const Lapic& apic)
{
    const u8 requested = priority_class(apic.irr.highest());
    const u8 in_service = priority_class(apic.isr.highest());
    const u8 task = apic.tpr & 0xf0;
    if (task >= requested && task > in_service)
        return apic.tpr;
    return requested > in_service ? requested : in_service;
}

void illegal_vector(Lapic& apic, u8 vector, u32 esr_bit, unsigned cpu, Signals& signals)
{
    signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                  static_cast<u16>(Diagnosis::lapic_illegal_vector), vector});
    error(apic, esr_bit, cpu, signals);
}

int spurious(const Lapic& apic, unsigned cpu, Signals& signals)
{
    const u32 vector = svr::Vector::get(apic.svr);
    signals.push(
        {SignalKind::diagnosis, static_cast<u8>(cpu), static_cast<u16>(Diagnosis::spurious_vector), vector});
    return static_cast<int>(vector);
}

void error(Lapic& apic, u32 esr_bit, unsigned cpu, Signals& signals)
{
    const bool armed = apic.esr_next == 0;
    apic.esr_next |= esr_bit;
    const u32 entry = apic.lvt[static_cast<unsigned>(LvtEntry::error)];
    // An error entry with an illegal vector of its own cannot be delivered, and must not report itself for
    // ever.
    if (armed && lvt::Vector::get(entry) >= apic_vector_first)
        fire(apic, LvtEntry::error, cpu, signals);
}

u32 peek(const Lapic& apic, u16 offset, u64 now_ns)
{
    if (!readable(offset))
        return 0;
    if (in_bank(offset, lapic_isr))
        return bank_word(apic.isr, offset);
    if (in_bank(offset, lapic_tmr))
        return bank_word(apic.tmr, offset);
    if (in_bank(offset, lapic_irr))
        return bank_word(apic.irr, offset);
    if (is_lvt(offset))
        return apic.lvt[static_cast<unsigned>(entry_of(offset))];
    switch (offset) {
    case lapic_id: return u32{apic.id} << 24;
    case lapic_version_register: return lapic_version;
    case lapic_tpr: return apic.tpr;
    case lapic_apr: return arbitration_priority(apic);
    case lapic_ppr: return processor_priority(apic);
    case lapic_ldr: return apic.ldr;
    case lapic_dfr: return apic.dfr;
    case lapic_svr: return apic.svr;
    case lapic_esr: return apic.esr;
    case lapic_icr_low: return static_cast<u32>(apic.icr);
    case lapic_icr_high: return static_cast<u32>(apic.icr >> 32);
    case lapic_timer_initial: return apic.timer.initial;
    case lapic_timer_current: return current_count(apic, now_ns);
    case lapic_timer_divide: return apic.timer.divide;
    default: return 0; // EOI and remote read.
    }
}

u32 read(Lapic& apic, u16 offset, u64 now_ns, unsigned cpu, Signals& signals)
{
    if (!readable(offset))
        bad_register(apic, offset, cpu, signals);
    return peek(apic, offset, now_ns);
}

LapicEffect write(Lapic& apic, u16 offset, u32 value, u64 now_ns, unsigned cpu, Signals& signals)
{
    if (is_lvt(offset) && (offset & 0xf) == 0)
        return write_lvt_register(apic, offset, value, now_ns, cpu, signals);
    switch (offset) {
    case lapic_id: apic.id = static_cast<u8>(value >> 24); return {Kind::rerouted, 0, false};
    case lapic_tpr: apic.tpr = static_cast<u8>(value); return nothing;
    case lapic_eoi_register: return end_of_interrupt(apic, cpu, signals);
    case lapic_ldr: apic.ldr = value & 0xff000000; return {Kind::rerouted, 0, false};
    case lapic_dfr: apic.dfr = value | 0x0fffffff; return {Kind::rerouted, 0, false};
    case lapic_svr: return write_svr(apic, value);
    case lapic_esr: // What is written does not matter. [SDM3] "Error Handling".
        apic.esr = apic.esr_next;
        apic.esr_next = 0;
        return nothing;
    case lapic_icr_low: return write_icr_low(apic, value, cpu, signals);
    case lapic_icr_high:
        apic.icr = (apic.icr & icr::writable_low) | u64{value & 0xff000000} << 32;
        return nothing;
    case lapic_timer_initial: write_initial(apic, value, now_ns); return {Kind::timer, 0, false};
    case lapic_timer_divide: write_divide(apic, value, now_ns); return {Kind::timer, 0, false};
    default: bad_register(apic, offset, cpu, signals); return nothing; // Read-only ones are illegal to write.
    }
}

} // namespace irqlab::hw

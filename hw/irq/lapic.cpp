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

void diagnose(u16 offset, unsigned cpu, Signals& signals)
{
    signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                  static_cast<u16>(Diagnosis::lapic_bad_register), offset});
}

/// A reserved register. To write a read-only one is no error. [SDM3] "Error Handling"
void bad_register(Lapic& apic, u16 offset, unsigned cpu, Signals& signals)
{
    diagnose(offset, cpu, signals);
    error(apic, esr::IllegalRegister::mask, cpu, signals);
}

bool in_bank(u16 offset, u16 bank) { return offset >= bank && offset < bank + 0x80; }

u32 bank_word(const Vectors& vectors, u16 offset)
{
    const unsigned index = (offset & 0x70) / 0x10;
    return static_cast<u32>(vectors.word[index / 2] >> (index % 2 * 32));
}

bool is_lvt(const Lapic& apic, u16 offset)
{
    return (offset >= lapic_lvt_timer && offset <= lapic_lvt_error) ||
           (offset == lapic_lvt_cmci && !lapic_quirk::SixEntries::test(apic.quirks));
}
LvtEntry entry_of(u16 offset)
{
    return offset == lapic_lvt_cmci ? LvtEntry::cmci
                                    : static_cast<LvtEntry>((offset - lapic_lvt_timer) / 0x10);
}

u32 version_of(const Lapic& apic)
{
    constexpr u32 plain = 0x00050014; // Version 14h, six entries.
    return lapic_quirk::SixEntries::test(apic.quirks) ? plain : lapic_version;
}

bool readable(const Lapic& apic, u16 offset)
{
    if ((offset & 0xf) != 0)
        return false;
    if (in_bank(offset, lapic_isr) || in_bank(offset, lapic_tmr) || in_bank(offset, lapic_irr) ||
        is_lvt(apic, offset))
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
    const bool six = lapic_quirk::SixEntries::test(apic.quirks);
    apic.svr = value & (six ? svr::writable & ~svr::EoiQuiet::mask : svr::writable);
    if (!software_enabled(apic))
        mask_all(apic);
    return {Kind::rerouted, 0, false};
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
    const Lapic kept = apic;
    apic = {};
    apic.id = kept.id;
    apic.x2apic_id = kept.x2apic_id;
    apic.lint = kept.lint; // Pins are not state.
    apic.ext_int = kept.ext_int & ext_int::Bypass::mask;
    apic.base = kept.base;
    apic.quirks = kept.quirks;
    apic.dfr = 0xffffffff;
    apic.svr = svr::at_reset;
    apic.lvt.fill(lvt::at_reset);
    if (lapic_quirk::Lint0ExtInt::test(apic.quirks) && apic_base::Bsp::test(apic.base))
        apic.lvt[static_cast<unsigned>(LvtEntry::lint0)] =
            lvt::DeliveryMode::put(0, static_cast<u64>(Delivery::ext_int));
    settle_lint0(apic);
}

void reset(Lapic& apic, u8 id, bool bsp)
{
    apic.id = id;
    apic.x2apic_id = id;
    apic.lint = apic.ext_int = 0;
    apic.base = apic_base::Bsp::put(lapic_address | apic_base::Enabled::mask, bsp);
    init_reset(apic);
}

u8 arbitration_priority(const Lapic& apic)
{
    if (lapic_quirk::NoApr::test(apic.quirks))
        return 0;
    const u8 requested = priority_class(apic.irr.highest());
    const u8 in_service = priority_class(apic.isr.highest());
    const u8 task = apic.tpr & 0xf0;
    if (task >= requested && task > in_service)
        return apic.tpr;
    return requested > in_service ? requested : in_service;
}

void illegal_request(Lapic& apic, u8 vector, bool level, unsigned cpu, Signals& signals)
{
    illegal_vector(apic, vector, esr::ReceiveIllegalVector::mask, cpu, signals);
    if (lapic_quirk::NoErrors::test(apic.quirks))
        set_request(apic, vector, level, cpu, signals);
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
    if (lapic_quirk::NoErrors::test(apic.quirks))
        return;
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
    if (!readable(apic, offset))
        return 0;
    if (in_bank(offset, lapic_isr))
        return bank_word(apic.isr, offset);
    if (in_bank(offset, lapic_tmr))
        return bank_word(apic.tmr, offset);
    if (in_bank(offset, lapic_irr))
        return bank_word(apic.irr, offset);
    if (is_lvt(apic, offset))
        return apic.lvt[static_cast<unsigned>(entry_of(offset))];
    switch (offset) {
    case lapic_id: return in_x2apic_mode(apic) ? apic.x2apic_id : u32{apic.id} << 24;
    case lapic_version_register: return version_of(apic);
    case lapic_tpr: return apic.tpr;
    case lapic_apr: return arbitration_priority(apic);
    case lapic_ppr: return processor_priority(apic);
    case lapic_rrd: return apic.rrd;
    case lapic_ldr: return in_x2apic_mode(apic) ? logical_x2apic_id(apic.x2apic_id) : apic.ldr;
    case lapic_dfr: return apic.dfr;
    case lapic_svr: return apic.svr;
    case lapic_esr: return apic.esr;
    case lapic_icr_low: return static_cast<u32>(apic.icr);
    case lapic_icr_high: return static_cast<u32>(apic.icr >> 32);
    case lapic_timer_initial: return apic.timer.initial;
    case lapic_timer_current: return current_count(apic, now_ns);
    case lapic_timer_divide: return apic.timer.divide;
    default: return 0; // EOI
    }
}

u32 read(Lapic& apic, u16 offset, u64 now_ns, unsigned cpu, Signals& signals)
{
    if (!readable(apic, offset))
        bad_register(apic, offset, cpu, signals);
    return peek(apic, offset, now_ns);
}

LapicEffect write(Lapic& apic, u16 offset, u32 value, u64 now_ns, unsigned cpu, Signals& signals)
{
    if (is_lvt(apic, offset) && (offset & 0xf) == 0)
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
    case lapic_icr_low: return write_icr(apic, (apic.icr & icr::writable_high) | value, cpu, signals);
    case lapic_icr_high: apic.icr = (apic.icr & 0xffffffff) | u64{value & 0xff000000} << 32; return nothing;
    case lapic_timer_initial: write_initial(apic, value, now_ns); return {Kind::timer, 0, false};
    case lapic_timer_divide: write_divide(apic, value, now_ns); return {Kind::timer, 0, false};
    default: break;
    }
    if (readable(apic, offset))
        diagnose(offset, cpu, signals);
    else
        bad_register(apic, offset, cpu, signals);
    return nothing;
}

} // namespace irqlab::hw

// VT-d: registers and event messages. See the header for the manual.
#include "hw/irq/vtd.hpp"

#include "hw/base/check.hpp"
#include "hw/irq/vtd_inside.hpp"

namespace irqlab::hw {
namespace {

constexpr u32 version = 0x10;
// 8-bit domains, 48-bit guest addresses, one fault record at 220h.
constexpr u64 capabilities = 0x222f0402;
// Queued invalidation, interrupt remapping, extended mode; handles masked up to 15 bits.
constexpr u64 extended_capabilities = 0xf00f1a;

constexpr u64 iqa_writable = 0xfffffffffffff007; // Address and size; descriptors have 128 bits.
constexpr u64 queue_index = 0x7fff0;             // IQH and IQT, bits 18:4.
constexpr u64 irta_writable = irta::Table::mask | irta::Extended::mask | irta::Size::mask;
constexpr u32 event_address_writable = 0xfffffffc;

void diagnose(Signals& signals, u32 value)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::vtd_not_modelled), value});
}

/// Registers of 64 bits start at these offsets; all others have 32.
bool is_wide(u16 offset)
{
    switch (offset) {
    case vtd_cap:
    case vtd_ecap:
    case vtd_rtaddr:
    case vtd_ccmd:
    case vtd_iqh:
    case vtd_iqt:
    case vtd_iqa:
    case vtd_irta:
    case vtd_frcd:
    case vtd_frcd + 8: return true;
    default: return false;
    }
}

/// The whole register that an offset lies in.
u64 peek_register(const Vtd& unit, u16 offset)
{
    switch (offset) {
    case vtd_ver: return version;
    case vtd_cap: return capabilities;
    case vtd_ecap: return extended_capabilities;
    case vtd_gsts: return unit.gsts;
    case vtd_rtaddr: return unit.rtaddr;
    case vtd_ccmd: return unit.ccmd;
    case vtd_fsts: return unit.fsts;
    case vtd_fectl: return unit.fectl;
    case vtd_fedata: return unit.fedata;
    case vtd_feaddr: return unit.feaddr;
    case vtd_feuaddr: return unit.feuaddr;
    case vtd_iqh: return unit.iqh;
    case vtd_iqt: return unit.iqt;
    case vtd_iqa: return unit.iqa;
    case vtd_ics: return unit.ics;
    case vtd_iectl: return unit.iectl;
    case vtd_iedata: return unit.iedata;
    case vtd_ieaddr: return unit.ieaddr;
    case vtd_ieuaddr: return unit.ieuaddr;
    case vtd_irta: return unit.irta;
    case vtd_frcd: return unit.record_low;
    case vtd_frcd + 8: return unit.record_high;
    default: return 0; // GCMD is write-only.
    }
}

/// Unmasking sends what waited.
VtdEvent write_control(u32& control, u32 value, u32 address, u32 data)
{
    control = (control & event_control::Pending::mask) | (value & event_control::Masked::mask);
    if (event_control::Masked::test(control) || !event_control::Pending::test(control))
        return {};
    control &= ~event_control::Pending::mask;
    return {true, address, data};
}

/// When software has cleared every cause, the pending event is forgotten.
void settle_fault_event(Vtd& unit)
{
    if (!vtd_inside::fault_waits(unit))
        unit.fectl &= ~event_control::Pending::mask;
}

void write_fsts(Vtd& unit, u32 value)
{
    unit.fsts &= ~(value & (fsts::Overflow::mask | fsts::QueueError::mask));
    settle_fault_event(unit);
}

/// The record's F bit is cleared by writing 1; the rest is read-only.
void write_record_high(Vtd& unit, u64 value)
{
    if (!vtd_inside::Recorded::test(value))
        return;
    unit.record_high &= ~vtd_inside::Recorded::mask;
    unit.fsts &= ~fsts::Pending::mask;
    settle_fault_event(unit);
}

/// Each bit is a switch, or an order that is carried out at once.
void write_gcmd(Vtd& unit, u32 value, Signals& signals)
{
    constexpr u32 switches =
        gcmd::QueuedInvalidation::mask | gcmd::Remapping::mask | gcmd::Compatibility::mask;
    if (gcmd::Translation::test(value))
        diagnose(signals, vtd_gcmd);
    unit.gsts = (unit.gsts & ~switches) | (value & switches);
    if (gcmd::SetRoot::test(value))
        unit.gsts |= gcmd::SetRoot::mask;
    if (gcmd::SetTable::test(value)) {
        unit.table = unit.irta;
        unit.gsts |= gcmd::SetTable::mask;
    }
    if (!gcmd::QueuedInvalidation::test(unit.gsts))
        unit.iqh = 0;
}

/// One register, whole.
VtdEvent write_register(Vtd& unit, u16 offset, u64 value, Signals& signals)
{
    const u32 low = static_cast<u32>(value);
    switch (offset) {
    case vtd_gcmd: write_gcmd(unit, low, signals); break;
    case vtd_rtaddr: unit.rtaddr = value; break;
    case vtd_ccmd: unit.ccmd = value & ~(u64{1} << 63); break; // Done before the write is.
    case vtd_fsts: write_fsts(unit, low); break;
    case vtd_fectl: return write_control(unit.fectl, low, unit.feaddr, unit.fedata);
    case vtd_fedata: unit.fedata = low & 0xffff; break;
    case vtd_feaddr: unit.feaddr = low & event_address_writable; break;
    case vtd_feuaddr: unit.feuaddr = low; break;
    case vtd_iqt: unit.iqt = value & queue_index; break;
    case vtd_iqa: unit.iqa = value & iqa_writable; break;
    case vtd_ics:
        unit.ics &= ~(low & 1);
        if (unit.ics == 0)
            unit.iectl &= ~event_control::Pending::mask;
        break;
    case vtd_iectl: return write_control(unit.iectl, low, unit.ieaddr, unit.iedata);
    case vtd_iedata: unit.iedata = low & 0xffff; break;
    case vtd_ieaddr: unit.ieaddr = low & event_address_writable; break;
    case vtd_ieuaddr: unit.ieuaddr = low; break;
    case vtd_irta: unit.irta = value & irta_writable; break;
    case vtd_frcd + 8: write_record_high(unit, value); break;
    default: break; // Read-only, or nothing there.
    }
    return {};
}

bool well_formed(u16 offset, unsigned width)
{
    return offset < vtd_window && (width == 4 || width == 8) && offset % width == 0;
}

/// A half of a wide register is written with its other half as it is; write-1-to-clear bits of that must not
/// count.
u64 with_half(const Vtd& unit, u16 offset, u64 value)
{
    const u16 whole = offset & ~7;
    const u64 other = whole == vtd_frcd + 8 ? 0 : peek_register(unit, whole);
    return (offset & 4) != 0 ? (other & 0xffffffff) | value << 32
                             : (other & ~u64{0xffffffff}) | (value & 0xffffffff);
}

} // namespace

bool valid(const Vtd& unit)
{
    return (unit.iqh & ~queue_index) == 0 && (unit.iqt & ~queue_index) == 0 &&
           (unit.iqa & ~iqa_writable) == 0 && (unit.irta & ~irta_writable) == 0 &&
           (unit.table & ~irta_writable) == 0 &&
           fsts::Pending::test(unit.fsts) == vtd_inside::Recorded::test(unit.record_high);
}

u64 peek(const Vtd& unit, u16 offset, unsigned width)
{
    if (!well_formed(offset, width))
        return 0;
    if (width == 4)
        return is_wide(offset & ~7) ? peek_register(unit, offset & ~7) >> (8 * (offset & 4)) & 0xffffffff
                                    : peek_register(unit, offset);
    return is_wide(offset) ? peek_register(unit, offset)
                           : peek(unit, offset, 4) | peek(unit, offset + 4, 4) << 32;
}

u64 read(const Vtd& unit, u16 offset, unsigned width, Signals& signals)
{
    if (!well_formed(offset, width))
        diagnose(signals, offset);
    return peek(unit, offset, width);
}

VtdEvent write(Vtd& unit, u16 offset, unsigned width, u64 value, VtdMemory memory, Signals& signals)
{
    if (!well_formed(offset, width)) {
        diagnose(signals, offset);
        return {};
    }
    VtdEvent event;
    if (width == 4 && is_wide(offset & ~7))
        event = write_register(unit, offset & ~7, with_half(unit, offset, value), signals);
    else
        event = write_register(unit, offset, value, signals);
    if (width == 8 && !is_wide(offset)) {
        const VtdEvent second = write_register(unit, offset + 4, value >> 32, signals);
        if (second.sends)
            event = second;
    }
    const VtdEvent done = vtd_inside::run_queue(unit, memory, signals);
    return done.sends ? done : event;
}

} // namespace irqlab::hw

// Local APIC: the interrupt command register, and destinations. See the header.
#include "hw/irq/lapic_ipi.hpp"

#include "hw/irq/lapic_accept.hpp"

namespace irqlab::hw {
namespace {

using Kind = LapicEffect::Kind;

bool matches_x2apic(const Lapic& apic, u32 destination, bool logical)
{
    if (!logical)
        return apic.x2apic_id == destination;
    const u32 own = logical_x2apic_id(apic.x2apic_id);
    return own >> 16 == destination >> 16 && (own & destination & 0xffff) != 0;
}

bool matches_xapic(const Lapic& apic, u32 destination, bool logical)
{
    if (destination > 0xff)
        return false;
    if (!logical)
        return apic.id == destination;
    const u32 own = apic.ldr >> 24;
    if (apic.dfr >> 28 == 0xf) // Flat model.
        return (own & destination) != 0;
    return own >> 4 == destination >> 4 && (own & destination & 0xf) != 0;
}

Delivery delivery_of(u64 icr) { return static_cast<Delivery>(icr::DeliveryMode::get(icr)); }

bool is_deassert(u64 icr) { return icr::Level::test(icr) && !icr::Assert::test(icr); }

/// Does this mode go out at all?
bool sends(const Lapic& apic, u64 icr)
{
    switch (delivery_of(icr)) {
    case Delivery::init: return !is_deassert(icr);
    case Delivery::reserved: return lapic_quirk::P6::test(apic.quirks); // Remote read.
    case Delivery::ext_int: return false;
    case Delivery::fixed:
    case Delivery::lowest: return !(lapic_quirk::LevelIpi::test(apic.quirks) && is_deassert(icr));
    default: return true;
    }
}

bool illegal(const Lapic& apic, u64 icr)
{
    return delivery_of(icr) <= Delivery::lowest && icr::Vector::get(icr) < apic_vector_first &&
           !lapic_quirk::NoErrors::test(apic.quirks);
}

bool redirectable(const Lapic& apic, u64 icr)
{
    return delivery_of(icr) == Delivery::lowest && lapic_quirk::NoLowestIpi::test(apic.quirks);
}

u64 stored(const Lapic& apic, u64 value)
{
    const u64 low =
        lapic_quirk::IcrKeepsAll::test(apic.quirks)
            ? 0xffffffff & ~icr::Pending::mask
            : icr::writable_low | (lapic_quirk::P6::test(apic.quirks) ? icr::RemoteRead::mask : 0);
    return value & (low | icr::Destination32::mask);
}

} // namespace

bool matches(const Lapic& apic, u32 destination, bool logical)
{
    if (destination == apic_broadcast)
        return true;
    return in_x2apic_mode(apic) ? matches_x2apic(apic, destination, logical)
                                : matches_xapic(apic, destination, logical);
}

ApicMessage icr_message(const Lapic& apic)
{
    const u64 icr = apic.icr;
    const u32 to = in_x2apic_mode(apic) ? static_cast<u32>(icr::Destination32::get(icr))
                                        : widen_destination(static_cast<u32>(icr::Destination::get(icr)));
    const bool level = lapic_quirk::LevelIpi::test(apic.quirks) && icr::Level::test(icr);
    return {static_cast<u8>(icr::Vector::get(icr)), delivery_of(icr), to, icr::Logical::test(icr), level};
}

LapicEffect write_icr(Lapic& apic, u64 value, unsigned cpu, Signals& signals)
{
    const u64 status = apic.icr & icr::RemoteRead::mask; // Software does not write it.
    apic.icr =
        stored(apic, lapic_quirk::P6::test(apic.quirks) ? (value & ~icr::RemoteRead::mask) | status : value);
    const u8 vector = static_cast<u8>(icr::Vector::get(apic.icr));
    if (illegal(apic, apic.icr)) {
        illegal_vector(apic, vector, esr::SendIllegalVector::mask, cpu, signals);
        return {Kind::none, 0, false};
    }
    if (sends(apic, apic.icr) && !redirectable(apic, apic.icr))
        return {Kind::send, vector, false};
    if (redirectable(apic, apic.icr))
        error(apic, esr::RedirectableIpi::mask, cpu, signals);
    if (!is_deassert(apic.icr)) // Old software ends its INITs with one.
        signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                      static_cast<u16>(Diagnosis::lapic_reserved_mode),
                      static_cast<u32>(delivery_of(apic.icr))});
    return {Kind::none, 0, false};
}

void finish_remote_read(Lapic& apic, bool answered, u32 value)
{
    constexpr u64 invalid = 0, valid = 2;
    apic.icr = icr::RemoteRead::put(apic.icr, answered ? valid : invalid);
    if (answered)
        apic.rrd = value;
}

} // namespace irqlab::hw

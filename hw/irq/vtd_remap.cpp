// VT-d: the remapping of one interrupt request, and the record of a fault. See vtd.hpp.
#include "hw/irq/vtd_inside.hpp"

namespace irqlab::hw {
namespace {

/// A request's address and data. [VTD] "Interrupt Requests in Remappable Format"; [SDM3] "Message Address
/// Register Format".
namespace request {
using Remappable = Field<u32, 4>;
using HandleHigh = Field<u32, 2>;
using SubhandleValid = Field<u32, 3>;
using Handle = Field<u32, 5, 15>;
using Subhandle = Field<u32, 0, 16>;
using ReservedData = Field<u32, 16, 16>;
using Destination = Field<u32, 12, 8>;
using Logical = Field<u32, 2>;
using Redirect = Field<u32, 3>;
using Vector = Field<u32, 0, 8>;
using Mode = Field<u32, 8, 3>;
using Level = Field<u32, 15>;
} // namespace request

u32 index_of(InterruptRequest r)
{
    const u32 handle = request::Handle::get(r.address) | request::HandleHigh::get(r.address) << 15;
    return request::SubhandleValid::test(r.address) ? handle + request::Subhandle::get(r.data) : handle;
}

/// Who may use an entry: the requester's ID, with 0 to 3 of its function's bits ignored; or any on a range of
/// buses.
bool source_allowed(u64 high, u16 source)
{
    constexpr u16 ignored[] = {0, 4, 6, 7};
    const u16 id = static_cast<u16>(irte::SourceId::get(high));
    switch (irte::SourceCheck::get(high)) {
    case 0: return true;
    case 1: return ((source ^ id) & ~ignored[irte::SourceQualifier::get(high)]) == 0;
    case 2: return (source >> 8) >= (id >> 8) && (source >> 8) <= (id & 0xff);
    default: return false; // Reserved, and refused before.
    }
}

/// An entry that software may not have written so.
bool reserved(const Irte& entry)
{
    constexpr u64 check_reserved = 3;
    return (entry.low & irte::reserved_low) != 0 || irte::Posted::test(entry.low) ||
           (entry.high & irte::reserved_high) != 0 || irte::SourceCheck::get(entry.high) == check_reserved;
}

bool in_cache(const Vtd& unit, u32 index)
{
    return index < vtd_cached_entries && (unit.cached[index / 64] & bit<u64>(index % 64)) != 0;
}

/// The entry, from the cache or from memory. Only what is present and well-formed is kept.
VtdFault find_entry(Vtd& unit, u32 index, VtdMemory memory, Irte& entry)
{
    if (index >= u32{2} << irta::Size::get(unit.table))
        return VtdFault::index_beyond_table;
    if (in_cache(unit, index)) {
        entry = unit.cache[index];
        return VtdFault::none;
    }
    if (!vtd_inside::fetch(memory, (irta::Table::get(unit.table) << 12) + u64{index} * sizeof entry,
                           entry.low, entry.high))
        return VtdFault::table_unreadable;
    if (!irte::Present::test(entry.low))
        return VtdFault::not_present;
    if (reserved(entry))
        return VtdFault::reserved_in_entry;
    if (index < vtd_cached_entries) {
        unit.cache[index] = entry;
        unit.cached[index / 64] |= bit<u64>(index % 64);
    }
    return VtdFault::none;
}

/// One record: a second fault while it is in use is only counted as an overflow.
VtdEvent record(Vtd& unit, VtdFault fault, u32 index, u16 source)
{
    using namespace vtd_inside;
    if (Recorded::test(unit.record_high)) {
        return raise_fault(unit, fsts::Overflow::mask);
    }
    unit.record_low = RecordIndex::put(0, index);
    unit.record_high =
        Recorded::mask | Reason::put(0, static_cast<u64>(fault)) | RecordSource::put(0, source);
    return raise_fault(unit, fsts::Pending::mask);
}

/// An entry may ask that its faults go unrecorded.
bool silent(VtdFault fault, const Irte& entry)
{
    const bool of_entry = fault == VtdFault::not_present || fault == VtdFault::reserved_in_entry ||
                          fault == VtdFault::source_refused;
    return of_entry && irte::FaultDisable::test(entry.low);
}

Remapped block(Vtd& unit, VtdFault fault, const Irte& entry, u32 index, u16 source, Signals& signals)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::vtd_fault),
                  u32{source} << 16 | static_cast<u32>(fault)});
    Remapped result{Remapped::Outcome::blocked, fault, false, {}, {}};
    if (!silent(fault, entry))
        result.event = record(unit, fault, index, source);
    return result;
}

ApicMessage message_of(const Irte& entry, bool extended)
{
    const u64 destination =
        extended ? irte::Destination::get(entry.low) : irte::XapicDestination::get(entry.low);
    return {static_cast<u8>(irte::Vector::get(entry.low)),
            static_cast<Delivery>(irte::DeliveryMode::get(entry.low)),
            static_cast<decltype(ApicMessage::destination)>(destination), irte::Logical::test(entry.low),
            irte::Level::test(entry.low)};
}

} // namespace

ApicMessage compatibility_message(u32 address, u32 data)
{
    ApicMessage m{static_cast<u8>(request::Vector::get(data)),
                  static_cast<Delivery>(request::Mode::get(data)),
                  static_cast<u8>(request::Destination::get(address)), request::Logical::test(address),
                  request::Level::test(data)};
    if (m.delivery == Delivery::fixed && m.logical && request::Redirect::test(address))
        m.delivery = Delivery::lowest; // The redirection hint: one of several.
    return m;
}

Remapped remap(Vtd& unit, InterruptRequest r, VtdMemory memory, Signals& signals)
{
    const bool extended = irta::Extended::test(unit.table);
    const bool remappable = request::Remappable::test(r.address);
    if (!remapping(unit) || (!remappable && gcmd::Compatibility::test(unit.gsts) && !extended))
        return {
            Remapped::Outcome::passes, VtdFault::none, false, compatibility_message(r.address, r.data), {}};
    Irte entry{};
    if (!remappable)
        return block(unit, VtdFault::compatibility_blocked, entry, 0, r.source, signals);
    const u32 index = index_of(r);
    VtdFault fault = VtdFault::none;
    if (request::ReservedData::test(r.data))
        fault = VtdFault::reserved_in_request;
    else
        fault = find_entry(unit, index, memory, entry);
    if (fault == VtdFault::none && !source_allowed(entry.high, r.source))
        fault = VtdFault::source_refused;
    if (fault != VtdFault::none)
        return block(unit, fault, entry, index, r.source, signals);
    return {
        Remapped::Outcome::remapped, fault, irte::Redirect::test(entry.low), message_of(entry, extended), {}};
}

} // namespace irqlab::hw

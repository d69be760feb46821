// Requests through the VT-d unit. See the header.
#include "hw/board/remapping.hpp"

#include "hw/board/apic_bus.hpp"

namespace irqlab::hw {
namespace {

/// An I/O APIC's entry as the write that it makes. [VTD] "I/OxAPIC Programming"; [ICH9] "Redirection Table".
InterruptRequest request_of(u64 entry, u16 source)
{
    using Index = Field<u32, 5, 15>;
    using IndexHigh = Field<u32, 2>;
    using Remappable = Field<u32, 4>;
    using Destination = Field<u32, 12, 8>;
    using Logical = Field<u32, 2>;
    constexpr u32 base = 0xfee00000, assert = 1 << 14;
    if (rte::Remappable::test(entry)) {
        u32 address = Index::put(base | Remappable::mask, rte::RemapIndex::get(entry));
        address = IndexHigh::put(address, rte::Logical::test(entry)); // That bit is the index's highest.
        return {address, 0, source};
    }
    u32 address = Destination::put(base, rte::Destination::get(entry));
    address = Logical::put(address, rte::Logical::test(entry));
    const u64 modes = rte::Vector::mask | rte::DeliveryMode::mask | rte::Level::mask;
    return {address, static_cast<u32>(entry & modes) | assert, source};
}

/// False: nobody took it. A request that is blocked was sent all the same, as far as its sender knows.
bool send(Machine& m, InterruptRequest request, Sender sender, Signals& signals)
{
    const Remapped r = remap(m.remap.vtd, request, vtd_memory(m), signals);
    if (r.outcome == Remapped::Outcome::blocked) {
        if (r.event.sends) // The unit's own messages are not remapped.
            send_msi(m, r.event.address, r.event.data, signals);
        return true;
    }
    ApicMessage message = r.message;
    if (r.outcome == Remapped::Outcome::passes)
        message.destination = widen_destination(message.destination);
    else if (r.redirect && message.logical && message.delivery == Delivery::fixed)
        message.delivery = Delivery::lowest;
    return route(m, message, sender, signals);
}

} // namespace

void fit_vtd(Machine& m)
{
    m.has_vtd = true;
    m.remapping = false;
    m.remap = {};
}

void send_message(Machine& m, u16 source, u32 address, u32 data, Signals& signals)
{
    constexpr u32 apic_range = 0xfee;
    if (!m.remapping || address >> 20 != apic_range)
        return send_msi(m, address, data, signals);
    send(m, {address, data, source}, {SignalKind::msi_send, source}, signals);
}

bool send_remapped(Machine& m, u64 entry, Sender sender, u16 source, Signals& signals)
{
    return send(m, request_of(entry, source), sender, signals);
}

u64 vtd_read(Machine& m, u16 offset, unsigned width, Signals& signals)
{
    return read(m.remap.vtd, offset, width, signals);
}

void vtd_write(Machine& m, u16 offset, unsigned width, u64 value, Signals& signals)
{
    const VtdEvent event = write(m.remap.vtd, offset, width, value, vtd_memory(m), signals);
    m.remapping = remapping(m.remap.vtd);
    if (event.sends)
        send_msi(m, event.address, event.data, signals);
}

} // namespace irqlab::hw

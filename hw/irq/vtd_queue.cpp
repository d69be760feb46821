// VT-d: the invalidation queue. See vtd.hpp.
//
// Descriptors have 16 bytes. Linux queues invalidations of the interrupt entry cache, each followed by a wait
// that writes a word of memory when all before it is done.
#include <cstring>

#include "hw/irq/vtd_inside.hpp"

namespace irqlab::hw::vtd_inside {
namespace {

/// [VTD] "Invalidation Descriptors".
namespace descriptor {
using Type = Field<u64, 0, 4>;
enum : u64 { context_cache = 1, iotlb = 2, device_tlb = 3, interrupt_entry_cache = 4, wait = 5 };
// Interrupt entry cache.
using Selective = Field<u64, 4>;
using IndexMask = Field<u64, 27, 5>;
using Index = Field<u64, 32, 16>;
// Wait.
using InterruptFlag = Field<u64, 4>;
using StatusWrite = Field<u64, 5>;
using StatusData = Field<u64, 32, 32>;
constexpr u64 status_address = ~u64{3}; // High half.
} // namespace descriptor

constexpr u64 descriptor_bytes = 16;

using QueueSize = Field<u64, 0, 3>; // IQA: 2^n pages of 256 descriptors.
using QueuePage = Field<u64, 12, 52>;

u64 queue_bytes(const Vtd& unit) { return u64{4096} << QueueSize::get(unit.iqa); }

void invalidate_entries(Vtd& unit, u64 low)
{
    if (!descriptor::Selective::test(low)) {
        unit.cached = {};
        unit.cache = {};
        return;
    }
    const u64 ignored = bit<u64>(static_cast<unsigned>(descriptor::IndexMask::get(low))) - 1;
    const u64 wanted = descriptor::Index::get(low) & ~ignored;
    for (unsigned i = 0; i < vtd_cached_entries; ++i)
        if ((i & ~ignored) == wanted) {
            unit.cached[i / 64] &= ~bit<u64>(i % 64);
            unit.cache[i] = {};
        }
}

VtdEvent complete_wait(Vtd& unit, u64 low, u64 high, VtdMemory memory, Signals& signals)
{
    if (descriptor::StatusWrite::test(low)) {
        const u64 address = high & descriptor::status_address;
        const u32 data = static_cast<u32>(descriptor::StatusData::get(low));
        const u64 at = address - memory.address;
        if (address >= memory.address && at < memory.bytes.size() && memory.bytes.size() - at >= sizeof data)
            std::memcpy(memory.bytes.data() + at, &data, sizeof data);
        else
            signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::mmio_unclaimed),
                          static_cast<u32>(address)});
    }
    if (!descriptor::InterruptFlag::test(low) || (unit.ics & 1) != 0)
        return {};
    unit.ics |= 1;
    if (!event_control::Masked::test(unit.iectl))
        return {true, unit.ieaddr, unit.iedata};
    unit.iectl |= event_control::Pending::mask;
    return {};
}

/// False: no descriptor that the unit knows.
bool carry_out(Vtd& unit, u64 low, u64 high, VtdMemory memory, VtdEvent& event, Signals& signals)
{
    switch (descriptor::Type::get(low)) {
    case descriptor::context_cache:
    case descriptor::iotlb:
    case descriptor::device_tlb: return true; // Nothing of DMA is cached.
    case descriptor::interrupt_entry_cache: invalidate_entries(unit, low); return true;
    case descriptor::wait:
        if (const VtdEvent done = complete_wait(unit, low, high, memory, signals); done.sends)
            event = done;
        return true;
    default: return false;
    }
}

} // namespace

bool fetch(VtdMemory memory, u64 address, u64& low, u64& high)
{
    const u64 at = address - memory.address;
    if (address < memory.address || at > memory.bytes.size() ||
        memory.bytes.size() - at < sizeof low + sizeof high)
        return false;
    std::memcpy(&low, memory.bytes.data() + at, sizeof low);
    std::memcpy(&high, memory.bytes.data() + at + sizeof low, sizeof high);
    return true;
}

VtdEvent raise_fault(Vtd& unit, u32 cause)
{
    const bool first = !fault_waits(unit);
    unit.fsts |= cause;
    if (!first)
        return {};
    if (!event_control::Masked::test(unit.fectl))
        return {true, unit.feaddr, unit.fedata};
    unit.fectl |= event_control::Pending::mask;
    return {};
}

VtdEvent run_queue(Vtd& unit, VtdMemory memory, Signals& signals)
{
    VtdEvent event;
    if (!gcmd::QueuedInvalidation::test(unit.gsts) || fsts::QueueError::test(unit.fsts))
        return event;
    const u64 bytes = queue_bytes(unit);
    if (unit.iqt >= bytes && unit.iqt != unit.iqh)
        return raise_fault(unit, fsts::QueueError::mask);
    while (unit.iqh != unit.iqt) {
        u64 low = 0, high = 0;
        const u64 at = (QueuePage::get(unit.iqa) << 12) + unit.iqh;
        if (!fetch(memory, at, low, high) || !carry_out(unit, low, high, memory, event, signals))
            return raise_fault(unit, fsts::QueueError::mask);
        unit.iqh = (unit.iqh + descriptor_bytes) & (bytes - 1);
    }
    return event;
}

} // namespace irqlab::hw::vtd_inside

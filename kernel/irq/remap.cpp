// VT-d's interrupt remapping as Linux drives it. See the header.
#include "kernel/irq/remap.hpp"

#include <bit>
#include <cstring>

#include "kernel/irq/apic.hpp"

namespace irqlab::kernel {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t queue_at = page, status_at = 2 * page;
constexpr unsigned queue_length = page / sizeof(hw::Irte); // descriptors are as long as entries
constexpr unsigned table_size = std::countr_zero(remap_entries) - 1;
constexpr u32 wait_done = 2; // what a wait writes; before it there is another word

/// ECAP. [VTD] "Extended Capability Register".
using CanQueue = Field<u64, 1>;
using CanRemap = Field<u64, 3>;
using CanExtend = Field<u64, 4>; // EIM

/// [VTD] "Interrupt Entry Cache Invalidate Descriptor", "Invalidation Wait Descriptor".
namespace descriptor {
using Type = Field<u64, 0, 4>;
using Selective = Field<u64, 4>;
using Index = Field<u64, 32, 16>;
using StatusWrite = Field<u64, 5>;
using StatusData = Field<u64, 32, 32>;
constexpr u64 interrupt_entry_cache = Type::put(0, 4), wait = Type::put(0, 5);
} // namespace descriptor

u64 address_of(const Remap& r, std::size_t offset) { return r.port.memory.address + offset; }

void store(Remap& r, std::size_t offset, const hw::Irte& value)
{
    std::memcpy(r.port.memory.bytes.data() + offset, &value, sizeof value);
}

u32 gsts(Remap& r) { return static_cast<u32>(r.port.read(r.port.context, hw::vtd_gsts, 4)); }

// One-shot commands are not to be repeated with the next write. @return whether the status shows it.
bool command(Remap& r, u32 bit)
{
    constexpr u32 one_shot = hw::gcmd::SetRoot::mask | hw::gcmd::SetTable::mask;
    r.port.write(r.port.context, hw::vtd_gcmd, 4, (gsts(r) & ~one_shot) | bit);
    return (gsts(r) & bit) != 0;
}

void queue(Remap& r, u64 low, u64 high)
{
    store(r, queue_at + r.queued * sizeof(hw::Irte), {low, high});
    r.queued = (r.queued + 1) % queue_length;
}

/// Queues an invalidation and a wait behind it. @return whether the wait came through.
bool invalidate(Remap& r, u64 what)
{
    std::memset(r.port.memory.bytes.data() + status_at, 0, sizeof wait_done);
    queue(r, descriptor::interrupt_entry_cache | what, 0);
    queue(r, descriptor::wait | descriptor::StatusWrite::mask | descriptor::StatusData::put(0, wait_done),
          address_of(r, status_at));
    r.port.write(r.port.context, hw::vtd_iqt, 4, r.queued * sizeof(hw::Irte));
    u32 status = 0;
    std::memcpy(&status, r.port.memory.bytes.data() + status_at, sizeof status);
    return status == wait_done;
}

bool start_queue(Remap& r)
{
    r.queued = 0;
    r.port.write(r.port.context, hw::vtd_iqt, 4, 0);
    r.port.write(r.port.context, hw::vtd_iqa, 8, address_of(r, queue_at));
    return command(r, hw::gcmd::QueuedInvalidation::mask);
}

bool start_table(Remap& r)
{
    std::memset(r.port.memory.bytes.data(), 0, page);
    r.port.write(r.port.context, hw::vtd_irta, 8,
                 hw::irta::Extended::put(address_of(r, 0) | table_size, r.eim));
    return command(r, hw::gcmd::SetTable::mask) && invalidate(r, 0);
}

// --- the parent
// ---------------------------------------------------------------------------------------------

/// The I/O APIC's own, as the DMAR table has it on the boards that have the unit.
constexpr u16 ioapic_source = 0xf0f8;

void write_route(Kernel& k, const Route& route)
{
    Remap& remap = *k.irq->remap;
    const u16 source = route.source ? route.source : ioapic_source;
    remap_write(remap, route.remap_index, remap_entry(route, source, k.irq->apic, remap.eim));
}

int activate(Kernel& k, abi::irq_desc& desc)
{
    const int index = remap_allocate(*k.irq->remap);
    if (index < 0)
        return index;
    Route& route = route_of(desc);
    route.remap_index = static_cast<u16>(index);
    write_route(k, route);
    return 0;
}

void deactivate(Kernel& k, abi::irq_desc& desc) { remap_free(*k.irq->remap, route_of(desc).remap_index); }

bool retarget(Kernel& k, abi::irq_desc& desc)
{
    write_route(k, route_of(desc));
    return true;
}

Message compose(Kernel&, abi::irq_desc& desc)
{
    const Route& route = route_of(desc);
    return remap_message(route.remap_index, route.pin);
}

} // namespace

bool remap_can_extend(const Remap& r)
{
    return CanExtend::test(r.port.read(r.port.context, hw::vtd_ecap, 8));
}

bool remap_enable(Remap& r, bool eim)
{
    r.eim = eim;
    const u64 can = r.port.read(r.port.context, hw::vtd_ecap, 8);
    if (!CanQueue::test(can) || !CanRemap::test(can) || r.port.memory.bytes.size() < remap_memory_bytes)
        return false;
    return start_queue(r) && start_table(r) && command(r, hw::gcmd::Remapping::mask);
}

int remap_allocate(Remap& r)
{
    for (unsigned i = 0; i < r.taken.size(); ++i)
        if (const u64 free = ~r.taken[i]) {
            const int bit = std::countr_zero(free);
            r.taken[i] |= u64{1} << bit;
            return static_cast<int>(i * 64) + bit;
        }
    return -ENOSPC;
}

void remap_free(Remap& r, unsigned index)
{
    remap_write(r, index, {});
    r.taken[index / 64] &= ~(u64{1} << index % 64);
}

void remap_write(Remap& r, unsigned index, hw::Irte entry)
{
    store(r, index * sizeof entry, entry);
    invalidate(r, descriptor::Selective::mask | descriptor::Index::put(0, index));
}

hw::Irte remap_entry(const Route& route, u16 source, ApicDriver driver, bool eim)
{
    using namespace hw::irte;
    constexpr u64 by_whole_id = 1;
    const Target to = destination_of(driver, route.cpu);
    u64 low = Present::mask | Redirect::mask;
    low = Logical::put(low, to.logical);
    low = DeliveryMode::put(low, static_cast<u64>(hw::Delivery::fixed));
    low = Vector::put(low, route.vector);
    low = eim ? Destination::put(low, to.id) : XapicDestination::put(low, to.id);
    return {low, SourceCheck::put(SourceId::put(0, source), by_whole_id)};
}

Message remap_message(unsigned index, u8 subhandle)
{
    u32 address = message::Base::put(0, message::base);
    address = remappable::Index::put(address | message::Remappable::mask, index);
    address = remappable::Index15::put(address, index >> 15);
    return {address, subhandle};
}

const MessageParent remap_parent{activate, deactivate, retarget, compose};

} // namespace irqlab::kernel

// Operations on the I/O APIC that answer what it sent: for models whose local APICs cannot be asked.
//
// A message is a write of its data to an address that its destination makes. `ioapic_line`, `ioapic_write`
// and `ioapic_eoi` answer a digest of the writes that the step caused: for destinations 0 to 3, physical and
// then logical, the last data written there, each weighted by its place.
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

/// The data of the message that an entry makes. [SDM3] "Message Data Register Format"
u32 data_of(u64 entry)
{
    return static_cast<u32>(hw::rte::Vector::get(entry) | hw::rte::DeliveryMode::get(entry) << 8 |
                            hw::rte::Level::get(entry) << 15);
}

u64 digest(const hw::Machine& m, const hw::Signals& signals)
{
    std::array<u32, ioapic_mailboxes> box{};
    for (const hw::Signal& s : signals) {
        if (s.kind != hw::SignalKind::ioapic_send)
            continue;
        const u64 entry = m.ioapic.entry[s.number];
        box[hw::rte::Destination::get(entry) % 4 + (hw::rte::Logical::test(entry) ? 4 : 0)] = data_of(entry);
    }
    u64 sum = 0;
    for (unsigned i = 0; i < box.size(); ++i)
        sum += u64{ioapic_mailboxes - i} * box[i];
    return sum;
}

u64 line(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::drive_line(m, static_cast<unsigned>(s.argument[0]) % hw::lines_max, hw::Source::hand,
                   s.argument[1] != 0, signals);
    return digest(m, signals);
}

u64 write(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::mmio_write(m, 0, hw::ioapic_address, static_cast<u32>(s.argument[0]), signals);
    hw::mmio_write(m, 0, hw::ioapic_address + 0x10, static_cast<u32>(s.argument[1]), signals);
    return digest(m, signals);
}

u64 eoi(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::mmio_write(m, 0, hw::ioapic_address + 0x40, static_cast<u32>(s.argument[0]), signals);
    return digest(m, signals);
}

constexpr Operation table[] = {
    {"ioapic_line", {"line", "level"}, true, line},
    {"ioapic_write", {"index", "value"}, true, write},
    {"ioapic_eoi", {"vector"}, true, eoi},
};

} // namespace

std::span<const Operation> ioapic_operations() { return table; }

} // namespace irqlab::conform

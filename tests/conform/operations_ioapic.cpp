// Operations on the I/O APIC: its version, a storm, and those that answer what it sent, for models whose
// local APICs cannot be asked.
//
// A message is a write of its data to an address that its destination makes. `ioapic_line`, `ioapic_write`
// and `ioapic_eoi` answer a digest of the writes that the step caused: for destinations 0 to 3, physical and
// then logical, the last data written there, each weighted by its place.
#include <algorithm>

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

u64 version(hw::Machine& m, const Step& s, hw::Signals&)
{
    m.ioapic.version = static_cast<u8>(s.argument[0]);
    return 0;
}

u64 fit_second(hw::Machine& m, const Step&, hw::Signals&)
{
    hw::fit_ioapic2(m);
    return 0;
}

u64 entry(hw::Machine& m, const Step& s, hw::Signals&)
{
    return m.ioapic.entry[s.argument[0] % hw::ioapic_pins];
}

/// How many of so many tries in a row found an interrupt, which was taken and ended.
u64 take_and_end(hw::Machine& m, const Step& s, hw::Signals&)
{
    constexpr u64 tries_max = 1'000'000;
    u64 taken = 0;
    for (u64 i = 0; i < std::min(s.argument[0], tries_max); ++i) {
        hw::Signals signals;
        if (!hw::interrupt_pending(m, s.cpu))
            continue;
        taken += hw::accept(m, s.cpu, signals) >= 0;
        hw::lapic_eoi(m, s.cpu, signals);
    }
    return taken;
}

constexpr Operation table[] = {
    {"ioapic_version", {"version"}, false, version},
    {"fit_ioapic2", {}, false, fit_second},
    {"take_and_end", {"times"}, true, take_and_end},
    {"ioapic_line", {"line", "level"}, true, line},
    {"ioapic_write", {"index", "value"}, true, write},
    {"ioapic_eoi", {"vector"}, true, eoi},
    {"ioapic_entry", {"pin"}, true, entry},
};

} // namespace

std::span<const Operation> ioapic_operations() { return table; }

} // namespace irqlab::conform

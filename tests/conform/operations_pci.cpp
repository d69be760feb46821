// Operations on PCI: configuration space by mechanism 1, the educational device.
#include "hw/board/pci.hpp"
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

u64 attach(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::attach_edu(m, static_cast<unsigned>(s.argument[0]));
    return 0;
}

u32 address_of(const Step& s)
{
    return static_cast<u32>(0x80000000 | (s.argument[0] & 0xff) << 8 | (s.argument[1] & 0xfc));
}
u16 port_of(const Step& s) { return static_cast<u16>(hw::pci_data_port + (s.argument[1] & 3)); }

u64 config_write(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::port_write(m, s.cpu, hw::pci_address_port, 4, address_of(s), signals);
    hw::port_write(m, s.cpu, port_of(s), s.width != 0 ? s.width : 4, static_cast<u32>(s.argument[2]),
                   signals);
    return 0;
}

u64 config_read(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::port_write(m, s.cpu, hw::pci_address_port, 4, address_of(s), signals);
    return hw::port_read(m, s.cpu, port_of(s), s.width != 0 ? s.width : 4, signals);
}

u64 inputs(hw::Machine& m, const Step&, hw::Signals&) { return m.ioapic.lines & pirq_lines; }

/// What the write sent to the memory at `watch`: data, or nothing_written.
u64 watched_write(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::mmio_write(m, s.cpu, s.argument[0], s.width != 0 ? s.width : 4, s.argument[1], signals);
    u32 to = 0;
    u64 written = nothing_written;
    for (const hw::Signal& signal : signals) {
        if (signal.kind == hw::SignalKind::diagnosis)
            to = signal.value;
        if (signal.kind == hw::SignalKind::memory_write && to == s.argument[2] &&
            hw::get32(m.edu[0].config, 0x48) == 0) // The upper half of the MSI's address.
            written = signal.value;
    }
    return written;
}

constexpr Operation table[] = {
    {"edu", {"slot"}, false, attach},
    {"config_write", {"devfn", "offset", "value"}, false, config_write},
    {"config_read", {"devfn", "offset"}, true, config_read},
    {"ioapic_inputs", {}, true, inputs},
    {"watched_write", {"address", "value", "watch"}, true, watched_write},
};

} // namespace

std::span<const Operation> pci_operations() { return table; }

} // namespace irqlab::conform

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
        if (signal.kind == hw::SignalKind::msi_memory && to == s.argument[2] &&
            hw::get32(m.edu[0].config, 0x48) == 0) // The upper half of the MSI's address.
            written = signal.value;
    }
    return written;
}

constexpr u64 edu_window = 0xe0000000; // edu_memory(0)

void start_transfer(hw::Machine& m, u64 source, u64 destination, u64 count, u64 command, hw::Signals& signals)
{
    for (const auto& [reg, value] :
         {std::pair{0x80, source}, {0x88, destination}, {0x90, count}, {0x98, command}})
        hw::mmio_write(m, 0, edu_window + static_cast<u64>(reg), 8, value, signals);
}

/// The digest of QemuWitness: each word of eight bytes times how many come after it, beginning with 1.
u64 digest(std::span<const u8> bytes)
{
    u64 sum = 0;
    for (std::size_t at = 0; at < dma_out_bytes; at += 8) {
        u64 word = 0;
        for (std::size_t i = 0; i < 8; ++i)
            word |= u64{at + i < bytes.size() ? bytes[at + i] : u8{0}} << 8 * i;
        sum += word * ((dma_out_bytes - at) / 8);
    }
    return sum;
}

/// Time goes on, and the memory that both sides know is there for the transfer that comes due.
u64 dma_wait(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::advance(m, m.now_ns + s.argument[0], signals);
    const hw::EduTransfer t = hw::transfer(m.edu[0]);
    u64 out = digest({});
    std::array<u8, hw::edu::buffer_bytes> bytes{};
    if (t.to_memory && t.address == dma_out_address)
        out = digest(hw::edu_transfer_bytes(m, 0));
    for (u32 i = 0; i < t.bytes; ++i)
        bytes[i] = memory_pattern(t.address + i);
    if (t.bytes != 0)
        hw::finish_edu_transfer(m, 0, std::span(bytes).first(t.bytes), signals);
    return out;
}

u64 dma_start(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    start_transfer(m, s.argument[0], s.argument[1], s.argument[2], s.argument[3], signals);
    return 0;
}

constexpr Operation table[] = {
    {"edu", {"slot"}, false, attach},
    {"config_write", {"devfn", "offset", "value"}, false, config_write},
    {"config_read", {"devfn", "offset"}, true, config_read},
    {"ioapic_inputs", {}, true, inputs},
    {"dma_start", {"source", "destination", "count", "command"}, false, dma_start},
    {"dma_wait", {"ns"}, true, dma_wait},
    {"watched_write", {"address", "value", "watch"}, true, watched_write},
};

} // namespace

std::span<const Operation> pci_operations() { return table; }

} // namespace irqlab::conform

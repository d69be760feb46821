// Fuzzes PCI on the boards: configuration ports and windows, base address registers, educational devices with
// their transfers, INTx and MSI, with any quirks. Invariants are checked after each operation; a copy driven
// alike must stay equal. A second input form drives an MSI-X table alone.
#include <cstddef>
#include <cstdint>

#include "hw/base/check.hpp"
#include "hw/board/pci.hpp"
#include "hw/pci/msi.hpp"

namespace irqlab::hw {
namespace {

struct Input {
    const u8* at;
    const u8* end;

    bool empty() const { return at == end; }
    u8 byte() { return empty() ? u8{0} : *at++; }
    u16 half() { return static_cast<u16>(byte() | byte() << 8); }
    u32 word() { return half() | u32{half()} << 16; }
};

constexpr unsigned widths[] = {1, 2, 4, 8};

/// Mostly where something is.
u64 address(const Machine& m, Input& in)
{
    const u8 where = in.byte();
    const u32 offset = in.word() & 0xfffff;
    switch (where & 3) {
    case 0: return u64{in.word()} << (where & 4);
    case 1: return 0xb0000000 + offset;
    default: break;
    }
    const u64 base = m.pci.edus == 0 ? 0xfea00000 : get32(m.edu[where % m.pci.edus].config, pci_config::bars);
    return base + ((where & 0x80) != 0 ? offset : offset & 0x9c);
}

u64 step(Machine& m, Input& in, Signals& signals)
{
    const u8 op = in.byte();
    switch (op & 15) {
    case 0:
    case 1: port_write(m, 0, pci_address_port, 4, 0x80000000 | in.half(), signals); return 0;
    case 2:
        port_write(m, 0, pci_address_port, 4,
                   0x80000000 | u32{m.pci.edus ? m.edu[op >> 6].devfn : isa_devfn(m.board)} << 8 | in.byte(),
                   signals);
        return 0;
    case 3: return port_read(m, 0, static_cast<u16>(0xcf4 + (op >> 4)), widths[in.byte() % 3], signals);
    case 4:
    case 5: {
        const unsigned width = widths[in.byte() % 3];
        port_write(m, 0, static_cast<u16>(0xcf4 + (op >> 4)), width, in.word(), signals);
        return 0;
    }
    case 6: return mmio_read(m, 0, address(m, in), widths[op >> 6], signals);
    case 7:
    case 8:
    case 9: {
        const u64 where = address(m, in);
        const u64 value = in.word() | u64{in.byte()} << 32;
        mmio_write(m, 0, where, widths[op >> 6], value, signals);
        return 0;
    }
    case 10: advance(m, m.now_ns + in.word() % (1u << 28), signals); return 0;
    case 11: return static_cast<u64>(attach_edu(m, in.byte()));
    case 12: {
        const unsigned n = op >> 6;
        if (n >= m.pci.edus)
            return 0;
        const u8 bytes[7] = {1, 2, 3, 4, 5, 6, 7};
        const std::size_t moved = edu_transfer_bytes(m, n).size();
        finish_edu_transfer(m, n, bytes, signals);
        return moved;
    }
    case 13: m.pci.quirks = in.byte() & 0x3f; return 0;
    case 14: drive_line(m, in.byte() % lines_max, Source::hand, (op & 0x10) != 0, signals); return 0;
    default: return interrupt_pending(m, 0) ? static_cast<u64>(accept(m, 0, signals)) : 0;
    }
}

void check_machine(const Machine& m)
{
    CHECK(valid(m.pci, m.board));
    for (unsigned n = 0; n < m.pci.edus; ++n)
        CHECK(valid(m.edu[n]));
    for (unsigned line = 0; line < lines_max; ++line)
        CHECK(((m.pci.lines >> line & 1) != 0) ==
              ((m.line_sources[line] >> static_cast<unsigned>(Source::pci) & 1) != 0));
    for (unsigned n = 0; n < m.pci.edus; ++n)
        CHECK((m.pci.pins >> n & 1) == 0 || m.edu[n].intx != 0);
}

void fuzz_machine(Input in)
{
    static Machine one, two;
    power_on(one, static_cast<BoardId>(in.byte() % boards), 1, 1'700'000'000);
    copy_state(two, one);
    while (!in.empty()) {
        Signals heard, again;
        Input same = in;
        const u64 before = step(one, in, heard);
        CHECK(before == step(two, same, again));
        CHECK(heard.size() == again.size());
        check_machine(one);
    }
    CHECK(same_state(one, two));
}

/// A message is sent or pending, never both, and never twice for one request.
void fuzz_msix(Input in)
{
    PciLayout layout = pci_layout({0x1234, 1, 0xff0000, 0, 0, 0}, 0, 0x0507, 0x10);
    add_msi(layout, 0x40, 3, true, 0x60);
    add_msix(layout, 0x60, 5, 1, 0, 0x800);
    PciConfig config;
    std::array<MsixEntry, 5> entries;
    u64 pending = 0;
    const MsixTable table{entries, pending};
    reset(config, layout);
    reset(table);
    while (!in.empty()) {
        const u8 op = in.byte();
        switch (op & 3) {
        case 0: write(config, layout, op >> 2, 1 + (in.byte() & 1), in.half(), 0); break;
        case 1: write(config, layout, 0x40 + (op >> 2 & 0x3c), 4, in.word(), 0); break;
        case 2: write_table(table, op & 0xfc, in.word()); break;
        default:
            if (msix_enabled(config, layout)) {
                const u64 was = pending;
                CHECK(request_msix(config, layout, table, op >> 2).due == 0 || pending == was);
            } else if (msi_enabled(config, layout)) {
                request_msi(config, layout, op >> 2 & 7);
            }
        }
        settle_msi(config, layout);
        for (unsigned sent = 0; take_due_msi(config, layout).due != 0; ++sent)
            CHECK(sent < 8);
        for (unsigned sent = 0; take_due_msix(config, layout, table).due != 0; ++sent)
            CHECK(sent < 5);
        CHECK(valid(config, layout) && pending >> entries.size() == 0);
    }
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    if ((in.byte() & 1) != 0)
        fuzz_msix(in);
    else
        fuzz_machine(in);
    return 0;
}

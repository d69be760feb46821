// Configuration space against QEMU's, of both boards: CONFADD and its data at any lane and width, the
// bridges, and the functions that educational devices are.
#include <array>

#include "hw/board/pci.hpp"
#include "tests/conform/pci_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr std::array<u8, 2> slots{4, 5};

/// Dwords of configuration space that decide about QEMU's memory map or its power management: not touched.
bool left_alone(hw::BoardId board, u8 devfn, unsigned offset)
{
    const auto in = [offset](unsigned first, unsigned last) { return offset >= first && offset <= last; };
    if (devfn == hw::host_devfn)
        return board == hw::BoardId::pc ? in(0x58, 0x5f) || in(0x70, 0x73)
                                        : in(0x50, 0x53) || in(0x60, 0x67) || in(0x90, 0x9f);
    if (devfn == hw::isa_devfn(board))
        return board != hw::BoardId::pc &&
               (in(0x40, 0x47) || in(0xa0, 0xa7) || in(0xdc, 0xdf) || in(0xf0, 0xf3));
    return false;
}

std::array<u8, 4> functions(hw::BoardId board)
{
    return {hw::host_devfn, hw::isa_devfn(board), hw::devfn(slots[0], 0), hw::devfn(slots[1], 0)};
}

/// The PIRQ routing registers, which pci_preamble() has set.
bool routing(hw::BoardId board, u8 devfn, unsigned offset)
{
    return devfn == hw::isa_devfn(board) && (offset == 0x60 || (offset == 0x68 && board != hw::BoardId::pc));
}

std::vector<Step> preamble(hw::BoardId board)
{
    std::vector<Step> steps = pci_preamble(board, slots);
    for (const u8 devfn : functions(board))
        for (unsigned offset = 0x40; offset < 0x100; offset += 4)
            if (!left_alone(board, devfn, offset) && !routing(board, devfn, offset))
                steps.push_back(step("config_write", {devfn, offset, 0}));
    for (const u8 bridge : {hw::host_devfn, hw::isa_devfn(board)})
        for (const unsigned offset : {0x0c, 0x3c})
            steps.push_back(step("config_write", {bridge, offset, 0}, 1));
    return steps;
}

Step select(Random& random, hw::BoardId board)
{
    const auto all = functions(board);
    const u8 devfn = random.one_in(16) ? hw::devfn(7, 0) : random.pick<u8>(all); // Nobody is in slot 7.
    unsigned offset = static_cast<unsigned>(random.below(random.one_in(2) ? 0x50 : 0x100)) & 0xfc;
    while (left_alone(board, devfn, offset))
        offset = static_cast<unsigned>(random.below(0x40)) & 0xfc;
    u64 value = 0x80000000 | u64{devfn} << 8 | offset;
    if (random.one_in(16))
        value |= random.below(0x7f) << 24; // Reserved bits.
    if (random.one_in(16))
        value &= 0x7fffffff;
    if (random.one_in(32))
        value |= 0x10000; // A bus that is not there.
    return step("out", {0xcf8, value}, 4);
}

/// A lane and width that stay inside the dword, or cross into what nobody decodes.
Step data(Random& random, hw::BoardId)
{
    constexpr std::array<u8, 3> widths{1, 2, 4};
    const u8 width = random.pick<u8>(widths);
    const u64 port = 0xcfc + random.below(4);
    if (random.one_in(2))
        return step("in", {port}, width);
    constexpr std::array<u64, 4> values{0, ~u64{0}, 0xffffffff, 0x12345678};
    u64 value = random.one_in(3) ? random.pick<u64>(values) : random.below(u64{1} << 32);
    return step("out", {port, value & (0xffffffff >> (32 - 8 * width))}, width);
}

/// Narrow accesses at CONFADD, but for CF9h.
Step narrow(Random& random)
{
    switch (random.below(6)) {
    case 0: return step("in", {0xcf8}, 1);
    case 1: return step("in", {0xcfa}, 1);
    case 2: return step("in", {0xcf8}, 2);
    case 3: return step("in", {0xcfa}, 4);
    case 4: return step("out", {0xcf8, random.byte()}, 1);
    default: return step("out", {0xcfa, random.below(0x10000)}, 2);
    }
}

Step next(Random& random, hw::BoardId board)
{
    if (random.one_in(3))
        return select(random, board);
    return random.one_in(12) ? narrow(random) : data(random, board);
}

Chip chip(const char* name, hw::BoardId board)
{
    return {name,
            "qemu",
            hw::Profile::qemu,
            400,
            board,
            1,
            [board] { return start_pci_witness(board, slots); },
            [board] { return preamble(board); },
            [board](Random& random, const hw::Machine&) { return next(random, board); },
            [](const Step&, const hw::Machine&) {
                return std::vector<Step>{step("in", {0xcf8}, 4), step("in", {0xcfc}, 4)};
            }};
}

} // namespace

Chip pci_against_qemu() { return chip("pci", hw::BoardId::pc); }
Chip pci_q35_against_qemu() { return chip("pci-q35", hw::BoardId::q35); }

} // namespace irqlab::conform

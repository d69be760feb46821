// INTx, the PIRQ router and the lines behind it against QEMU's, on both boards: educational devices as the
// sources, the inputs of the 8259s and of the I/O APIC as what is looked at.
#include <array>

#include "hw/board/pci.hpp"
#include "tests/conform/pci_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr std::array<u8, 4> slots{4, 5, 8, 25}; // On pc PIRQD, A, D and A; on q35 E, F, E and A.

Step route(Random& random, hw::BoardId board)
{
    constexpr std::array<u8, 11> lines{3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15};
    u8 value = random.pick<u8>(lines);
    if (random.one_in(4))
        value |= static_cast<u8>(random.below(16) << 4);
    const u64 pirq = random.below(hw::pirq_count(board));
    return step("config_write", {hw::isa_devfn(board), hw::pirq_register(static_cast<unsigned>(pirq)), value},
                1);
}

/// Interrupt disable on or off, of a device or a bridge.
Step gate(Random& random, hw::BoardId board)
{
    const u64 slot = random.below(slots.size() + 2);
    const u8 devfn = slot < slots.size()    ? hw::devfn(slots[slot], 0)
                     : slot == slots.size() ? hw::host_devfn
                                            : hw::isa_devfn(board);
    return step("config_write", {devfn, 4, random.one_in(2) ? 0x0106u : 0x0506u}, 2);
}

Step next(Random& random, hw::BoardId board)
{
    const u64 n = random.below(slots.size());
    switch (random.below(8)) {
    case 0:
    case 1: return route(random, board);
    case 2: return gate(random, board);
    case 3: return step("config_write", {hw::devfn(slots[n], 0), 0x42, random.below(2)}, 2); // MSI on or off.
    case 4:
    case 5: return step("write", {edu_memory(static_cast<unsigned>(n)) + 0x60, 1u << random.below(2)});
    default: return step("write", {edu_memory(static_cast<unsigned>(n)) + 0x64, random.below(4)});
    }
}

std::vector<Step> observe(hw::BoardId board)
{
    std::vector<Step> steps{step("ioapic_inputs"), step("in", {0x20}), step("in", {0xa0})};
    for (const u8 slot : slots)
        steps.push_back(step("config_read", {hw::devfn(slot, 0), 4}));
    steps.push_back(step("config_read", {hw::isa_devfn(board), 0x60}));
    return steps;
}

Chip chip(const char* name, hw::BoardId board)
{
    return {name,
            "qemu",
            hw::Profile::qemu,
            200,
            board,
            1,
            [board] { return start_pci_witness(board, slots); },
            [board] { return pci_preamble(board, slots); },
            [board](Random& random, const hw::Machine&) { return next(random, board); },
            [board](const Step&, const hw::Machine&) { return observe(board); }};
}

} // namespace

Chip pirq_against_qemu() { return chip("pirq", hw::BoardId::pc); }
Chip pirq_q35_against_qemu() { return chip("pirq-q35", hw::BoardId::q35); }

} // namespace irqlab::conform

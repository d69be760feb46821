// The educational device's registers, INTx and MSI against QEMU's. Messages go to memory, where both sides
// can look.
//
// Left out is what takes time: QEMU's factorial is computed by a thread of its host, and its DMA by a timer
// of the virtual clock, which stands still.
#include <array>

#include "hw/board/pci.hpp"
#include "tests/conform/pci_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr std::array<u8, 1> slots{4};
constexpr u8 devfn = hw::devfn(4, 0);
constexpr u64 idle_watch = 0x3000;

/// Where the device's messages go, if that is memory of the guest.
u64 watch(const hw::Machine& ours)
{
    constexpr u64 ram_first = 0x1000, ram_end = 0x80000;
    const u64 address = hw::get32(ours.edu[0].config, 0x44);
    return address >= ram_first && address < ram_end ? address : idle_watch;
}

Step register_write(Random& random, const hw::Machine& ours)
{
    constexpr std::array<u64, 12> registers{0x00, 0x04, 0x20, 0x24, 0x60, 0x60,
                                            0x60, 0x64, 0x64, 0x80, 0x88, 0x90};
    constexpr std::array<u8, 6> widths{4, 4, 4, 8, 2, 1};
    const u8 width = random.pick<u8>(widths);
    u64 reg = random.pick<u64>(registers);
    u64 value = random.one_in(2) ? random.below(8) : random.below(~u64{0});
    if (random.one_in(10)) {
        reg = 0x98; // A command without RUN: with it the registers would stay locked.
        value &= ~u64{1};
    }
    if (reg == 0x60 && random.one_in(4))
        value = 0;
    if (width < 8)
        value &= ~u64{0} >> (64 - 8 * width);
    reg &= ~u64{width - 1u}; // The bus would cut an unaligned one in two.
    return step("watched_write", {edu_memory(0) + reg, value, watch(ours)}, width);
}

Step register_read(Random& random)
{
    constexpr std::array<u64, 18> registers{0x00, 0x04, 0x08, 0x0c, 0x20, 0x24,  0x60,    0x64,    0x80,
                                            0x84, 0x88, 0x90, 0x98, 0xa0, 0x100, 0x40000, 0xffff8, 0x02};
    constexpr std::array<u8, 5> widths{4, 4, 8, 2, 1};
    const u8 width = random.pick<u8>(widths);
    const u64 reg = random.pick<u64>(registers) & ~u64{width - 1u};
    return step("read", {edu_memory(0) + reg}, width);
}

Step msi_write(Random& random)
{
    constexpr std::array<u64, 4> addresses{0x2000, 0x4004, 0x20000000, 0x7fffc};
    switch (random.below(6)) {
    case 0:
    case 1:
        return step("config_write", {devfn, 0x42, random.one_in(4) ? random.below(0x10000) : random.below(2)},
                    2);
    case 2: return step("config_write", {devfn, 0x44, random.pick<u64>(addresses)}, 4);
    case 3: return step("config_write", {devfn, 0x48, random.one_in(3) ? 1u : 0u}, 4);
    case 4: return step("config_write", {devfn, 0x4c, random.below(0x10000)}, 2);
    default:
        return step("config_write", {devfn, 4, 0x0102 | random.below(2) << 2 | random.below(2) << 10}, 2);
    }
}

Step next(Random& random, const hw::Machine& ours)
{
    switch (random.below(4)) {
    case 0: return msi_write(random);
    case 1: return register_read(random);
    default: return register_write(random, ours);
    }
}

std::vector<Step> observe(const Step&, const hw::Machine&)
{
    return {step("ioapic_inputs"),
            step("config_read", {devfn, 4}),
            step("config_read", {devfn, 0x40}),
            step("read", {edu_memory(0) + 0x24}),
            step("read", {edu_memory(0) + 0x20}),
            step("read", {edu_memory(0) + 0x80}, 8)};
}

std::vector<Step> preamble()
{
    std::vector<Step> steps = pci_preamble(hw::BoardId::pc, slots);
    steps.push_back(step("config_write", {hw::isa_devfn(hw::BoardId::pc), 0x60, 0x0b0b0a0a}, 4));
    return steps;
}

} // namespace

Chip edu_against_qemu()
{
    return {"edu",
            "qemu",
            hw::Profile::qemu,
            200,
            hw::BoardId::pc,
            1,
            [] { return start_pci_witness(hw::BoardId::pc, slots); },
            preamble,
            next,
            observe};
}

} // namespace irqlab::conform

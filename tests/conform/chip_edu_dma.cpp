// The educational device's transfers against QEMU's, with time: memory that both sides know is read into the
// buffer, and what comes out of it is compared.
//
// Left out: transfers of nothing, of the last byte and outside the buffer (QEMU 7.2 ends there), addresses
// beyond 28 bits (it prints on our line), and a device that is not bus master (QEMU fills its buffer with
// zeros). A step of time is whole milliseconds: QEMU's timer counts those.
#include <algorithm>
#include <array>

#include "hw/board/pci.hpp"
#include "tests/conform/operations.hpp"
#include "tests/conform/pci_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr std::array<u8, 1> slots{4};
constexpr u64 millisecond = 1'000'000, elsewhere = 0x300000;
constexpr u64 all_bytes = hw::edu::buffer_bytes - 1;

/// The buffer as it is after power-up, and no transfer under way.
std::vector<Step> preamble()
{
    std::vector<Step> steps = pci_preamble(hw::BoardId::pc, slots);
    steps.push_back(step("dma_wait", {hw::edu::transfer_ns}));
    steps.push_back(step("dma_start", {dma_in_address, hw::edu::buffer_address, all_bytes, 1}));
    steps.push_back(step("dma_wait", {hw::edu::transfer_ns}));
    for (const u64 reg : {0x80, 0x88, 0x90})
        steps.push_back(step("write", {edu_memory(0) + reg, 0}));
    steps.push_back(step("write", {edu_memory(0) + 0x64, 0xffffffff}));
    return steps;
}

Step start(Random& random)
{
    const u64 at = random.below(all_bytes);
    const u64 in_buffer = hw::edu::buffer_address + at;
    const u64 irq = random.below(2) << 2;
    if (random.one_in(2)) {
        const u64 count = std::min(1 + random.below(random.one_in(2) ? 16 : 4096), all_bytes - at);
        return step("dma_start",
                    {dma_in_address + random.below(dma_in_bytes - 4096), in_buffer, count, 1 | irq});
    }
    const u64 count = std::min(1 + random.below(dma_out_bytes), all_bytes - at);
    const u64 to = random.one_in(8) ? elsewhere : dma_out_address;
    return step("dma_start", {in_buffer, to, count, 3 | irq});
}

Step next(Random& random, const hw::Machine&)
{
    constexpr std::array<u64, 5> registers{0x80, 0x88, 0x90, 0x64, 0x60};
    switch (random.below(8)) {
    case 0:
    case 1:
    case 2: return start(random);
    case 3: {
        const u64 reg = random.pick<u64>(registers);
        return step("write", {edu_memory(0) + reg, random.below(4) << (reg == 0x64 ? 8 : 0)});
    }
    case 4: return step("dma_wait", {millisecond * random.below(99)});
    default: return step("dma_wait", {hw::edu::transfer_ns + millisecond * random.below(3)});
    }
}

std::vector<Step> observe(const Step&, const hw::Machine&)
{
    // The status register shows INTx; the lines themselves are busy with time.
    std::vector<Step> steps{step("config_read", {hw::devfn(slots[0], 0), 4}),
                            step("read", {edu_memory(0) + 0x24})};
    for (const u64 reg : {0x80, 0x88, 0x90, 0x98})
        steps.push_back(step("read", {edu_memory(0) + reg}, 8));
    return steps;
}

} // namespace

Chip edu_dma_against_qemu()
{
    return {"edu-dma",
            "qemu",
            hw::Profile::qemu,
            200,
            hw::BoardId::pc,
            1,
            [] { return start_pci_witness(hw::BoardId::pc, slots, Qtest::Clock::ours); },
            preamble,
            next,
            observe};
}

} // namespace irqlab::conform

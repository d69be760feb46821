// The I/O APIC against QEMU's.
//
// QEMU's sends its messages as writes to FEE00000h and up. There the run has no local APIC but a device's
// memory, which can be read: what was sent is seen.
#include <array>
#include <fmt/format.h>

#include "tests/conform/operations.hpp"
#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr u64 window = 0xfee00000;
constexpr std::array<u8, 6> vectors{0x31, 0x41, 0x41, 0x52, 0xa0, 0xef};

constexpr u8 low_half(u64 pin) { return static_cast<u8>(0x10 + 2 * pin); }

/// Line 0 is pin 2, and line 2 does not exist.
u64 some_line(Random& random)
{
    constexpr std::array<u64, 7> few{0, 1, 3, 9, 11, 16, 23}; // Few, so that they meet.
    return random.pick<u64>(few);
}
u64 pin_of(u64 line) { return line == 0 ? 2 : line; }

/// All entries masked and edge-triggered, nothing requested. Destinations are 1 to 3: logical 0 would reach
/// nobody. A level entry's line that falls forgets its request.
std::vector<Step> preamble()
{
    constexpr u64 masked = 0x10000, level = 0x8000;
    std::vector<Step> steps;
    for (u64 cpu = 0; cpu < 4; ++cpu) { // Each local APIC on, with a logical ID of its own.
        steps.push_back(step("write", {hw::lapic_address + hw::lapic_svr, 0x1ff}, 0, static_cast<u8>(cpu)));
        steps.push_back(step("write", {hw::lapic_address + hw::lapic_ldr, u64{1} << (24 + cpu)}, 0,
                             static_cast<u8>(cpu)));
    }
    for (const u64 line : {0, 1, 3, 9, 11, 16, 23}) {
        const u8 index = low_half(pin_of(line));
        for (const u64 value : {masked | level, masked | level})
            steps.push_back(step("ioapic_write", {index, value}));
        steps.push_back(step("ioapic_line", {line, 1}));
        steps.push_back(step("ioapic_line", {line, 0}));
        steps.push_back(step("ioapic_write", {index, masked}));
        steps.push_back(step("ioapic_write", {index + 1u, u64{1} << 24}));
    }
    steps.push_back(step("ioapic_write", {0, 0}));
    return steps;
}

u64 some_entry(Random& random)
{
    constexpr std::array<u64, 6> modes{0, 0, 0, 1, 2, 4}; // fixed, lowest, SMI, NMI
    const u64 flags = (random.byte() & 1u) << 15 | (random.one_in(3) ? 1u << 16 : 0u) |
                      (random.one_in(4) ? 1u << 11 : 0u) | (random.one_in(4) ? 1u << 13 : 0u) |
                      (random.byte() & 1u) << 14 | (random.byte() & 1u) << 12;
    const u64 reserved = random.one_in(4) ? u64{random.byte()} << 17 : 0;
    return random.pick<u8>(vectors) | random.pick<u64>(modes) << 8 | flags | reserved;
}

Step next(Random& random, const hw::Machine& ours)
{
    const u64 line = some_line(random);
    if (random.one_in(2))
        return step("ioapic_line", {line, !hw::line_level(ours, static_cast<unsigned>(line))});
    switch (random.below(8)) {
    case 0: return step("ioapic_eoi", {random.pick<u8>(vectors)});
    case 1: return step("ioapic_eoi", {hw::rte::Vector::get(ours.ioapic.entry[pin_of(line)])});
    case 2: return step("ioapic_write", {low_half(pin_of(line)) + 1u, (1 + random.below(3)) << 24});
    case 3: return step("ioapic_write", {random.below(3), u64{random.byte()} << 24 | random.byte()});
    case 4: return step("ioapic_write", {0x40 + random.below(0xc0), random.byte()});
    default: return step("ioapic_write", {low_half(pin_of(line)), some_entry(random)});
    }
}

std::vector<Step> observe(const Step& after, const hw::Machine&)
{
    std::vector<Step> looks;
    const auto look = [&](u64 index) {
        looks.push_back(step("write", {hw::ioapic_address, index}));
        looks.push_back(step("read", {hw::ioapic_address + 0x10}));
    };
    if (after.name() == "ioapic_write")
        look(after.argument[0]);
    for (const u64 line : {0, 1, 3, 9, 11, 16, 23})
        look(low_half(pin_of(line)));
    return looks;
}

/// The writes of the step: read, and wiped out.
void collect(Qtest& qtest)
{
    for (const u64 logical : {0, 4})
        for (u64 destination = 0; destination < 4; ++destination)
            qtest.queue(fmt::format("readl {:#x}", window + (destination << 12) + logical));
    qtest.queue(fmt::format("memset {:#x} 0x4000 0", window));
}

class Translation {
public:
    explicit Translation(std::string ioapic) : ioapic_(std::move(ioapic)) {}

    Reply translate(Qtest& qtest, const Step& s)
    {
        if (s.name() == "ioapic_line")
            drive(qtest, s.argument[0], s.argument[1]);
        else if (s.name() == "ioapic_write")
            for (const auto& [at, value] : {std::pair{u64{0}, s.argument[0]}, {u64{0x10}, s.argument[1]}})
                qtest.queue(fmt::format("writel {:#x} {:#x}", hw::ioapic_address + at, value));
        else if (s.name() == "ioapic_eoi")
            qtest.queue(fmt::format("writel {:#x} {:#x}", hw::ioapic_address + 0x40, s.argument[0]));
        else
            return Reply::nothing;
        collect(qtest);
        return Reply::digest;
    }

private:
    /// Only changes: QEMU takes each telling for news.
    void drive(Qtest& qtest, u64 line, u64 level)
    {
        if ((level_ >> line & 1) == level)
            return;
        level_ ^= 1u << line;
        qtest.queue(fmt::format("set_irq_in {} unnamed-gpio-in {} {}", ioapic_, pin_of(line), level));
    }

    std::string ioapic_;
    u32 level_ = 0;
};

/// Puts the memory of the device in slot 5 where the local APIC would be.
void place_memory(Qtest& qtest)
{
    constexpr u32 slot = 0x80000000 | 5 << 11, bar2 = 0x18, command = 0x04;
    const auto configure = [&](u32 reg, u64 value) {
        qtest.queue(fmt::format("outl 0xcf8 {:#x}", slot | reg));
        qtest.queue(fmt::format("outl 0xcfc {:#x}", value));
    };
    configure(bar2, window);
    configure(bar2 + 4, 0);
    configure(command, 2);
    qtest.queue(fmt::format("memset {:#x} 0x4000 0", window));
    qtest.flush();
}

std::unique_ptr<Witness> start()
{
    auto translation = std::make_shared<std::unique_ptr<Translation>>();
    auto witness = std::make_unique<QemuWitness>(
        std::vector<std::string>{"-M", "pc", "-cpu", "qemu64,-apic", "-object",
                                 "memory-backend-ram,id=messages,size=1M,share=on", "-device",
                                 "ivshmem-plain,memdev=messages,addr=5"},
        [translation](Qtest& qtest, const Step& s) { return (*translation)->translate(qtest, s); });
    place_memory(witness->qtest());
    *translation = std::make_unique<Translation>(witness->qtest().paths_of("ioapic").at(0));
    return witness;
}

} // namespace

Chip ioapic_against_qemu()
{
    return {"ioapic", "qemu", hw::Profile::qemu, 300, hw::BoardId::pc, 4, start, preamble, next, observe};
}

} // namespace irqlab::conform

// Random operations on the 8259 pair. See the header.
#include "tests/conform/pic_steps.hpp"

namespace irqlab::conform {

namespace {

constexpr u16 master = 0x20, slave = 0xa0;

/// The next word of an initialisation under way, mostly as software would write it.
u8 initialisation_word(Random& random, const hw::I8259& chip)
{
    using Expect = hw::I8259::Expect;
    switch (chip.expect) {
    case Expect::icw2: return static_cast<u8>(random.byte() & 0xf8);
    case Expect::icw3: return chip.sp ? u8{4} : u8{2};
    default: return static_cast<u8>(1 | (random.byte() & 0x1e));
    }
}

/// A0=0: each kind of word as often as the others.
u8 command_word(Random& random)
{
    constexpr u8 select_irr = 0x0a, select_isr = 0x0b, poll = 0x0c, special_mask = 0x68, eoi = 0x20;
    switch (random.below(12)) {
    case 0: return random.one_in(4) ? static_cast<u8>(0x10 | (random.byte() & 0x0f)) : eoi; // ICW1
    case 1: return random.one_in(2) ? select_irr : select_isr;
    case 2:
    case 3:
    case 4: return poll;
    case 5: return special_mask;
    case 6: return eoi;
    case 7: return static_cast<u8>(0x08 | (random.byte() & 0x67)); // OCW3 of any kind
    default: return static_cast<u8>(random.byte() & 0xe7);         // OCW2
    }
}

} // namespace

std::vector<Step> pic_preamble()
{
    std::vector<Step> steps;
    for (unsigned line = 0; line < 16; ++line)
        if (line != 2)
            steps.push_back(step("line", {line, 0}));
    for (const auto& [port, value] : std::initializer_list<std::pair<u16, u8>>{{0x4d0, 0},
                                                                               {0x4d1, 0},
                                                                               {0x20, 0x11},
                                                                               {0x21, 0x30},
                                                                               {0x21, 0x04},
                                                                               {0x21, 0x01},
                                                                               {0xa0, 0x11},
                                                                               {0xa1, 0x38},
                                                                               {0xa1, 0x02},
                                                                               {0xa1, 0x01},
                                                                               {0x20, 0x20},
                                                                               {0x20, 0x20}})
        steps.push_back(step("out", {port, value}));
    return steps;
}

Step pic_next(Random& random, const hw::Machine& ours)
{
    if (random.one_in(2)) {
        const u64 line = random.below(15);
        const u64 isa = line + (line >= 2);
        return step("line", {isa, !hw::line_level(ours, static_cast<unsigned>(isa))});
    }
    if (random.one_in(12))
        return step("out", {u64{0x4d0} + random.below(2), random.byte()});
    const bool to_slave = random.one_in(2);
    const hw::I8259& chip = to_slave ? ours.pic.slave : ours.pic.master;
    const u16 port = to_slave ? slave : master;
    if (chip.poll && random.one_in(3))
        return step("in", {port + random.below(2)});
    if (chip.expect != hw::I8259::Expect::ready && !random.one_in(4))
        return step("out", {port + 1u, initialisation_word(random, chip)});
    if (random.one_in(3))
        return step("out", {port + 1u, u64{random.byte()} & random.byte()});
    return step("out", {port, command_word(random)});
}

std::vector<Step> pic_observe(const Step&, const hw::Machine& ours)
{
    std::vector<Step> looks{step("intr"), step("in", {0x4d0}), step("in", {0x4d1})};
    // Any read would be the poll's.
    for (const auto& [chip, port] : {std::pair{&ours.pic.master, master}, {&ours.pic.slave, slave}})
        if (!chip->poll) {
            looks.push_back(step("in", {port}));
            looks.push_back(step("in", {port + 1u}));
        }
    return looks;
}

} // namespace irqlab::conform

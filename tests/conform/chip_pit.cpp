// The 8254's latches, byte order, counts and status against QEMU's isa-pit, while the clock stands.
//
// QEMU's counters are not the datasheet's between a control word and its count, and in modes 1 and 5 before
// the trigger: there nothing is read. Modes 6 and 7 are no aliases in it, and are left out.
#include <fmt/format.h>

#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

using namespace hw;

constexpr u8 modes[] = {0, 2, 3, 4};

/// A whole count is there, and no byte of another one.
bool ready(const I8254::Counter& c) { return c.has_count != 0 && c.write_high == 0; }

/// A control word that the random steps do not use.
constexpr u64 fresh = 0x3c;

/// QEMU keeps what is latched over a control word.
Reply drain(Qtest& qtest, const Step& s)
{
    if (s.name() != "out" || s.argument[0] != 0x43 || (s.argument[1] & 0x3f) != fresh)
        return Reply::nothing;
    for (int byte = 0; byte < 3; ++byte)
        qtest.queue(fmt::format("inb {:#x}", 0x40 + (s.argument[1] >> 6)));
    qtest.queue(fmt::format("outb 0x43 {:#x}", s.argument[1]));
    return Reply::nothing;
}

/// Each counter in mode 6 (2) with a count of 65536, and nothing latched.
std::vector<Step> preamble()
{
    std::vector<Step> steps;
    for (u64 n = 0; n < 3; ++n) {
        steps.push_back(step("out", {0x43, fresh | n << 6}));
        steps.push_back(step("out", {0x40 + n, 0}));
        steps.push_back(step("out", {0x40 + n, 0}));
    }
    steps.push_back(step("out", {0x61, 1}));
    return steps;
}

Step read_back(Random& random, const I8254& pit)
{
    u64 command = 0xc0 | random.below(4) << 4;
    for (unsigned n = 0; n < 3; ++n)
        if (ready(pit.counter[n]) && random.one_in(2))
            command |= u64{2} << n;
    return step("out", {0x43, command});
}

Step control_word(Random& random, u64 n)
{
    const u64 mode = random.pick<u8>(modes);
    return step("out", {0x43, n << 6 | (1 + random.below(3)) << 4 | mode << 1 | random.below(2)});
}

Step next(Random& random, const Machine& ours)
{
    const u64 n = random.below(3);
    const I8254::Counter& c = ours.pit.counter[n];
    const Step byte = step("out", {0x40 + n, random.byte()});
    if (!ready(c))
        return byte;
    const bool latched = c.count_latched != 0 || c.status_latched != 0;
    switch (random.below(8)) {
    case 0: return latched ? step("in", {0x40 + n}) : control_word(random, n);
    case 1: return byte;
    case 2: return step("out", {0x43, n << 6});
    case 3: return read_back(random, ours.pit);
    case 4: return step("out", {0x61, random.below(4)});
    default: return step("in", {0x40 + n});
    }
}

std::vector<Step> observe(const Step&, const Machine&) { return {}; }

std::unique_ptr<Witness> start()
{
    return std::make_unique<QemuWitness>(std::vector<std::string>{"-M", "pc"}, drain);
}

} // namespace

Chip pit_against_qemu()
{
    return {"pit", "qemu", Profile::qemu, 200, BoardId::pc, 1, start, preamble, next, observe};
}

} // namespace irqlab::conform

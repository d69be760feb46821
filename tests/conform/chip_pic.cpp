// The 8259 pair and ELCR against QEMU's isa-i8259.
#include <fmt/format.h>

#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr u16 ports[] = {0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1};

/// Both chips as Linux programs them, all lines low.
std::vector<Step> preamble()
{
    std::vector<Step> steps;
    for (unsigned line = 0; line < 16; ++line)
        if (line != 2)
            steps.push_back(step("line", {line, 0}));
    for (const u16 port : {u16{0x4d0}, u16{0x4d1}})
        steps.push_back(step("out", {port, 0}));
    for (const auto& [port, value] : std::initializer_list<std::pair<u16, u8>>{{0x20, 0x11},
                                                                               {0x21, 0x30},
                                                                               {0x21, 0x04},
                                                                               {0x21, 0x01},
                                                                               {0xa0, 0x11},
                                                                               {0xa1, 0x38},
                                                                               {0xa1, 0x02},
                                                                               {0xa1, 0x01}})
        steps.push_back(step("out", {port, value}));
    return steps;
}

Step next(Random& random, const hw::Machine&)
{
    if (random.one_in(2)) {
        const u64 line = random.below(15);
        return step("line", {line + (line >= 2), random.below(2)});
    }
    return step("out", {random.pick<u16>(ports), random.byte()});
}

std::vector<Step> observe(const Step&, const hw::Machine&)
{
    return {step("intr"), step("in", {0x20}), step("in", {0x21}), step("in", {0xa0}), step("in", {0xa1})};
}

std::unique_ptr<Witness> start()
{
    auto pics = std::make_shared<std::vector<std::string>>();
    auto witness = std::make_unique<QemuWitness>(
        std::vector<std::string>{"-M", "pc"}, [pics](Qtest& qtest, const Step& s) {
            if (s.name() == "intr")
                return Reply::levels;
            if (s.name() == "line")
                qtest.queue(fmt::format("set_irq_in {} unnamed-gpio-in {} {}", (*pics)[s.argument[0] >= 8],
                                        s.argument[0] & 7, s.argument[1]));
            return Reply::nothing;
        });
    *pics = witness->qtest().paths_of("isa-i8259");
    witness->qtest().intercept_outputs(pics->at(0));
    return witness;
}

} // namespace

Chip pic_against_qemu()
{
    return {"pic", "qemu", hw::Profile::qemu, 100, hw::BoardId::pc, 1, start, preamble, next, observe};
}

} // namespace irqlab::conform

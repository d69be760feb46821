// The 8259 pair and ELCR against QEMU's isa-i8259.
//
// What a CPU's INTA does cannot be asked of QEMU: a poll, which is one at a single chip, stands in for it.
#include <array>
#include <fmt/format.h>

#include "tests/conform/pic_steps.hpp"
#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

/// A line is told only when it changes, as a wire is: QEMU takes each telling for news.
class Lines {
public:
    explicit Lines(std::vector<std::string> pics) : pics_(std::move(pics)) {}

    Reply translate(Qtest& qtest, const Step& s)
    {
        if (s.name() == "intr")
            return Reply::levels;
        if (s.name() == "line" && (level_ >> s.argument[0] & 1) != s.argument[1]) {
            level_ ^= 1u << s.argument[0];
            qtest.queue(fmt::format("set_irq_in {} unnamed-gpio-in {} {}", pics_[s.argument[0] >= 8],
                                    s.argument[0] & 7, s.argument[1]));
        }
        return s.name() == "line" ? Reply::silent : Reply::nothing;
    }

private:
    std::vector<std::string> pics_;
    u32 level_ = 0;
};

std::unique_ptr<Witness> start()
{
    auto lines = std::make_shared<std::unique_ptr<Lines>>();
    auto witness = std::make_unique<QemuWitness>(
        std::vector<std::string>{"-M", "pc"},
        [lines](Qtest& qtest, const Step& s) { return (*lines)->translate(qtest, s); });
    const std::vector<std::string> pics = witness->qtest().paths_of("isa-i8259");
    witness->qtest().intercept_outputs(pics.at(0));
    *lines = std::make_unique<Lines>(pics);
    return witness;
}

} // namespace

Chip pic_against_qemu()
{
    return {"pic", "qemu", hw::Profile::qemu, 100,      hw::BoardId::pc,
            1,     start,  pic_preamble,      pic_next, pic_observe};
}

} // namespace irqlab::conform

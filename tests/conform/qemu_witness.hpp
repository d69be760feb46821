// QEMU as a witness: each step becomes qtest commands by the chip's own translation.
#pragma once
#include "tests/conform/chip.hpp"
#include "tests/conform/qtest.hpp"

namespace irqlab::conform {

/// A step's answer: what its last command reads, or the levels of the intercepted pins after it: all, or that
/// of the step's line among a chip's eight. silent: it has none, and needed no command.
/// digest: the sum of all that its commands read, each times its distance from the last command.
enum class Reply : u8 { nothing, silent, value, levels, line, digest };

class QemuWitness : public Witness {
public:
    using Translate = std::function<Reply(Qtest&, const Step&)>;

    /// `translate` queues the commands of a step that ports_and_memory() does not know (it is asked first),
    /// and says what the step's answer is. Reply::nothing with no command queued: it knows it neither.
    /// With Clock::ours it knows `advance`; each sequence begins at a whole second.
    QemuWitness(const std::vector<std::string>& arguments, Translate translate,
                Qtest::Clock clock = Qtest::Clock::stopped);
    std::vector<u64> perform(std::span<const Step> steps) override;
    Qtest& qtest() { return qtest_; }
    /// Commands before each sequence, whose answers do not matter: what a preamble cannot undo.
    void begin_with(std::vector<std::string> commands) { begin_ = std::move(commands); }

private:
    bool pass_time(const Step& step);

    Qtest qtest_;
    Translate translate_;
    Qtest::Clock clock_;
    std::vector<std::string> begin_;
};

/// out, in, write, read.
bool ports_and_memory(Qtest& qtest, const Step& step, Reply& reply);

} // namespace irqlab::conform

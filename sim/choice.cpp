// Recorded and replayed answers.
#include "sim/choice.hpp"

#include "hw/base/check.hpp"

namespace irqlab::sim {

std::uint32_t RecordingChoice::choose(Question question, std::uint32_t count, std::uint32_t natural)
{
    const std::uint32_t taken = inner_.choose(question, count, natural);
    CHECK(taken < count);
    answers_.push_back({question, count, taken});
    return taken;
}

std::uint32_t ReplayingChoice::choose(Question question, std::uint32_t count, std::uint32_t natural)
{
    if (diverged_ || next_ == record_.size())
        return natural;
    const Answer& a = record_[next_];
    if (a.question != question || a.count != count || a.taken >= count) {
        diverged_ = true;
        return natural;
    }
    ++next_;
    return a.taken;
}

} // namespace irqlab::sim

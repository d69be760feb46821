// The one chooser. Whatever is not determined by the World's state is asked here, and nowhere else.
//
// The same World and the same answers give the same bytes, so a run is its list of answers.
#pragma once
#include <cstdint>
#include <vector>

namespace irqlab::sim {

/// What is asked. The numbers are part of recorded runs: add at the end only.
enum class Question : std::uint8_t {
    next_cpu,        // which CPU steps next
    place_task,      // on which CPU a new or woken task goes
    next_task,       // which task of a run queue goes on
    land_interrupt,  // does a pending interrupt land now (1) or later (0)
    wake_waiter,     // which waiter of a queue wakes first
    allocation,      // does it fail (1)
};

struct Answer {
    Question question;
    std::uint32_t count; // how many options there were
    std::uint32_t taken;
    bool operator==(const Answer&) const = default;
};

class Choice {
public:
    virtual ~Choice() = default;
    /// @param count    how many options there are, at least 1.
    /// @param natural  what an undisturbed machine does.
    /// @return an option below `count`.
    virtual std::uint32_t choose(Question question, std::uint32_t count, std::uint32_t natural) = 0;
    /// After how many memory accesses of a driver it wants to be asked. The quiet path costs one
    /// decrement and one branch an access until then.
    virtual std::int64_t quiet_accesses() const = 0;
};

/// What an undisturbed machine does.
class NaturalChoice final : public Choice {
public:
    std::uint32_t choose(Question, std::uint32_t, std::uint32_t natural) override { return natural; }
    std::int64_t quiet_accesses() const override { return INT64_MAX; }
};

/// Notes the answers of another chooser.
class RecordingChoice final : public Choice {
public:
    explicit RecordingChoice(Choice& inner) : inner_(inner) {}
    std::uint32_t choose(Question question, std::uint32_t count, std::uint32_t natural) override;
    std::int64_t quiet_accesses() const override { return inner_.quiet_accesses(); }
    const std::vector<Answer>& answers() const { return answers_; }

private:
    Choice& inner_;
    std::vector<Answer> answers_;
};

/// Gives the answers of a recorded run again. Where the questions differ from the record it goes on
/// naturally and remembers the first place at which it did.
class ReplayingChoice final : public Choice {
public:
    explicit ReplayingChoice(std::vector<Answer> record) : record_(std::move(record)) {}
    std::uint32_t choose(Question question, std::uint32_t count, std::uint32_t natural) override;
    std::int64_t quiet_accesses() const override { return INT64_MAX; }

    bool diverged() const { return diverged_; }
    std::size_t diverged_at() const { return next_; } // index of the answer that did not fit
    bool exhausted() const { return next_ == record_.size(); }

private:
    std::vector<Answer> record_;
    std::size_t next_ = 0;
    bool diverged_ = false;
};

} // namespace irqlab::sim

// A run is its list of answers: recorded, given again, and noticed when it does not fit.
#include "sim/choice.hpp"

#include <gtest/gtest.h>

namespace irqlab::sim {

namespace {

struct LastOption final : Choice {
    std::uint32_t choose(Question, std::uint32_t count, std::uint32_t) override { return count - 1; }
    std::int64_t quiet_accesses() const override { return 3; }
};

} // namespace

TEST(Choice, NaturalTakesWhatIsNatural)
{
    NaturalChoice natural;
    for (std::uint32_t n = 0; n < 5; ++n)
        EXPECT_EQ(natural.choose(Question::next_cpu, 5, n), n);
}

TEST(Choice, AReplayGivesTheRecordedAnswers)
{
    LastOption last;
    RecordingChoice recording(last);
    EXPECT_EQ(recording.quiet_accesses(), 3);
    recording.choose(Question::next_cpu, 4, 0);
    recording.choose(Question::wake_waiter, 2, 0);
    ReplayingChoice replay(recording.answers());
    EXPECT_EQ(replay.choose(Question::next_cpu, 4, 0), 3u);
    EXPECT_FALSE(replay.exhausted());
    EXPECT_EQ(replay.choose(Question::wake_waiter, 2, 0), 1u);
    EXPECT_TRUE(replay.exhausted());
    EXPECT_FALSE(replay.diverged());
    EXPECT_EQ(replay.choose(Question::next_cpu, 4, 2), 2u) << "after the record a run goes on naturally";
}

TEST(Choice, AReplayNoticesTheFirstQuestionThatDiffers)
{
    ReplayingChoice replay({{Question::next_cpu, 4, 1}, {Question::next_cpu, 2, 1}});
    EXPECT_EQ(replay.choose(Question::next_cpu, 4, 0), 1u);
    EXPECT_EQ(replay.choose(Question::next_cpu, 3, 0), 0u);
    EXPECT_TRUE(replay.diverged());
    EXPECT_EQ(replay.diverged_at(), 1u);
}

} // namespace irqlab::sim

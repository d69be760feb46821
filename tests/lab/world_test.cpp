// A World as a whole: the same answers give the same bytes, whatever ran before it, beside it or around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>

#include "kernel/events.hpp"
#include "kernel/kernel.hpp"
#include "kernel/syscall.hpp"
#include "sim/choice.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using testing::HasSubstr;

/// Interrupts, a reader that waits, several CPUs, timers: much of what could differ between two runs.
std::string busy_script()
{
    return "insmod " + module_path("modules/waiter.c") +
           "\n"
           "cat /dev/waiter & taskset 2 cat /dev/waiter &\n"
           "sleep 0.01; irq pulse 7; irq pulse 7 3; sleep 0.05; irq pulse 7; wait\n"
           "kbd type hello; uart 0 send x; sleep 0.1\n"
           "rmmod waiter; cat /proc/interrupts /proc/softirqs; dmesg; time; exit 3\n";
}

void expect_same(const Session& a, const Session& b)
{
    EXPECT_SAME_TEXT(a.text, b.text);
    EXPECT_EQ(a.end, b.end);
    EXPECT_EQ(a.status, b.status);
    ASSERT_EQ(a.events.size(), b.events.size());
    for (std::size_t i = 0; i < a.events.size(); ++i) {
        const sim::Event& x = a.events[i];
        const sim::Event& y = b.events[i];
        // `value` is an address in some kinds (irqaction, module): stable names are the texts' business.
        EXPECT_EQ(std::tie(x.time_ns, x.kind, x.cpu, x.context, x.number),
                  std::tie(y.time_ns, y.kind, y.cpu, y.context, y.number))
            << "event " << i;
        if (testing::Test::HasFailure())
            return;
    }
}

lab::WorldConfig with_cpus(unsigned cpus, const std::string& cmdline = {})
{
    lab::WorldConfig config;
    config.cpus = cpus;
    config.cmdline = cmdline;
    return config;
}

/// Any answer, but the same ones for the same seed.
class SeededChoice final : public sim::Choice {
public:
    explicit SeededChoice(unsigned seed) : random_(seed) {}
    std::uint32_t choose(sim::Question, std::uint32_t count, std::uint32_t natural) override
    {
        return random_() % 4 == 0 ? static_cast<std::uint32_t>(random_() % count) : natural;
    }
    std::int64_t quiet_accesses() const override { return INT64_MAX; }

private:
    std::mt19937 random_;
};

TEST(World, RunsItsScriptAndGivesItsStatus)
{
    const Session session = run_session(with_cpus(2), "echo out; echo err >&2; uname -r; exit 5");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    EXPECT_EQ(5, session.status);
    EXPECT_THAT(session.text, HasSubstr("out\nerr\n6.1.0"));
}

TEST(World, SameScriptSameBytes)
{
    const Session first = run_session(with_cpus(4), busy_script());
    EXPECT_EQ(3, first.status) << first.text;
    EXPECT_THAT(first.text, HasSubstr("interrupt 1\n"));
    expect_same(first, run_session(with_cpus(4), busy_script()));
}

TEST(World, ARecordedRunIsReplayed)
{
    for (unsigned seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        SeededChoice seeded(seed);
        sim::RecordingChoice recording(seeded);
        const Session original = run_session(with_cpus(4), busy_script(), &recording);
        EXPECT_FALSE(recording.answers().empty());
        sim::ReplayingChoice replaying(recording.answers());
        const Session again = run_session(with_cpus(4), busy_script(), &replaying);
        expect_same(original, again);
        EXPECT_FALSE(replaying.diverged()) << "at answer " << replaying.diverged_at();
        EXPECT_TRUE(replaying.exhausted());
    }
}

TEST(World, KnowsNothingOfFormerWorlds)
{
    const Session fresh = run_session(with_cpus(2), busy_script());
    run_session(with_cpus(8, "noapic"),
                "kbd type abc; insmod " + module_path("modules/count.c") + "; irq pulse 7 10; dmesg -c");
    run_session(with_cpus(1), "cat /no/such/file");
    expect_same(fresh, run_session(with_cpus(2), busy_script()));
}

TEST(World, TwoLiveBesideEachOtherNested)
{
    const Session alone = run_session(with_cpus(2), busy_script());
    Session outer;
    sim::NaturalChoice natural;
    lab::World world(with_cpus(4), natural, terminal_of(outer));
    const Session inner = run_session(with_cpus(2), busy_script());
    expect_same(alone, inner);
    run_in(world, "grep -c . /proc/interrupts; echo outer goes on", outer);
    EXPECT_EQ(kernel::RunEnd::finished, outer.end);
    EXPECT_THAT(outer.text, HasSubstr("outer goes on"));
}

TEST(World, RunsAFunctionAsItsFirstTask)
{
    sim::NaturalChoice natural;
    lab::World world(with_cpus(1), natural);
    struct Seen {
        kernel::Pid pid;
        std::uint64_t before, after;
    } seen{};
    const lab::World::Result result = world.run(
        "probe",
        [](void* argument) {
            auto& s = *static_cast<Seen*>(argument);
            s.pid = kernel::sys_getpid();
            s.before = kernel::sys_clock_monotonic_ns();
            kernel::sys_nanosleep(5'000'000'000);
            s.after = kernel::sys_clock_monotonic_ns();
            return 42;
        },
        &seen);
    EXPECT_EQ(kernel::RunEnd::finished, result.end);
    EXPECT_EQ(42, result.status);
    EXPECT_EQ(1, seen.pid);
    EXPECT_GE(seen.after - seen.before, 5'000'000'000u);
    EXPECT_LT(seen.after - seen.before, 5'100'000'000u);
}

TEST(World, ThatWaitsForEverIsStuck)
{
    const Session session = run_session(with_cpus(1), "insmod " + module_path("modules/waiter.c") +
                                                          "; cat /dev/waiter; echo woken");
    EXPECT_EQ(kernel::RunEnd::stuck, session.end);
    EXPECT_FALSE(session.says("woken"));
}

// --- shapes
// --------------------------------------------------------------------------------------------------

struct Shape {
    unsigned cpus;
    const char* cmdline;
    unsigned online; // `nolapic` leaves one
    const char* row; // of IRQ 7 in /proc/interrupts, behind the counters
};

class Shapes : public testing::TestWithParam<Shape> {};

TEST_P(Shapes, BootsAndServesItsInterrupts)
{
    const Shape& shape = GetParam();
    const Session session = run_session(
        with_cpus(shape.cpus, shape.cmdline),
        "grep -c ^processor /proc/cpuinfo\ninsmod " + module_path("modules/count.c") +
            "\nirq pulse 7 5; sleep 0.01; grep '^ *7:' /proc/interrupts\nrmmod count; dmesg | tail -n 1\n");
    const std::vector<std::string> lines = lines_of(session.text);
    ASSERT_EQ(3u, lines.size()) << session.text;
    EXPECT_EQ(std::to_string(shape.online), lines[0]);
    EXPECT_THAT(lines[1], testing::EndsWith(shape.row));
    EXPECT_EQ(4 + 11 * shape.online + std::string_view(shape.row).size(), lines[1].size()) << lines[1];
    EXPECT_THAT(lines[2], testing::EndsWith("count: 5 interrupts"));
}

constexpr Shape shapes[] = {
    {1, "", 1, "   IO-APIC   7-edge      count"},   {2, "", 2, "   IO-APIC   7-edge      count"},
    {4, "", 4, "   IO-APIC   7-edge      count"},   {8, "", 8, "   IO-APIC   7-edge      count"},
    {64, "", 64, "   IO-APIC   7-edge      count"}, {1, "noapic", 1, "    XT-PIC      count"},
    {4, "noapic", 4, "    XT-PIC      count"},      {64, "noapic", 64, "    XT-PIC      count"},
    {1, "nolapic", 1, "    XT-PIC      count"},     {4, "nolapic", 1, "    XT-PIC      count"},
};
void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.cpus << " CPUs " << shape.cmdline; }
INSTANTIATE_TEST_SUITE_P(World, Shapes, testing::ValuesIn(shapes), [](const auto& row) {
    return "cpus_" + std::to_string(row.param.cpus) + (*row.param.cmdline ? "_" : "") + row.param.cmdline;
});

} // namespace
} // namespace irqlab::test

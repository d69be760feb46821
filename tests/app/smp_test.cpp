// What one CPU or task does to another: calls across, CPUs that go, affinities, parents that end first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/choice.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using testing::HasSubstr;

lab::WorldConfig with_cpus(unsigned cpus)
{
    lab::WorldConfig config;
    config.cpus = cpus;
    return config;
}

struct Row {
    const char* clause;
    unsigned cpus;
    const char* script; // `@` stands for the module tests/modules/across.c
    std::vector<const char*> says;
    const char* never = nullptr;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }

class Across : public testing::TestWithParam<Row> {};

TEST_P(Across, TheLabGoesOn)
{
    const Row& row = GetParam();
    std::string script = row.script;
    for (std::size_t at; (at = script.find('@')) != std::string::npos;)
        script.replace(at, 1, module_path("modules/across.c"));
    const Session session = run_session(with_cpus(row.cpus), script + "\ndmesg; echo still here");
    EXPECT_EQ(kernel::RunEnd::finished, session.end) << session.text;
    for (const char* part : row.says)
        EXPECT_THAT(session.text, HasSubstr(part));
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
    EXPECT_THAT(session.text, HasSubstr("still here\n"));
}

const Row calls[] = {
    {"a call on another CPU that oopses is over for its caller",
     2,
     "insmod @ what=oops_call; echo status $?",
     {"Fatal exception in interrupt", "across: came back, calls=1", "status 0"}},
    {"a call on a CPU that takes no interrupts is a lockup",
     2,
     "insmod @ what=deaf_call",
     {"watchdog: BUG: soft lockup - CPU#"}},
};
INSTANTIATE_TEST_SUITE_P(Calls, Across, testing::ValuesIn(calls), name_of);

const Row cpus_that_go[] = {
    {"the command may run on the CPU that goes", 2, "taskset 2 cpu offline 1; echo status $?", {"status 0"}},
    {"who sleeps there is woken elsewhere",
     2,
     "taskset 2 sleep 0.5 & cpu offline 1; wait; echo woke",
     {"woke"}},
    {"a user loop there goes on elsewhere",
     2,
     "taskset 2 sh -c 'while :; do :; done' & sleep 0.01; cpu offline 1; echo status $?; kill $!; wait; echo "
     "over",
     {"status 0", "over"}},
    {"a kernel thread that sleeps there goes on",
     2,
     "insmod @ what=thread; sleep 0.1; cpu offline 1; rmmod across",
     {"across: it ran on=1"}},
    {"a kernel thread that runs there goes on",
     2,
     "insmod @ what=spinner; sleep 0.1; cpu offline 1; echo status $?; rmmod across",
     {"status 0", "across: it ran on=1"}},
    {"timers armed there run on the boot CPU",
     2,
     "insmod @ what=timers; cpu offline 1; sleep 0.1; rmmod across; dmesg; echo then",
     {"across: coarse=0 fine=0", "then"}},
    {"timers armed there run on the boot CPU, in time",
     2,
     "insmod @ what=timers; cpu offline 1; sleep 0.3; rmmod across",
     {"across: coarse=1 fine=1"}},
    {"a CPU comes back and is used again",
     2,
     "cpu offline 1; cpu online 1; taskset 2 grep Cpus_allowed_list /proc/self/status; taskset 2 sleep 0.1; "
     "echo ok",
     {"Cpus_allowed_list:\t1", "ok"}},
};
INSTANTIATE_TEST_SUITE_P(CpusThatGo, Across, testing::ValuesIn(cpus_that_go), name_of);

const Row tasks[] = {
    {"an affinity given by another task takes effect",
     4,
     "insmod @ what=move; rmmod across",
     {"a spinner ran on 2\n", "the sleeper ran on 2\n"},
     "ran on 1\n"},
    {"children of a parent that ended are the children of init",
     2,
     "(sleep 0.3 &); sleep 0.1; insmod @ what=parents",
     {"across: the parent of sleep is 1"}},
    {"orphans leave nothing behind when they end",
     2,
     "(sleep 0.1 &); sleep 0.3; ps; (sleep 0.1 &); (sleep 0.1 &); sleep 0.3; echo after; ps",
     {"after"},
     " sleep\n"},
    {"children that ended before their parent are gone with it",
     2,
     "sh -c 'true & sleep 0.1'; ps",
     {"PID"},
     " true\n"},
    {"a walk of the tasks that stands on one that ends comes to its end",
     2,
     "sleep 0.3 & sleep 0.05; insmod @ what=walk",
     {"across: slept=1 ended=1"}},
};
INSTANTIATE_TEST_SUITE_P(Tasks, Across, testing::ValuesIn(tasks), name_of);

const Row many_cpus[] = {
    {"every CPU has a column",
     255,
     "head -1 /proc/interrupts | wc -w; cat /sys/devices/system/cpu/online",
     {"255\n", "0-254\n", "Switched APIC routing to physical flat.", "smp: Brought up 1 node, 255 CPUs"}},
    {"a line goes to the last CPU",
     255,
     "echo 254 > /proc/irq/1/smp_affinity_list; kbd press 0x1e; " // which moves it
     "cat /proc/irq/1/smp_affinity /proc/irq/1/effective_affinity_list; "
     "kbd press 0x9e; grep i8042 /proc/interrupts | grep ' 1:' | tr -s ' ' | cut -d ' ' -f 3,256-",
     {"40000000,00000000,00000000,00000000,00000000,00000000,00000000,00000000\n254\n",
      "0 1 IO-APIC 1-edge i8042"}},
    {"masks of nine CPUs",
     9,
     "cat /proc/irq/default_smp_affinity; echo 100 > /proc/irq/4/smp_affinity; cat "
     "/proc/irq/4/smp_affinity_list; "
     "taskset -c 8 grep Cpus_allowed /proc/self/status",
     {"1ff\n8\n", "Cpus_allowed:\t100\n", "Cpus_allowed_list:\t8\n", "physical flat"}},
    {"eight have logical destinations", 8, "cat /proc/irq/default_smp_affinity", {"ff\n"}, "physical flat"},
    {"a task on a CPU beyond 64",
     200,
     "taskset -c 150 taskset -p 0",
     {"mask: 40000000000000000000000000000000000000\n"}},
    {"a set of CPUs that are not there",
     100,
     "echo 200 > /proc/irq/4/smp_affinity_list; echo status $?",
     {"Invalid argument", "status 1"}},
};
INSTANTIATE_TEST_SUITE_P(ManyCpus, Across, testing::ValuesIn(many_cpus), name_of);

/// Always the last option; notes how many there were.
class LastPlace final : public sim::Choice {
public:
    std::uint32_t choose(sim::Question question, std::uint32_t count, std::uint32_t natural) override
    {
        if (question != sim::Question::place_task)
            return natural;
        counts.push_back(count);
        return count - 1;
    }
    std::int64_t quiet_accesses() const override { return INT64_MAX; }
    std::vector<std::uint32_t> counts;
};

TEST(Place, OffersOnlyCpusThatAreAllowedAndThere)
{
    LastPlace choice;
    const Session session =
        run_session(with_cpus(4), "cpu offline 3; taskset 5 sh -c 'sleep 0.01 & sleep 0.01 & wait'", &choice);
    EXPECT_EQ(kernel::RunEnd::finished, session.end) << session.text;
    EXPECT_THAT(choice.counts, testing::Contains(4)); // before the CPU went
    EXPECT_THAT(choice.counts, testing::Contains(3));
    EXPECT_EQ(2, choice.counts.back()); // CPUs 0 and 2
}

} // namespace
} // namespace irqlab::test

// Threaded handlers, lines that wait for themselves, interrupts that nobody handles, and what the command
// line changes of them: one module, asked to behave in one way each time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using kernel::Release;
using testing::HasSubstr;

constexpr Release v5_4 = Release::v5_4, v5_10 = Release::v5_10, v6_1 = Release::v6_1, v6_12 = Release::v6_12;

struct Row {
    const char* clause;
    Release release;
    unsigned cpus;
    const char* cmdline;
    const char* arguments;         // of insmod
    const char* script;            // between insmod and rmmod
    std::vector<const char*> says; // in this order, in what was printed and then in the log
    const char* never = nullptr;   // what must not be there
};

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Line : public testing::TestWithParam<Row> {};

TEST_P(Line, DoesAsLinux)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.release = row.release;
    config.cpus = row.cpus;
    config.cmdline = row.cmdline;
    const std::string module =
        module_path("modules/threaded.c", {row.release, app::kbuild::Optimize::o0, true});
    const Session session = run_session(config, "insmod " + module + " " + row.arguments + "\n" + row.script +
                                                    "\nrmmod threaded; dmesg; echo still here\n");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
    EXPECT_THAT(session.text, HasSubstr("still here\n"));
}

const Row threads[] = {
    {"without ONESHOT a thread does not hold a level line of the 8259 back",
     v6_1,
     1,
     "noapic",
     "irq=5",
     "irq pulse 5; irq pulse 5; irq pulse 5; sleep 0.01",
     {"threaded: 3 primaries, 3 threads"}},
    {"a thread is FIFO 50 and runs where its line interrupts",
     v6_1,
     4,
     "",
     "irq=11 oneshot=1 thread=who",
     "echo cpu $(cat /proc/irq/11/effective_affinity_list); irq pulse 11; sleep 0.01",
     {"cpu 2\n", "threaded: irq/11-threaded policy 1 priority 50 cpu 2"}},
    {"a thread follows its line",
     v6_1,
     4,
     "",
     "irq=11 oneshot=1 thread=who",
     "irq pulse 11; echo 8 > /proc/irq/11/smp_affinity; sleep 0.01; irq pulse 11; sleep 0.01",
     {"policy 1 priority 50 cpu 2", "policy 1 priority 50 cpu 3"}},
    {"a thread woken again while it runs keeps its line masked",
     v6_1,
     2,
     "",
     "irq=11 oneshot=1 thread=again",
     "irq pulse 11; sleep 0.01",
     {"threaded: run 1 masked 1", "threaded: run 2 masked 1", "threaded: 1 primaries, 2 threads"}},
    {"an Oops of a thread is told, and opens its line",
     v6_1,
     2,
     "",
     "irq=11 oneshot=1 thread=oops",
     "irq pulse 11; sleep 0.01; show irq 11; irq pulse 11; sleep 0.01",
     {"masked       no\n", "BUG: kernel NULL pointer dereference",
      "genirq: exiting task \"irq/11-threaded\" (", ") is an active IRQ thread (irq 11)",
      "threaded: 2 primaries, 1 threads"}},
    {"a thread that is told to stop ends in silence",
     v6_1,
     2,
     "",
     "irq=11 oneshot=1",
     "irq pulse 11; sleep 0.01",
     {"threaded: 1 primaries, 1 threads"},
     "exiting task"},
};
INSTANTIATE_TEST_SUITE_P(Thread, Line, testing::ValuesIn(threads), name_of);

const Row unhandled[] = {
    {"threads that handle nothing: nobody cared, 6.1",
     v6_1,
     2,
     "",
     "thread=nothing",
     "irq pulse 7 100100; sleep 0.01",
     {"irq 7: nobody cared (try booting with the \"irqpoll\" option)", "threaded_primary [threaded] threaded",
      "Disabling IRQ #7"}},
    {"threads that handle nothing: nobody cared, 5.10",
     v5_10,
     2,
     "",
     "thread=nothing",
     "irq pulse 7 100100; sleep 0.01",
     {"irq 7: nobody cared (try booting with the \"irqpoll\" option)", "Disabling IRQ #7"}},
    {"threads that handle are cared for",
     v6_1,
     2,
     "",
     "",
     "irq pulse 7 100100; sleep 0.01",
     {"threaded: 100100 primaries"},
     "nobody cared"},
    {"noirqdebug says so and lets them come",
     v6_1,
     2,
     "noirqdebug",
     "thread=nothing",
     "irq pulse 7 100100; sleep 0.01",
     {"IRQ lockup detection disabled", "threaded: 100100 primaries"},
     "nobody cared"},
    {"an unhandled interrupt stays its own line's",
     v6_1,
     2,
     "",
     "shared=1 plain=1 primary=none also=5",
     "irq pulse 7",
     {"threaded: 1 primaries, 0 threads, 0 others"}},
    {"irqfixup asks the other lines",
     v6_1,
     2,
     "irqfixup",
     "shared=1 plain=1 primary=none also=5",
     "irq pulse 7",
     {"Misrouted IRQ fixup support enabled.", "This may impact system performance.",
      "threaded: 1 primaries, 0 threads, 1 others"}},
    {"irqfixup saves a line whose interrupts are another's",
     v5_4,
     2,
     "irqfixup",
     "shared=1 plain=1 primary=none also=5",
     "irq pulse 7 100100",
     {"threaded: 100100 primaries, 0 threads, 100100 others"},
     "nobody cared"},
    {"irqpoll asks them too",
     v6_12,
     2,
     "irqpoll",
     "shared=1 plain=1 primary=none also=5",
     "irq pulse 7",
     {"Misrouted IRQ fixup and polling support enabled", "This may significantly impact system performance",
      "1 primaries, 0 threads, 1 others"}},
};
INSTANTIATE_TEST_SUITE_P(Unhandled, Line, testing::ValuesIn(unhandled), name_of);

const Row own_handler[] = {
    {"disable_irq in the line's own handler never returns",
     v6_1,
     2,
     "",
     "primary=disable",
     "irq pulse 7",
     {"BUG: sleeping function called from invalid context at kernel/irq/manage.c:739",
      "watchdog: BUG: soft lockup - CPU#", "threaded_primary+0x", "threaded: 1 primaries"},
     "primary ends"},
    {"synchronize_irq in the line's own handler never returns",
     v6_1,
     2,
     "",
     "primary=synchronize",
     "irq pulse 7",
     {"watchdog: BUG: soft lockup - CPU#", "threaded_primary+0x", "threaded: 1 primaries"},
     "primary ends"},
    {"free_irq in the line's own handler never returns",
     v6_1,
     2,
     "",
     "primary=free",
     "irq pulse 7; irq pulse 7",
     {"Trying to free IRQ 7 from IRQ context!", "watchdog: BUG: soft lockup - CPU#", "threaded: 1 primaries"},
     "Fatal exception"},
};
INSTANTIATE_TEST_SUITE_P(OwnHandler, Line, testing::ValuesIn(own_handler), name_of);

const Row forced[] = {
    {"a plain handler runs in the interrupt",
     v6_1,
     2,
     "",
     "plain=1 primary=where",
     "irq pulse 7; sleep 0.01",
     {"hardirq=1 irqs_off=1", "threaded: 1 primaries"}},
    {"threadirqs makes it a thread's, with interrupts off as it was written",
     v6_1,
     2,
     "threadirqs",
     "irq=11 plain=1 primary=where",
     "irq pulse 11; sleep 0.01; irq pulse 11; sleep 0.01; show irq 11",
     {"masked       no\n", "threaded: handler in irq/11-threaded hardirq=0 irqs_off=1",
      "threaded: 2 primaries"}},
    {"threadirqs makes threads of the lab kernel's own handlers, and of one that shares their line",
     v6_1,
     2,
     "threadirqs",
     "irq=1 shared=1 plain=1 primary=where",
     "kbd type a; sleep 0.1",
     {"threaded: handler in irq/1-threaded hardirq=0 irqs_off=1"},
     "Flags mismatch"},
};
INSTANTIATE_TEST_SUITE_P(Forced, Line, testing::ValuesIn(forced), name_of);

} // namespace
} // namespace irqlab::test

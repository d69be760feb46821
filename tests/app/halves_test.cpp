// The four bottom halves: in which order they run, what never runs twice at a time, and what waits for what.
// Each row is a sentence of Linux's documentation, tried by a small driver of tests/modules. [LX] as in
// docs/sources.md: kernel-hacking/hacking for softirqs and tasklets, core-api/workqueue, core-api/genericirq
// and kernel/irq/manage.c's comments for threads and free_irq, timers in kernel-hacking/locking.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using kernel::Release;

struct Row {
    const char* clause;
    const char* module;            // below tests/modules
    const char* script;            // `@` is its path
    std::vector<const char*> says; // in this order
    const char* never = nullptr;
    const char* cmdline = "";
    std::vector<std::string> exports = {};
    Release release = Release::v6_1;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }

class Halves : public testing::TestWithParam<Row> {};

TEST_P(Halves, DoAsLinux)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.cpus = 2;
    config.cmdline = row.cmdline;
    config.exports = row.exports;
    config.release = row.release;
    const std::string path =
        module_path(std::string("modules/") + row.module, {row.release, app::kbuild::Optimize::o0, true});
    std::string script = row.script;
    for (std::size_t at; (at = script.find('@')) != std::string::npos;)
        script.replace(at, 1, path);
    const Session session =
        run_session(config, "echo 1 > /proc/irq/7/smp_affinity\n" + script + "\ndmesg; echo still here");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
    EXPECT_TRUE(session.says("still here\n")) << session.text;
}

const Row softirqs[] = {
    {"hacking: softirqs run before the task goes on, HI first, and a tasklet once for two schedules",
     "tasklets.c",
     "taskset 1 insmod @ what=order",
     {"tasklets: order THhint in insmod\n"}},
    {"hacking: bottom halves are enabled by the outermost local_bh_enable",
     "tasklets.c",
     "insmod @ what=nest",
     {"tasklets: order abnc\n"}},
    {"softirq.c: raised from a task with interrupts on, ksoftirqd runs it",
     "tasklets.c",
     "taskset 1 insmod @ what=moved",
     {"tasklets: ran in ksoftirqd/0\n"}},
    {"softirq.c: ten rounds, the rest in ksoftirqd",
     "own_softirq.c",
     "insmod @",
     {"own_softirq: 10 runs before local_bh_enable came back\n",
      "own_softirq: 25 runs, the first in ksoftirqd is 11\n"},
     nullptr,
     "",
     {"open_softirq", "raise_softirq"}},
    {"softirq.c: a round that ends after 2 ms is the last one",
     "own_softirq.c",
     "insmod @ long=1",
     {"own_softirq: 1 runs before local_bh_enable came back\n",
      "own_softirq: 25 runs, the first in ksoftirqd is 2\n"},
     nullptr,
     "",
     {"open_softirq", "raise_softirq"}},
    {"softirqs are not for modules", "own_softirq.c", "insmod @", {"Unknown symbol open_softirq"}},
    {"softirq.c: local_bh_enable in a handler is warned of, once",
     "tasklets.c",
     "taskset 1 insmod @ what=bh_irq",
     {"WARNING: CPU: 0", "kernel/softirq.c:375 __local_bh_enable_ip+0x"}},
    {"threadirqs: interrupts leave softirqs to ksoftirqd, and the handler is a thread's",
     "tasklets.c",
     "taskset 1 insmod @ what=order",
     {"tasklets: order T", "H", "in"},
     "tasklets: order THhint",
     "threadirqs"},
};
INSTANTIATE_TEST_SUITE_P(Softirq, Halves, testing::ValuesIn(softirqs), name_of);

const Row tasklets[] = {
    {"hacking: a tasklet runs on one CPU at a time, though two schedule it",
     "tasklets.c",
     "taskset 1 insmod @ what=itself",
     {"tasklets: at most 1 at a time, on CPUs 3, often\n"}},
    {"softirq.c: tasklet_kill waits for the run under way and for the one that is due",
     "tasklets.c",
     "taskset 1 insmod @ what=kill",
     {"tasklets: after kill 0 inside, 2 runs, at most 1\n"}},
    {"hacking: a disabled tasklet waits until it was enabled as often",
     "tasklets.c",
     "insmod @ what=disable",
     {"tasklets: disabled once still, 0 runs\n", "tasklets: enabled, 1 runs\n"}},
};
INSTANTIATE_TEST_SUITE_P(Tasklet, Halves, testing::ValuesIn(tasklets), name_of);

const Row works[] = {
    {"workqueue: an ordered queue runs one work at a time, as they were queued; flush_workqueue waits for "
     "all",
     "works.c",
     "insmod @ what=order",
     {"works: order aAbBcCdDeEfF, at most 1\n"}},
    {"workqueue.c: flush_work waits for that work and for no later one",
     "works.c",
     "insmod @ what=flush; rmmod works",
     {"works: flush 1\n", "works: order aAbBcC", "works: flush again 0\n"},
     "cCdDe"},
    {"workqueue: max_active of an unbound queue",
     "works.c",
     "insmod @ what=two",
     {"works: at most 2 of 6\n"}},
    {"workqueue: max_active of a bound queue, on each CPU",
     "works.c",
     "insmod @ what=three_bound",
     {"works: at most 3 of 6\n"}},
    {"workqueue.c: max_active out of range",
     "works.c",
     "insmod @ what=too_many",
     {"workqueue: max_active 1000 requested for works_limited is out of range, clamping between 1 and "
      "512\n"}},
    {"workqueue: a work is not re-entrant, though queued on two CPUs",
     "works.c",
     "insmod @ what=itself",
     {"works: at most 1, often\n"}},
    {"workqueue.c: after cancel_work_sync the work neither runs nor waits, even one that queues itself",
     "works.c",
     "insmod @ what=cancel",
     {"works: inside 1\n", "works: after cancel inside 0 pending 0\n", "works: later 0 more\n",
      "works: cancelled again 0\n", "works: queued 1\n"}},
    {"workqueue.c: drain_workqueue waits for works that works queue",
     "works.c",
     "insmod @ what=drain",
     {"works: drained after 4\n"}},
    {"workqueue: a pool has another worker when the one that runs sleeps",
     "works.c",
     "insmod @ what=grows",
     {"works: 5 waited at a time\n"}},
    {"workqueue: works of a bound queue that do not sleep follow each other",
     "works.c",
     "taskset 1 insmod @ what=spins",
     {"works: at most 1\n"}},
    {"workqueue: works of an unbound queue run at once",
     "works.c",
     "insmod @ what=spins_unbound",
     {"works: at most 2\n"}},
    {"workqueue.c: delayed works, modified, cancelled, flushed",
     "works.c",
     "insmod @ what=delayed",
     {"works: queued 1\n", "works: queued again 0\n", "works: modified 1\n", "works: 0 runs before\n",
      "works: 1 runs, in time 1\n", "works: cancelled 1\n", "works: cancelled again 0\n",
      "works: flushed 1\n", "works: 2 runs\n"}},
    {"workqueue: the system's queues, bound to the CPU that is asked for, of high priority, unbound",
     "works.c",
     "insmod @ what=system",
     {"works: system on 0 in kworker/0:0\n", "works: system on 1 in kworker/1:0\n",
      "works: highpri on 1 in kworker/1:0H\n", "works: long on 0 in kworker/0:0\n",
      "works: freezable on 0 in kworker/0:0\n", "works: power efficient on 0 in kworker/0:0\n",
      "works: freezable power efficient on 0 in kworker/0:0\n", "works: unbound on 0 in kworker/u4:0\n"}},
    {"kernel-parameters: workqueue.power_efficient makes such queues unbound",
     "works.c",
     "insmod @ what=system",
     {"works: freezable on 0 in kworker/0:0\n", "works: power efficient on 0 in kworker/u4:0\n"},
     nullptr,
     "workqueue.power_efficient=1"},
    {"workqueue: with WQ_MEM_RECLAIM there is a thread where none can be made",
     "works.c",
     "echo 1 > /proc/irq/7/smp_affinity; insmod @ what=rescue & sleep 0.01; echo 20 > "
     "/proc/sys/kernel/threads-max; "
     "ps; wait; echo 2000 > /proc/sys/kernel/threads-max",
     {" works_rescue\n", "works: order abB in works_rescue\n"}},
    {"workqueue: without it the work waits",
     "works.c",
     "insmod @ what=no_rescue & sleep 0.01; echo 20 > /proc/sys/kernel/threads-max; wait; "
     "echo 2000 > /proc/sys/kernel/threads-max",
     {"works: order a in kworker/0:"}},
    {"workqueue.c: a queue of WQ_MEM_RECLAIM that waits for one without",
     "works.c",
     "insmod @ what=dependency",
     {"workqueue: WQ_MEM_RECLAIM works_reclaim:waits_for_system [works] is flushing !WQ_MEM_RECLAIM "
      "events:job_function [works]\n",
      "check_flush_dependency+0x"}},
};
INSTANTIATE_TEST_SUITE_P(Work, Halves, testing::ValuesIn(works), name_of);

const Row threads[] = {
    {"genericirq: the thread runs after the primary handler, at SCHED_FIFO 50",
     "waits.c",
     "taskset 1 insmod @ what=thread oneshot=1; irq pulse 7; sleep 0.1; rmmod waits",
     {"waits: thread irq/7-waits policy 1 priority 50\n", "waits: order pPtT, at most 1\n"}},
    {"manage.c: free_irq waits for the handler on another CPU",
     "waits.c",
     "insmod @; taskset 2 sh -c 'echo x > /sys/module/waits/parameters/end_inside' & taskset 1 irq pulse 7; "
     "wait; "
     "rmmod waits",
     {"waits: inside 1 before, 0 after", "waits: 0 runs later\n"}},
    {"manage.c: free_irq waits for the thread",
     "waits.c",
     "insmod @ what=thread oneshot=1; irq pulse 7; echo x > /sys/module/waits/parameters/end_inside; rmmod "
     "waits",
     {"waits: inside 1 before, 0 after, order pPtT\n", "waits: 0 runs later\n"}},
    {"manage.c: synchronize_irq waits for the thread",
     "waits.c",
     "insmod @ what=thread oneshot=1; irq pulse 7; echo s > /sys/module/waits/parameters/end_inside; rmmod "
     "waits",
     {"waits: inside 1 before, 0 after, order pPtT\n"}},
    {"locking: after del_timer_sync the timer runs nowhere, even one that arms itself",
     "waits.c",
     "insmod @ what=timer; taskset 1 sh -c 'echo x > /sys/module/waits/parameters/end_inside'; rmmod waits",
     {"waits: inside 1 before, 0 after", "waits: 0 runs later\n"}},
    {"manage.c: with threadirqs a primary beside a thread has a thread too, and wakes the secondary",
     "waits.c",
     "insmod @ what=both; ps; irq pulse 7; sleep 0.1; rmmod waits",
     {"irq/7-waits\n", "waits: thread irq/7-s-waits policy 1 priority 50\n",
      "waits: order pPtT, at most 1\n"},
     "Secondary action handler called",
     "threadirqs"},
    {"manage.c: with threadirqs the lab kernel's own lines have threads too, but the timer",
     "waits.c",
     "ps; kbd type a; sleep 0.1; grep i8042 /proc/interrupts | grep -c '    0 *IO-APIC'",
     {"irq/1-i8042\n"},
     "irq/0-timer",
     "threadirqs"},
};
INSTANTIATE_TEST_SUITE_P(Thread, Halves, testing::ValuesIn(threads), name_of);

} // namespace
} // namespace irqlab::test

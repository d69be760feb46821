// /sys/kernel/tracing around one interrupt: names of events, their formats, and the records, beside Linux 6.1's.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <sstream>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

constexpr const char* tracing = "/sys/kernel/tracing";

std::map<std::string, std::string> session_of(const std::string& arguments)
{
    lab::WorldConfig config = guest_like({nullptr, 1, "", {}});
    config.devices.emplace_back();
    std::string script = guest_functions() + "T=" + tracing + "\nsleep 2\ninsmod " +
                         module_path("golden/modules/edudrv.c") + " " + arguments + "\n";
    script += R"sh(
S events_irq ls $T/events/irq
S events_wq ls $T/events/workqueue
S events_vectors ls $T/events/irq_vectors
S events_irq_matrix ls $T/events/irq_matrix
for e in irq/irq_handler_entry irq/irq_handler_exit irq/softirq_raise irq/softirq_entry irq/softirq_exit irq/tasklet_entry \
         irq/tasklet_exit workqueue/workqueue_queue_work workqueue/workqueue_activate_work \
         workqueue/workqueue_execute_start workqueue/workqueue_execute_end; do
  S format_$(basename $e) cat $T/events/$e/format; done
echo 0 > $T/tracing_on; echo > $T/trace
echo 1 > $T/events/irq/enable; echo 1 > $T/events/workqueue/enable
echo 0 > /sys/module/edudrv/parameters/verbose
echo 1 > $T/tracing_on; echo raise 1 > /dev/edu0; echo 0 > $T/tracing_on
S trace_irq_wq cat $T/trace
echo > $T/trace
echo 1 > $T/events/sched/sched_waking/enable; echo 1 > $T/events/sched/sched_switch/enable; echo 1 > $T/events/irq_vectors/enable
echo 1 > $T/events/timer/enable
echo 1 > $T/tracing_on; echo raise 1 > /dev/edu0; echo 0 > $T/tracing_on
S trace_all cat $T/trace
)sh";
    return steps_of(run_session(config, script));
}

// --- names and formats ----------------------------------------------------------------------------------------------

/// The names of a directory, one a line: the guest's `ls` has a terminal and lists in columns.
std::string names_in(const std::string& listing)
{
    std::istringstream words(listing.substr(0, listing.find("@@@")));
    std::vector<std::string> names;
    for (std::string word; words >> word;)
        names.push_back(word);
    std::sort(names.begin(), names.end());
    return joined(names);
}

TEST(Ftrace, EventsHaveLinuxsNames)
{
    auto ours = session_of("");
    for (const std::string step : {"events_irq", "events_wq", "events_vectors", "events_irq_matrix"})
        EXPECT_SAME_TEXT(names_in(recorded("ftrace", "msi_smp1", step)), names_in(ours[step]));
}

TEST(Ftrace, FormatFilesAreLinuxs)
{
    auto ours = session_of("");
    for (const std::string event :
         {"irq_handler_entry", "irq_handler_exit", "softirq_entry", "softirq_exit", "softirq_raise", "tasklet_entry",
          "tasklet_exit", "workqueue_activate_work", "workqueue_execute_end", "workqueue_execute_start",
          "workqueue_queue_work"})
        EXPECT_SAME_TEXT(recorded("ftrace", "msi_smp1", "format_" + event), ours["format_" + event]);
}

// --- records --------------------------------------------------------------------------------------------------------

struct Record {
    std::string task, flags, text; // the task without its PID
    std::string line() const { return task + " " + flags + " " + text; }
};

constexpr Difference masks[] = {
    {"\\(____ptrval____\\)|\\b0x[0-9a-f]{16}\\b|\\b[0-9a-f]{16}\\b", "ADDRESS", "where things lie"},
    {"comm=init\\b", "comm=sh", "the guest's shell is its init"},
    {"kworker/0:[0-9]", "kworker/0:W", "which worker of the pool"},
    {"pid=[0-9]+", "pid=P", "PIDs"},
    {"(now|baseclk|expires)=[0-9]+", "$1=T", "the time"},
    {"idx=[0-9]+", "idx=I", "the same, modulo 64"},
    {"req_cpu=(8192|256)", "req_cpu=NR_CPUS", "how many CPUs the kernel was built for"},
};

std::string masked(const std::string& words)
{
    const std::string out = with_differences(words, masks);
    return out.substr(0, out.find('\n'));
}

/// Each record of a trace. The need-resched letter is masked: when a task is to give way is the scheduler's choice, and
/// ours has a queue in order of waking.
std::vector<Record> records_of(const std::string& trace)
{
    static const std::regex row("^ *(.+)-[0-9]+ +\\[[0-9]+\\] (.)[.Nnp](...) +[0-9]+\\.[0-9]{6}: (.*)$");
    std::vector<Record> records;
    for (const std::string& line : lines_of(trace))
        if (std::smatch m; std::regex_match(line, m, row)) {
            const std::string task = m.str(1) == "init" ? "sh" : masked(m.str(1));
            records.push_back({task, m.str(2) + "-" + m.str(3), masked(m.str(4))});
        }
    return records;
}

struct Noise {
    const char* pattern;
    const char* why;
};
constexpr Noise noises[] = {
    {"\\[action=(RCU|TIMER)\\]", "ticks come when they come"},
    {"^local_timer_|^hrtimer_|^tick_stop", "the same; the lab's tick is no hrtimer"},
    {"rcu|srcu|tcp_|^softirq_.*SCHED", "what else the guest was doing"},
    {"^timer_init|process_timeout", "who sleeps has a timer of the lab's own"},
    {"exe|mode=", "the same"},
};

bool is_noise(const Record& r)
{
    return std::any_of(std::begin(noises), std::end(noises),
                       [&](const Noise& n) { return std::regex_search(r.text, std::regex(n.pattern)); });
}

/// From the handler's entry to the first switch to the idle task, or, without switches, to the first record of it.
std::string at_once(const std::vector<Record>& records)
{
    std::string out;
    bool inside = false;
    for (const Record& r : records) {
        inside |= r.text.starts_with("irq_handler_entry");
        if (!inside || is_noise(r))
            continue;
        if (r.task == "<idle>")
            break;
        out += r.line() + "\n";
        if (r.text.find("next_comm=swapper/0") != std::string::npos)
            break;
    }
    return out;
}

/// The driver's two timers and what they cause: records from their cancelling to their exit, and the delayed work's.
std::string later(const std::vector<Record>& records)
{
    std::vector<std::string> kept;
    std::string timer, out;
    bool in_timer = false, of_driver = false;
    for (const Record& r : records) {
        if (r.text.starts_with("timer_cancel")) {
            timer.clear();
            in_timer = true, of_driver = false;
        }
        of_driver |= r.text.find("[edudrv]") != std::string::npos;
        if (in_timer && r.task == "<idle>" && r.text.find("comm=kworker") == std::string::npos)
            timer += r.line() + "\n";
        else if (r.text.starts_with("workqueue_") && r.text.find("dw_fn [edudrv]") != std::string::npos)
            out += r.line() + "\n";
        if (in_timer && r.text.starts_with("timer_expire_exit")) {
            if (of_driver)
                out += timer;
            in_timer = false;
        }
    }
    return out;
}

class FtraceRecords : public testing::TestWithParam<const char*> {};

TEST_P(FtraceRecords, OfInterruptAndWorksAreLinuxs)
{
    const std::string name = GetParam(), arguments = name == "msi_smp1" ? "msi=1" : "thread=1";
    auto ours = session_of(arguments);
    for (const std::string step : {"trace_irq_wq", "trace_all"}) {
        SCOPED_TRACE(step);
        const std::vector<Record> want = records_of(recorded("ftrace", name, step)), got = records_of(ours[step]);
        EXPECT_SAME_TEXT(at_once(want), at_once(got));
        EXPECT_SAME_TEXT(later(want), later(got));
    }
}

INSTANTIATE_TEST_SUITE_P(Linux61, FtraceRecords, testing::Values("msi_smp1", "intx_thread_smp1"),
                         [](const auto& row) { return std::string(row.param); });

TEST(Ftrace, TheFileBeginsAsLinuxs)
{
    static const std::regex counts("[0-9]+/[0-9]+ ");
    const auto head = [](const std::string& trace) {
        const std::string text = std::regex_replace(trace, counts, "N/N ");
        return text.substr(0, text.find("FUNCTION\n"));
    };
    auto ours = session_of("");
    EXPECT_SAME_TEXT(head(recorded("ftrace", "msi_smp1", "trace_irq_wq")), head(ours["trace_irq_wq"]));
}

TEST(Ftrace, SetEventAndEnableSayTheSame)
{
    const Recording boot{nullptr, 1, "", {}};
    const Session session = run_session(guest_like(boot), R"sh(
T=/sys/kernel/tracing
echo irq:irq_handler_entry > $T/set_event; echo 'workqueue:*' >> $T/set_event; echo '!workqueue:workqueue_queue_work' >> $T/set_event
cat $T/set_event $T/events/irq/enable $T/events/irq/irq_handler_entry/enable $T/events/timer/enable
echo irq:none_such > $T/set_event || echo refused
echo 1 > $T/events/irq/enable; cat $T/events/irq/enable $T/events/irq/irq_handler_entry/id
echo > $T/set_event; cat $T/events/irq/enable $T/set_event
echo function > $T/current_tracer || echo none; cat $T/current_tracer /sys/kernel/debug/tracing/tracing_on
)sh");
    std::string words;
    for (const std::string& line : lines_of(session.text))
        if (!line.starts_with("sh: ") && line.find("nvalid argument") == std::string::npos)
            words += line + "\n";
    EXPECT_SAME_TEXT("irq:irq_handler_entry\nworkqueue:workqueue_activate_work\nworkqueue:workqueue_execute_end\n"
                     "workqueue:workqueue_execute_start\nX\n1\n0\nrefused\n1\n152\n0\nnone\nnop\n1\n",
                     words);
}

} // namespace
} // namespace irqlab::test

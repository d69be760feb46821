// How a line gets its vector, gives it back and is sent to another CPU: trace events of irq_vectors and irq_matrix, and the
// files of /proc/irq, beside Linux 6.1's.
#include <gtest/gtest.h>
#include <regex>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

constexpr const char* script = R"sh(
T=/sys/kernel/tracing
sleep 2
echo 0 > $T/tracing_on
echo 1 > $T/events/irq_vectors/enable; echo 1 > $T/events/irq_matrix/enable
echo 0 > $T/events/irq_vectors/local_timer_entry/enable;  echo 0 > $T/events/irq_vectors/local_timer_exit/enable
echo > $T/trace; echo 1 > $T/tracing_on
insmod INTERRUPT; insmod EDUDRV msi=1 verbose=0
echo 2 > /proc/irq/24/smp_affinity
echo raise 1 > /dev/edu0
S irqfiles irqfiles 24
rmmod edudrv; rmmod interrupt
echo 0 > $T/tracing_on
S trace cat $T/trace
)sh";

std::map<std::string, std::string> our_session()
{
    std::string text = guest_functions() + script;
    text.replace(text.find("INTERRUPT"), 9, module_path("golden/modules/interrupt.c"));
    text.replace(text.find("EDUDRV"), 6, module_path("golden/modules/edudrv.c"));
    lab::WorldConfig config = guest_like({nullptr, 2, "", {}});
    config.devices.emplace_back();
    return steps_of(run_session(config, text));
}

/// The lines in which a task of one name set up or released line 11: the first insmod, the last rmmod.
std::string of_line_11(const std::string& trace)
{
    static const std::regex row("^ *((insmod|rmmod)-[0-9]+) +\\[[0-9]+\\] (.{5}) +[0-9.]+: (.*)$");
    std::map<std::string, std::string> by_task;
    for (const std::string& line : lines_of(trace))
        if (std::smatch m; std::regex_match(line, m, row))
            by_task[m.str(1)] += m.str(2) + " " + m.str(3) + " " + m.str(4) + "\n";
    std::string out;
    for (const auto& [task, lines] : by_task)
        if (lines.find("irq=11 ") != std::string::npos)
            out += lines;
    return out;
}

constexpr Difference masks[] = {
    {"(global_avl|global_rsvd|total_alloc|avl|alloc)=[0-9]+", "$1=N", "other lines of the guest, see below"},
    {"\\b(bit|vector)=(3[0-9]|4[0-9])\\b", "$1=V", "the same: the lowest that is free"},
    {"\\bcpu=[01]\\b", "cpu=C", "the same: the CPU that has most left"},
    {"apicdest=0x0000000[12]", "apicdest=D", "the same"},
};

TEST(Matrix, ALinesVectorComesAndGoesInLinuxsSteps)
{
    const std::string ours = our_session()["trace"];
    EXPECT_SAME_TEXT(with_differences(of_line_11(recorded("matrix", "pc", "trace")), masks),
                     with_differences(of_line_11(ours), masks));
}

/// avl + alloc of each CPU's row: all vectors that can be given to lines.
std::vector<int> vectors_of_cpus(const std::string& trace)
{
    static const std::regex row(" avl=([0-9]+) alloc=([0-9]+) ");
    std::vector<int> sums;
    for (const std::string& line : lines_of(trace))
        if (std::smatch m; std::regex_search(line, m, row))
            sums.push_back(std::stoi(m.str(1)) + std::stoi(m.str(2)));
    return sums;
}

TEST(Matrix, EachCpuHasAsManyVectorsAsLinuxs)
{
    for (const std::string& trace : {recorded("matrix", "pc", "trace"), our_session()["trace"]}) {
        const std::vector<int> sums = vectors_of_cpus(trace);
        EXPECT_GE(sums.size(), 4u);
        for (const int sum : sums)
            EXPECT_EQ(201, sum) << trace;
    }
}

constexpr Difference files[] = {
    {"^affinity_hint +effective_affinity_list +smp_affinity_list$",
     "affinity_hint\nedu\neffective_affinity\neffective_affinity_list\nnode\nsmp_affinity\nsmp_affinity_list\nspurious",
     "busybox's ls has a terminal and lists in columns"},
    {"^edu +node +spurious$", "", "the same"},
    {"^effective_affinity +smp_affinity$", "", "the same"},
};

TEST(Matrix, FilesOfALineThatWasSentElsewhere)
{
    EXPECT_SAME_TEXT(with_differences(recorded("matrix", "pc", "irqfiles"), files), our_session()["irqfiles"]);
}

} // namespace
} // namespace irqlab::test

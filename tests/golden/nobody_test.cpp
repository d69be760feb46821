// A level line whose handlers never answer: nobody cared at exactly 100,000, the line disabled, and polling afterwards,
// beside Linux 6.1's.
#include <gtest/gtest.h>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

struct Storm {
    const char* name; // of the recording
    unsigned cpus;
    const char* cmdline;
    const char* parameters;
};
constexpr Storm storms[] = {{"intx_noapic", 1, "noapic", ""},
                            {"intx_pc", 2, "", ""},
                            {"intx_second_pc", 1, "", "second=2"}};

constexpr Difference differences[] = {
    {"([Cc]omm(: |=)|atomic: )init\\b", "$1sh", "the guest's shell is its init"},
    {"last_unhandled [0-9]+", "last_unhandled N", "when the storm was"},
    {"^RIP: 0010:(edu_write \\[edudrv\\])$", " $1", "an interrupted context has no registers here, but a frame"},
    {"^ (ioread32|iowrite32|readl|writel) \\[edudrv\\]$", "", "functions that are inline there"},
};

std::string masked(const std::string& text) { return with_differences(mask_console(text), differences); }

// The pauses stand for the time that the guest's commands took: the line is polled ten times a second.
std::map<std::string, std::string> session_of(const Storm& storm)
{
    lab::WorldConfig config = guest_like({nullptr, storm.cpus, storm.cmdline, {}});
    config.devices.emplace_back();
    const std::string script = guest_functions() +
                               "p_edu() { cat /proc/interrupts | grep -E 'CPU|edu'; }\n"
                               "sleep 2; insmod " +
                               module_path("golden/modules/edudrv.c") + " cared=0 bh=0 " + storm.parameters +
                               "; dmesg -c > /dev/null\n"
                               "S proc_before p_edu\n"
                               "echo raise 1 > /dev/edu0; dump dmesg_storm\n"
                               "S proc_after p_edu\n"
                               "S spurious cat /proc/irq/11/spurious\n"
                               "echo 1 > /sys/module/edudrv/parameters/cared\n"
                               "echo ack > /dev/edu0; sleep 0.05; echo raise 1 > /dev/edu0\n"
                               "dump dmesg_raise_after_disable\n"
                               "S proc_after2 p_edu\n"
                               "S rmmod rmmod edudrv\n"
                               "dump dmesg_rmmod\n";
    return steps_of(run_session(config, script));
}

TEST(NobodyCared, EachStepIsLinuxsUnderNoapic)
{
    auto ours = session_of(storms[0]);
    for (const std::string step : {"proc_before", "dmesg_storm", "proc_after", "spurious", "dmesg_raise_after_disable",
                                   "proc_after2", "rmmod", "dmesg_rmmod"}) {
        SCOPED_TRACE(step);
        EXPECT_SAME_TEXT(masked(recorded("nobody", storms[0].name, step)), masked(ours[step]));
    }
}

/// Whom the last interrupt hit depends on how fast the storm was.
std::string report_in(const std::string& log)
{
    constexpr Difference whom[] = {{"Comm: [^ ]+", "Comm: X", "whom it hit"}, {"^ .* \\[edudrv\\]$", "", "the same"}};
    return with_differences(masked(between(log, "irq 11: nobody cared", "Disabling IRQ #11\n")), whom);
}

/// RES is in the guest's grep by chance ("Rescheduling"): its count is boot's.
std::string with_rows(const std::string& text)
{
    constexpr Difference rows[] = {{"^RES: .*", "", "boot's"}};
    return with_differences(text, rows);
}

class NobodyCaredLine : public testing::TestWithParam<Storm> {};

// Behind the I/O APIC QEMU slows the storm down, so that the guest's steps were cut elsewhere: what was said and counted
// is compared, not when.
TEST_P(NobodyCaredLine, ReportAndCountsAreLinuxs)
{
    const Storm& storm = GetParam();
    auto ours = session_of(storm);
    const auto log = [&](auto step_of) { return step_of("dmesg_storm") + step_of("dmesg_raise_after_disable"); };
    const std::string theirs = log([&](const char* step) { return recorded("nobody", storm.name, step); });
    const std::string our_log = log([&](const char* step) { return ours[step]; });
    EXPECT_SAME_TEXT(report_in(theirs), report_in(our_log));
    for (const std::string step : {"proc_before", "proc_after2", "rmmod", "dmesg_rmmod"}) {
        SCOPED_TRACE(step);
        EXPECT_SAME_TEXT(with_rows(masked(recorded("nobody", storm.name, step))), with_rows(masked(ours[step])));
    }
}

INSTANTIATE_TEST_SUITE_P(Linux61, NobodyCaredLine, testing::ValuesIn(storms),
                         [](const auto& row) { return std::string(row.param.name); });

} // namespace
} // namespace irqlab::test

// edudrv.ko with one misbehaviour in its handler, or around it: the console from the interrupt on, beside Linux 6.1's.
#include <gtest/gtest.h>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

struct Evil {
    const char* name;
    unsigned number;            // of the driver's parameter
    const char* end;            // the last line that is compared
    unsigned cpus = 1;
    unsigned writer = 0;        // the CPU on which the device is written to
    const char* command = "raise 1";
};
constexpr const char *unloaded = "@@@RMMOD\n", *restarts = "Kernel Offset: disabled\n";
/// From here on the guest says only that RCU stalls. Ours has the watchdog tell of it, drops the handler and goes on.
constexpr const char* stalls = "edu: status=00000001\n";

constexpr Evil evils[] = {
    {"sleep", 1, unloaded},
    {"irqenable", 2, unloaded},
    {"badret", 3, unloaded},
    {"disableself", 6, stalls, 2, 0},
    {"gfpkernel", 7, unloaded},
    {"nullderef", 10, restarts}, // panic=-1
    {"longhandler", 11, unloaded},
    {"disablenosync", 12, unloaded},
    {"syncself", 13, stalls, 2, 1},
    {"spinsleep", 0, unloaded, 1, 0, "spinsleep"},
};

constexpr Difference differences[] = {
    {"^(tsc|clocksource): .*", "", "of the boot, which went on meanwhile"},
    {"([Cc]omm(: |=)|atomic: )init\\b", "$1sh", "the guest's shell is its init"},
    {"^RIP: 0010:(edu_write \\[edudrv\\])$", " $1", "an interrupted context has no registers here, but a frame"},
};
/// Of ours.
constexpr Difference frames[] = {
    {"^ (ioread32|iowrite32|readl|writel|kmalloc) \\[edudrv\\]$", "", "functions that are inline there"},
};

std::string our_console(const Evil& evil)
{
    lab::WorldConfig config = guest_like({nullptr, evil.cpus, "", {}});
    config.devices.emplace_back();
    config.options = {"DEBUG_ATOMIC_SLEEP=n"}; // as Debian builds it
    return run_session(config, "sleep 2; echo 7 > /proc/sys/kernel/printk\ninsmod " +
                                             module_path("golden/modules/edudrv.c") +
                                             " msi=1 bh=0 evil=" + std::to_string(evil.number) +
                                             "\necho 1 > /proc/irq/24/smp_affinity\ntaskset -p " + std::to_string(1u << evil.writer) + " $$ > /dev/null\necho '@@@RAISE'\necho " + evil.command +
                                             " > /dev/edu0\necho '@@@RAISED'\nsleep 2\n"
                                             "cat /proc/interrupts | grep -E 'CPU|edu'\n"
                                             "rmmod edudrv\necho '@@@RMMOD'\n")
        .text;
}

[[maybe_unused]] void PrintTo(const Evil& evil, std::ostream* out) { *out << evil.name; }

class EvilHandler : public testing::TestWithParam<Evil> {};

TEST_P(EvilHandler, ConsoleIsLinuxs)
{
    const Evil& evil = GetParam();
    const std::string theirs = between(recorded("evil", evil.name, "console"), "@@@RAISE\n", evil.end);
    const std::string console = our_console(evil);
    const std::string ours = between(console, "@@@RAISE\n", evil.end);
    EXPECT_SAME_TEXT(with_differences(mask_counters(mask_console(theirs)), differences),
                     with_differences(mask_counters(mask_console(ours)), frames));
    const bool lockup = console.find("watchdog: BUG: soft lockup - CPU#0 stuck for 26s!") != std::string::npos;
    EXPECT_EQ(evil.end == stalls, lockup) << console;
    EXPECT_NE(std::string::npos, console.find(unloaded)) << console;
}

INSTANTIATE_TEST_SUITE_P(Linux61, EvilHandler, testing::ValuesIn(evils),
                         [](const auto& row) { return std::string(row.param.name); });

} // namespace
} // namespace irqlab::test

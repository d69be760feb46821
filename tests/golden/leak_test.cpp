// A module that goes without free_irq(): what still works, and the Oops of whoever reads the action's name.
#include <gtest/gtest.h>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

constexpr Difference differences[] = {
    {"^Booting from ROM\\.\\.\\[ .*?\\] ", "[ TIME] ", "the firmware's last line"},
    {"^affinity_hint +lothars_device +smp_affinity_list$",
     "affinity_hint\neffective_affinity\neffective_affinity_list\nlothars_device\nnode\nsmp_affinity\n"
     "smp_affinity_list\nspurious",
     "busybox's ls has a terminal and lists in columns"},
    {"^effective_affinity +node +spurious$", "", "the same"},
    {"^effective_affinity_list +smp_affinity$", "", "the same"},
};

std::string our_console()
{
    const Recording boot{nullptr, 1, "", {}};
    return run_session(guest_like(boot), "sleep 2; echo 7 > /proc/sys/kernel/printk\n"
                                         "insmod " +
                                             module_path("golden/modules/interrupt.c") +
                                             " leak=1\n"
                                             "rmmod interrupt\n"
                                             "cat /proc/irq/11/actions 2>/dev/null; ls /proc/irq/11; "
                                             "cat /sys/kernel/irq/11/actions\n"
                                             "echo alive; cat /proc/interrupts | grep ' 11:'\n"
                                             "echo status $?\n")
        .text;
}

// The guest's last line is `Killed`: the dead reader holds the descriptor's lock, and the next reader spins for ever.
// Ours goes on: see the next test.
TEST(Leak, UpToTheOopsEachLineIsLinuxs)
{
    const std::string ours = our_console();
    EXPECT_SAME_TEXT(with_differences(mask_console(recorded("leak", "pc_smp1", "console")), differences),
                     mask_console(ours.substr(0, ours.find("alive"))));
}

TEST(Leak, WhereTheGuestHangsTheLabGoesOn)
{
    const std::string ours = our_console();
    const std::string after = ours.substr(ours.find("alive"));
    EXPECT_NE(std::string::npos, after.find("BUG: unable to handle page fault")) << after;
    EXPECT_NE(std::string::npos, after.find("note: cat[")) << after;
    EXPECT_NE(std::string::npos, after.find("status 1")) << after;
}

} // namespace
} // namespace irqlab::test

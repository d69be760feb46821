// A level line whose handler never answers: nobody cared at exactly 100,000, the line disabled, and polling afterwards,
// beside Linux 6.1's under `noapic`.
//
// The guest's line was INTx, IRQ 11; ours is the ISA line 3, made a level in ELCR, which only the 8259 looks at.
#include <gtest/gtest.h>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

constexpr Difference differences[] = {
    {"^ 11:( +[0-9]+    XT-PIC      edu)$", "  3:$1", "the line"},
    {"irq 11\\b", "irq 3", "the same"},
    {"IRQ #11\\b", "IRQ #3", "the same"},
    {"([Cc]omm(: |=)|atomic: )init\\b", "$1sh", "the guest's shell is its init"},
    {"last_unhandled [0-9]+", "last_unhandled N", "when the storm was"},
    {"^RIP: 0010:(edu_write \\[edudrv\\])$", " $1", "an interrupted context has no registers here, but a frame"},
};
/// Of ours.
constexpr Difference frames[] = {
    {"^ (outb|edu_put|edu_get|inb) \\[edudrv\\]$", "", "functions that the recorded driver has inline, or not"},
    {"last_unhandled [0-9]+", "last_unhandled N", "when the storm was"},
};

// The pauses stand for the time that the guest's commands took: the line is polled ten times a second.
std::string script()
{
    return guest_functions() +
           "p_edu() { cat /proc/interrupts | grep -E 'CPU|edu'; }\n"
           "sleep 2; insmod " +
           module_path("golden/modules/isa/edudrv.c") +
           " cared=0 bh=0 level=1; dmesg -c > /dev/null\n"
           "S proc_before p_edu\n"
           "echo raise 1 > /dev/edu0; dump dmesg_storm\n"
           "S proc_after p_edu\n"
           "S spurious cat /proc/irq/3/spurious\n"
           "echo 1 > /sys/module/edudrv/parameters/cared\n"
           "echo ack > /dev/edu0; sleep 0.05; echo raise 1 > /dev/edu0\n"
           "dump dmesg_raise_after_disable\n"
           "S proc_after2 p_edu\n"
           "S rmmod rmmod edudrv\n"
           "dump dmesg_rmmod\n";
}

TEST(NobodyCared, EachStepIsLinuxsUnderNoapic)
{
    const Recording boot{nullptr, 1, "noapic", {}};
    auto ours = steps_of(run_session(guest_like(boot), script()));
    for (const std::string step : {"proc_before", "dmesg_storm", "proc_after", "spurious", "dmesg_raise_after_disable",
                                   "proc_after2", "rmmod", "dmesg_rmmod"}) {
        SCOPED_TRACE(step);
        EXPECT_SAME_TEXT(with_differences(mask_console(recorded("nobody", "intx_noapic", step)), differences),
                         with_differences(mask_console(ours[step]), frames));
    }
}

} // namespace
} // namespace irqlab::test

// Lines: where they arrive, and what is left of them after a handler was dropped.
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"

namespace irqlab::test {

namespace {

lab::WorldConfig machine(unsigned cpus, const char* cmdline = "")
{
    lab::WorldConfig config;
    config.cpus = cpus;
    config.cmdline = cmdline;
    return config;
}

std::string insmod(const char* parameters) { return "insmod " + module_path("modules/misdeed.c") + " " + parameters + "\n"; }

} // namespace

TEST(Lines, AffinityFollowsEachWrite)
{
    const Session s = run_session(machine(4), insmod("") +
                                                  "for m in 1 2 4 8 1 f c; do echo $m > /proc/irq/11/smp_affinity; "
                                                  "cat /proc/irq/11/effective_affinity; done");
    // A CPU that is still allowed keeps its line; else the one with most vectors left gets it.
    EXPECT_EQ("1\n2\n4\n8\n1\n1\n", s.text.substr(0, 12)) << s.text;
    EXPECT_TRUE(s.text.substr(12) == "4\n" || s.text.substr(12) == "8\n") << s.text;
}

TEST(Lines, AnInterruptArrivesWhereTheLineWasSent)
{
    const Session s = run_session(machine(4), insmod("") + "echo 8 > /proc/irq/11/smp_affinity; irq pulse 11 3; "
                                                           "grep misdeed /proc/interrupts");
    EXPECT_TRUE(s.says(" 11:          0          0          0          3   IO-APIC  11-fasteoi   misdeed")) << s.text;
}

// 8259A: the handler's chip was masked when it was dropped.
TEST(Lines, AfterAnOopsTheLineComesAgainAtThe8259)
{
    const Session s = run_session(machine(2, "noapic"), insmod("at=handler what=null_write") +
                                                            "irq pulse 11 3; grep misdeed /proc/interrupts");
    EXPECT_TRUE(s.says(" 11:          3          0    XT-PIC      misdeed")) << s.text;
}

TEST(Lines, ASecondRootOfAWorldHasFiles)
{
    sim::NaturalChoice natural;
    Session session;
    lab::World world(machine(1), natural, terminal_of(session));
    run_in(world, "echo first", session);
    run_in(world, "echo second; cat /proc/uptime > /dev/null && echo third", session);
    EXPECT_TRUE(session.says("third")) << session.text;
}

} // namespace irqlab::test

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

std::string insmod(const char* parameters)
{
    return "insmod " + module_path("modules/misdeed.c") + " " + parameters + "\n";
}

} // namespace

// [LX kernel/irq/migration.c], x86 with CONFIG_GENERIC_PENDING_IRQ: an I/O APIC's line moves at its next
// interrupt, when that has come to its old CPU.
TEST(Lines, AffinityFollowsAtTheNextInterrupt)
{
    const Session s = run_session(
        machine(4), insmod("") + "for m in 1 2 4 8 1 f c; do echo $m > /proc/irq/11/smp_affinity; "
                                 "irq pulse 11; cat /proc/irq/11/effective_affinity; done");
    // A CPU that is still allowed keeps its line; else the one with most vectors left gets it.
    EXPECT_EQ("1\n2\n4\n8\n1\n1\n", s.text.substr(0, 12)) << s.text;
    EXPECT_TRUE(s.text.substr(12) == "4\n" || s.text.substr(12) == "8\n") << s.text;
}

TEST(Lines, AMoveThatWaitsIsShownAsWhatIsWanted)
{
    const Session s =
        run_session(machine(4), insmod("") + "cd /proc/irq/11; echo 1 > smp_affinity; irq pulse 11; "
                                             "echo 8 > smp_affinity; cat smp_affinity effective_affinity; "
                                             "irq pulse 11; cat smp_affinity effective_affinity");
    EXPECT_EQ("8\n1\n8\n8\n", s.text);
}

TEST(Lines, AnInterruptArrivesWhereTheLineWasSent)
{
    const Session s =
        run_session(machine(4), insmod("") + "echo 1 > /proc/irq/11/smp_affinity; irq pulse 11; "
                                             "echo 8 > /proc/irq/11/smp_affinity; irq pulse 11 3; "
                                             "grep misdeed /proc/interrupts");
    EXPECT_TRUE(s.says(" 11:          1          0          1          2   IO-APIC  11-fasteoi   misdeed"))
        << s.text;
}

// Behind a remapping unit only the unit's entry changes: at any time.
TEST(Lines, BehindARemappingUnitTheyMoveAtOnce)
{
    lab::WorldConfig config = machine(4);
    config.board = hw::BoardId::laptop;
    const Session s = run_session(config, insmod("") + "echo 8 > /proc/irq/11/smp_affinity; irq pulse 11 3; "
                                                       "grep misdeed /proc/interrupts");
    EXPECT_TRUE(s.says(" 11:          0          0          0          3  IR-IO-APIC  11-edge      misdeed"))
        << s.text;
}

// [LX arch/x86/kernel/apic/io_apic.c]: below version 20h an EOI is a moment of edge mode.
TEST(Lines, BehindARemappingUnitALevelIsEndedWithoutAnEoiRegister)
{
    for (const hw::Profile chips : {hw::Profile::datasheet, hw::Profile::kvm}) {
        lab::WorldConfig config = machine(1);
        config.board = hw::BoardId::laptop;
        config.quirks = chips;
        const Session s = run_session(config, "irq pulse 9 3; grep acpi /proc/interrupts");
        EXPECT_TRUE(s.says("  9:          3  IR-IO-APIC   9-fasteoi   acpi")) << s.text;
    }
}

// [LX arch/x86/kernel/apic/vector.c]: the old vector is the line's until an interrupt has come to the new
// one.
TEST(Lines, WhatWaitsAtTheOldCpuIsServedThere)
{
    lab::WorldConfig config = machine(2);
    config.board = hw::BoardId::laptop;
    const Session s =
        run_session(config, "insmod " + module_path("../conformance/linux/in_flight.c") +
                                "; echo 2 > /proc/irq/11/smp_affinity; irq pulse 11\n"
                                "taskset 2 sh -c 'echo 1 > /sys/module/in_flight/parameters/deaf' &\n"
                                "taskset 1 sh -c 'sleep 0.005; irq pulse 11; echo 1 > "
                                "/proc/irq/11/smp_affinity; irq pulse 11'; wait\n"
                                "grep in_flight /proc/interrupts; dmesg");
    EXPECT_TRUE(s.says(" 11:          1          2  IR-IO-APIC  11-edge      in_flight")) << s.text;
    EXPECT_FALSE(s.says("No irq handler")) << s.text;
}

TEST(Lines, AMovedLineWhoseCpuGoesIsServedElsewhere)
{
    const Session s = run_session(
        machine(2), insmod("") + "echo 2 > /proc/irq/11/smp_affinity; irq pulse 11 2; cpu offline 1; "
                                 "irq pulse 11; cat /proc/irq/11/effective_affinity; "
                                 "grep misdeed /proc/interrupts");
    EXPECT_TRUE(s.says("1\n")) << s.text;
    EXPECT_FALSE(s.says("No irq handler")) << s.text;
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

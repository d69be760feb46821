// Message-signalled interrupts, from a device's write to a local APIC. Rows name the clause they prove.
#include <gtest/gtest.h>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

TEST(Msi, ReachesLocalApics)
{
    Bench b;
    send_msi(b.m, 0xfee02000, 0x00a1, b.signals);
    EXPECT_EQ(b.take(2), 0xa1) << "SDM3/MSI: physical";
    for (unsigned cpu = 0; cpu < 4; ++cpu)
        b.apic_write(cpu, lapic_ldr, 1u << (24 + cpu));
    send_msi(b.m, 0xfee0c00c, 0x00a2, b.signals);
    EXPECT_EQ(b.take(3), 0xa2) << "SDM3/MSI: redirection hint, the idle one of CPUs 2 and 3";
    EXPECT_EQ(b.take(2), -1);
    b.signals.clear();
    send_msi(b.m, 0xfed00000, 0x00a1, b.signals);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
}

TEST(Msi, Forms)
{
    struct {
        const char* clause;
        u32 address, data;
        unsigned reached; // CPUs; of each the vector 5Ah, or an NMI.
    } const cases[] = {
        {"SDM3/MSI: physical FFh is everyone", 0xfeeff000, 0x005a, 0b1111},
        {"SDM3/MSI: logical, several", 0xfee05004, 0x005a, 0b0101},
        {"SDM3/MSI: without the hint all that are named", 0xfee0c004, 0x005a, 0b1100},
        {"SDM3/MSI: the hint in physical mode changes nothing", 0xfee02008, 0x005a, 0b0100},
        {"SDM3/MSI: lowest priority", 0xfee0c004, 0x015a, 0b0100},
        {"SDM3/MSI: level, asserted", 0xfee01000, 0xc05a, 0b0010},
        {"SDM3/MSI: level, de-asserted, is no message", 0xfee01000, 0x805a, 0},
        {"SDM3/MSI: an edge has no assert bit", 0xfee01000, 0x405a, 0b0010},
        {"SDM3/MSI: NMI", 0xfee01000, 0x0400, 0b0010},
        {"SDM3/MSI: reserved modes are nothing", 0xfee01000, 0x035a, 0},
        {"SDM3/MSI: no SIPI", 0xfee01000, 0x065a, 0},
        {"SDM3/MSI: nobody there", 0xfee99000, 0x005a, 0},
    };
    for (const auto& c : cases) {
        Bench b;
        for (unsigned cpu = 0; cpu < 4; ++cpu)
            b.apic_write(cpu, lapic_ldr, 1u << (24 + cpu));
        send_msi(b.m, c.address, c.data, b.signals);
        unsigned reached = 0;
        for (unsigned cpu = 0; cpu < 4; ++cpu)
            if (b.take(cpu) == 0x5a || nmi_pending(b.m, cpu))
                reached |= 1u << cpu;
        EXPECT_EQ(reached, c.reached) << c.clause;
    }
}

TEST(Msi, LevelSetsTmr)
{
    Bench b;
    send_msi(b.m, 0xfee01000, 0xc05a, b.signals);
    EXPECT_TRUE(b.m.core[1].lapic.tmr.test(0x5a)) << "SDM3/TMR";
    send_msi(b.m, 0xfee01000, 0x005a, b.signals);
    EXPECT_FALSE(b.m.core[1].lapic.tmr.test(0x5a)) << "ioapic/TMR follows the last accepted trigger mode";
}

} // namespace
} // namespace irqlab::hw::test

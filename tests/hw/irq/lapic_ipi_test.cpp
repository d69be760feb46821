// The local APIC's messages: shorthands, lowest priority, INIT, errors of sending, remote read, quirks.
#include <gtest/gtest.h>

#include "hw/board/quirks.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u32 to_self = 1u << 18, to_all = 2u << 18, to_others = 3u << 18;
constexpr u32 lowest = 1u << 8, smi = 2u << 8, nmi = 4u << 8, init = 5u << 8, startup = 6u << 8;

struct IpiBench : Bench {
    explicit IpiBench(u32 quirks = 0)
    {
        for (unsigned cpu = 0; cpu < 4; ++cpu) {
            m.core[cpu].lapic.quirks = quirks;
            apic_write(cpu, lapic_ldr, 1u << (24 + cpu));
        }
        signals.clear();
    }
    /// CPUs with the vector F1h, an NMI, an SMI or an INIT.
    unsigned reached()
    {
        unsigned set = 0;
        for (unsigned cpu = 0; cpu < 4; ++cpu) {
            const Cpu& c = m.core[cpu].cpu;
            if (m.core[cpu].lapic.irr.test(0xf1) || c.nmi_latched || c.smi_pending || c.init_pending)
                set |= 1u << cpu;
        }
        return set;
    }
    u32 esr_of(unsigned cpu)
    {
        apic_write(cpu, lapic_esr, 0);
        return apic_read(cpu, lapic_esr);
    }
};

/// Each shorthand with each delivery mode that it may have. CPU 1 sends.
TEST(LapicIpi, Shorthands)
{
    for (const u32 mode_bits : {0u, nmi, smi, init | 0x4000})
        for (const auto& [shorthand, reached] :
             {std::pair{to_self, 0b0010u}, {to_all, 0b1111u}, {to_others, 0b1101u}}) {
            IpiBench b;
            b.ipi(1, shorthand | mode_bits | 0xf1, 3); // The destination does not matter.
            EXPECT_EQ(b.reached(), reached)
                << "SDM3/ICR shorthand " << (shorthand >> 18) << ", mode " << mode_bits;
        }
}

TEST(LapicIpi, StartupToOthers)
{
    IpiBench b;
    b.ipi(0, to_others | init | 0x4000);
    b.ipi(0, to_others | startup | 0x9a);
    for (unsigned cpu = 1; cpu < 4; ++cpu)
        EXPECT_EQ(b.m.core[cpu].cpu.startup_vector, 0x9a) << "MP/universal start-up";
    EXPECT_EQ(b.m.core[0].cpu.state, CpuState::running);
}

TEST(LapicIpi, InitDeassert)
{
    IpiBench b;
    b.ipi(0, to_all | init | 0x8000);
    EXPECT_EQ(b.reached(), 0u) << "SDM3/INIT level de-assert: nobody heeds it";
    EXPECT_FALSE(b.diagnosed(Diagnosis::lapic_reserved_mode)) << "old software ends its INITs with one";
    b.ipi(0, init, 2);
    EXPECT_EQ(b.reached(), 0b0100u) << "SDM3/INIT: an edge needs no assert bit";
}

TEST(LapicIpi, TriggerModeIsIgnored)
{
    IpiBench b;
    b.ipi(0, 0xc0f1, 1);
    EXPECT_FALSE(b.m.core[1].lapic.tmr.test(0xf1)) << "SDM3/ICR: the trigger mode is INIT's alone";
    b.ipi(0, 0x80f1, 2);
    EXPECT_TRUE(b.m.core[2].lapic.irr.test(0xf1)) << "SDM3/ICR: so is the level";
}

/// All sets of CPUs named, of CPUs with a raised priority, and of software-disabled ones.
TEST(LapicIpi, LowestPriorityExhaustive)
{
    for (unsigned named = 1; named < 16; ++named)
        for (unsigned busy = 0; busy < 16; ++busy)
            for (unsigned off = 0; off < 16; ++off) {
                IpiBench b;
                for (unsigned cpu = 0; cpu < 4; ++cpu) {
                    b.apic_write(cpu, lapic_tpr, (busy >> cpu & 1) != 0 ? 0x30 : 0x20);
                    if ((off >> cpu & 1) != 0)
                        b.apic_write(cpu, lapic_svr, 0xff);
                }
                b.ipi(0, flag_logical | lowest | 0xf1, named);
                const unsigned able = named & ~off;
                const unsigned from = (able & ~busy) != 0 ? able & ~busy : able;
                ASSERT_EQ(b.reached(), from & -from)
                    << "SDM3/lowest priority: " << named << " " << busy << " " << off;
            }
}

TEST(LapicIpi, LowestPriorityCountsWhatIsInService)
{
    IpiBench b;
    b.ipi(0, 0x51, 1);
    ASSERT_EQ(b.take(1), 0x51);
    b.ipi(3, flag_logical | lowest | 0xf1, 0b0110);
    EXPECT_EQ(b.reached(), 0b0100u) << "SDM3/lowest priority: by PPR";
}

TEST(LapicIpi, LowestPriorityByShorthand)
{
    IpiBench b;
    b.apic_write(0, lapic_tpr, 0x20);
    b.ipi(1, lowest | to_others | 0xf1);
    EXPECT_EQ(b.reached(), 0b0100u) << "SDM3/lowest priority by shorthand: one of those named";
}

TEST(LapicIpi, ReservedModesSendNothing)
{
    for (const u32 mode_bits : {3u << 8, 7u << 8}) {
        IpiBench b;
        b.ipi(0, mode_bits | 0xf1, 1);
        EXPECT_EQ(b.count(SignalKind::ipi_send), 0) << "SDM3/ICR: reserved delivery mode";
        EXPECT_TRUE(b.diagnosed(Diagnosis::lapic_reserved_mode));
    }
}

TEST(LapicIpi, ReceivesIllegalVector)
{
    IpiBench b;
    b.entry(11, destination(2) | 0x05);
    b.line(11, true);
    EXPECT_FALSE(b.m.core[2].lapic.irr.any()) << "SDM3/valid vectors: below 10h none is accepted";
    EXPECT_EQ(b.esr_of(2), esr::ReceiveIllegalVector::mask) << "SDM3/ESR: receive illegal vector";
}

TEST(LapicIpi, RedirectableIpi)
{
    IpiBench b(lapic_quirk::NoLowestIpi::mask);
    b.ipi(0, lowest | 0xf1, 1);
    EXPECT_EQ(b.reached(), 0u);
    EXPECT_EQ(b.esr_of(0), esr::RedirectableIpi::mask)
        << "SDM3/ESR: redirectable IPI, on processors that say so";
}

TEST(LapicIpi, AcceptErrorsOfP6)
{
    IpiBench b(lapic_quirk::P6::mask);
    b.ipi(0, 0xf1, 9);
    EXPECT_EQ(b.esr_of(0), esr::SendAccept::mask) << "SDM3/ESR: nobody accepted what was sent";
    b.apic_write(2, lapic_svr, 0xff);
    b.ipi(0, 0xf1, 2);
    EXPECT_EQ(b.esr_of(0), esr::SendAccept::mask);
    EXPECT_EQ(b.esr_of(2), esr::ReceiveAccept::mask) << "SDM3/ESR: not accepted by any, this one included";
    b.ipi(0, 0xf1, 1);
    EXPECT_EQ(b.esr_of(0), 0u);
}

TEST(LapicIpi, RemoteReadOfP6)
{
    IpiBench b(lapic_quirk::P6::mask);
    b.apic_write(2, lapic_tpr, 0x47);
    b.ipi(0, 3u << 8 | lapic_tpr >> 4, 2);
    EXPECT_EQ(b.apic_read(0, lapic_icr_low) >> 16 & 3, 2u) << "SDM3/ICR: remote read status, valid";
    EXPECT_EQ(b.apic_read(0, lapic_rrd), 0x47u) << "SDM3/RRD";
    b.ipi(0, 3u << 8 | lapic_tpr >> 4, 9);
    EXPECT_EQ(b.apic_read(0, lapic_icr_low) >> 16 & 3, 0u) << "SDM3/ICR: remote read status, invalid";
}

// --- quirks: what the other models do, and the default beside it

TEST(LapicQuirks, RowsAreBits)
{
    u32 seen = 0;
    for (const Quirk& row : lapic_quirks()) {
        EXPECT_EQ(std::popcount(row.mask), 1) << row.name;
        EXPECT_EQ(seen & row.mask, 0u) << row.name;
        seen |= row.mask;
    }
    EXPECT_EQ(seen, lapic_quirk::all);
}

TEST(LapicQuirks, ProfileReachesEveryCpu)
{
    Bench b;
    set_profile(b.m, Profile::kvm);
    for (unsigned cpu = 0; cpu < 4; ++cpu) {
        EXPECT_EQ(b.m.core[cpu].lapic.quirks, quirks_of(lapic_quirks(), Profile::kvm));
        EXPECT_EQ(b.apic_read(cpu, lapic_version_register), 0x00050014u);
    }
    b.ipi(0, init | 0x4000, 1);
    EXPECT_NE(b.m.core[1].lapic.quirks, 0u) << "quirks outlive reset";
    set_profile(b.m, Profile::datasheet);
    EXPECT_EQ(b.m.core[3].lapic.quirks, 0u);
}

TEST(LapicQuirks, LowestPriority)
{
    struct {
        const char* clause;
        u32 quirk;
        u32 vector;
        unsigned reached;
    } const cases[] = {
        {"SDM3/lowest priority", 0, 0xf1, 0b1000},
        {"QEMU: the first", lapic_quirk::LowestIsFirst::mask, 0xf1, 0b0001},
        {"KVM: F1h is 1 modulo 3", lapic_quirk::LowestByVector::mask, 0xf1, 0b0100},
    };
    for (const auto& c : cases) {
        IpiBench b(c.quirk);
        for (unsigned cpu = 0; cpu < 3; ++cpu)
            b.apic_write(cpu, lapic_tpr, 0x20);
        b.ipi(1, flag_logical | lowest | c.vector, 0b1101);
        EXPECT_EQ(b.reached(), c.reached) << c.clause;
    }
}

TEST(LapicQuirks, Lint0AfterInit)
{
    for (const u32 quirk : {0u, lapic_quirk::Lint0ExtInt::mask}) {
        IpiBench b(quirk);
        b.ipi(1, to_all | init | 0x4000);
        EXPECT_EQ(b.apic_read(0, lapic_lvt_lint0), quirk != 0 ? 0x700u : 0x10000u)
            << "SDM3/INIT, KVM and QEMU";
        EXPECT_EQ(b.apic_read(1, lapic_lvt_lint0), 0x10000u) << "the bootstrap processor alone";
        EXPECT_TRUE(valid(b.m.core[0].lapic));
    }
}

TEST(LapicQuirks, NoErrors)
{
    IpiBench b(lapic_quirk::NoErrors::mask);
    b.ipi(0, 0x05, 1);
    EXPECT_TRUE(b.m.core[1].lapic.irr.test(5)) << "KVM: the vector waits";
    EXPECT_EQ(b.take(1), -1) << "and its class is above nothing";
    b.apic_read(0, 0x40);
    EXPECT_EQ(b.esr_of(0), 0u);
}

} // namespace
} // namespace irqlab::hw::test

// The local vector table's own sources, EOI-broadcast suppression, ExtINT, and the states that are valid.
#include <gtest/gtest.h>

#include "hw/state/fields.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u32 to_self = 1u << 18;

// --- local sources

TEST(LapicLvt, OwnersEvents)
{
    struct {
        const char* clause;
        LvtEntry entry;
        u16 reg;
        u32 value;
        int vector; // -1: none
        bool nmi, smi;
        bool masked_after;
    } const cases[] = {
        {"SDM3/LVT thermal", LvtEntry::thermal, lapic_lvt_thermal, 0xfa, 0xfa, false, false, false},
        {"SDM3/LVT CMCI", LvtEntry::cmci, lapic_lvt_cmci, 0xf9, 0xf9, false, false, false},
        {"SDM3/LVT PMC masks itself", LvtEntry::pmc, lapic_lvt_pmc, 0xee, 0xee, false, false, true},
        {"SDM3/LVT PMC as NMI masks itself", LvtEntry::pmc, lapic_lvt_pmc, 0x400, -1, true, false, true},
        {"SDM3/LVT thermal as SMI", LvtEntry::thermal, lapic_lvt_thermal, 0x200, -1, false, true, false},
        {"SDM3/LVT thermal: no INIT", LvtEntry::thermal, lapic_lvt_thermal, 0x500, -1, false, false, false},
        {"SDM3/LVT CMCI: no ExtINT", LvtEntry::cmci, lapic_lvt_cmci, 0x700, -1, false, false, false},
        {"SDM3/LVT masked", LvtEntry::cmci, lapic_lvt_cmci, 0x100f9, -1, false, false, true},
    };
    for (const auto& c : cases) {
        Bench b;
        b.apic_write(1, c.reg, c.value);
        local_event(b.m, 1, c.entry, b.signals);
        EXPECT_EQ(b.take(1), c.vector) << c.clause;
        EXPECT_EQ(nmi_pending(b.m, 1), c.nmi) << c.clause;
        EXPECT_EQ(static_cast<bool>(b.m.core[1].cpu.smi_pending), c.smi) << c.clause;
        EXPECT_EQ((b.apic_read(1, c.reg) >> 16 & 1) != 0, c.masked_after) << c.clause;
        EXPECT_EQ(b.m.core[1].cpu.state, CpuState::running) << c.clause;
    }
}

TEST(LapicLvt, IllegalVectorOfAnEntry)
{
    Bench b;
    b.apic_write(1, lapic_lvt_thermal, 0x05);
    local_event(b.m, 1, LvtEntry::thermal, b.signals);
    EXPECT_FALSE(b.pending(1)) << "SDM3/valid vectors";
    b.apic_write(1, lapic_esr, 0);
    EXPECT_EQ(b.apic_read(1, lapic_esr), esr::ReceiveIllegalVector::mask) << "SDM3/ESR";
}

TEST(LapicLvt, AllMaskedAfterInit)
{
    Bench b;
    for (const u16 reg : {lapic_lvt_cmci, lapic_lvt_timer, lapic_lvt_thermal, lapic_lvt_pmc, lapic_lvt_lint0,
                          lapic_lvt_lint1, lapic_lvt_error})
        b.apic_write(1, reg, 0x31);
    b.ipi(0, 0xc500, 1);
    for (const u16 reg : {lapic_lvt_cmci, lapic_lvt_timer, lapic_lvt_thermal, lapic_lvt_pmc, lapic_lvt_lint0,
                          lapic_lvt_lint1, lapic_lvt_error})
        EXPECT_EQ(b.apic_read(1, reg), 0x10000u) << "SDM3/INIT: LVT " << reg;
}

TEST(LapicLvt, NoCmciInVersion14)
{
    Bench b;
    b.m.core[1].lapic.quirks = lapic_quirk::SixEntries::mask;
    b.apic_write(1, lapic_lvt_cmci, 0xf9);
    EXPECT_EQ(b.apic_read(1, lapic_lvt_cmci), 0u);
    b.apic_write(1, lapic_svr, 0x11ff);
    EXPECT_EQ(b.apic_read(1, lapic_svr), 0x1ffu);
    EXPECT_EQ(b.apic_read(1, lapic_version_register), 0x00050014u);
}

// --- EOI-broadcast suppression: [SDM3] "Signaling Interrupt Servicing Completion", "Directed EOI"

TEST(LapicEoi, Suppressed)
{
    Bench b;
    b.apic_write(1, lapic_svr, 0x11ff);
    b.entry(11, destination(1) | flag_level | 0x51);
    b.line(11, true);
    ASSERT_EQ(b.take(1), 0x51);
    b.apic_write(1, lapic_eoi_register, 0);
    EXPECT_FALSE(b.m.core[1].lapic.isr.any()) << "SDM3/EOI: ISR ends";
    EXPECT_TRUE(rte::RemoteIrr::test(b.entry(11))) << "SDM3/directed EOI: no broadcast";
    EXPECT_EQ(b.take(1), -1);
    mmio_write(b.m, 1, ioapic_address + 0x40, 0x51, b.signals);
    EXPECT_EQ(b.take(1), 0x51)
        << "SDM3/directed EOI: the I/O APIC's register ends it; the line is still high";
    b.line(11, false);
    b.eoi(1);
    mmio_write(b.m, 1, ioapic_address + 0x40, 0x51, b.signals);
    EXPECT_FALSE(rte::RemoteIrr::test(b.entry(11)));
}

TEST(LapicEoi, SuppressionIsPerCpu)
{
    Bench b;
    b.apic_write(1, lapic_svr, 0x11ff);
    b.entry(11, destination(2) | flag_level | 0x51);
    b.line(11, true);
    ASSERT_EQ(b.take(2), 0x51);
    b.eoi(2);
    EXPECT_EQ(b.take(2), 0x51) << "SDM3/SVR of another CPU does not matter";
}

// --- ExtINT

TEST(LapicExtInt, ActiveLowPin)
{
    Bench b;
    b.pic_mask(0xffff & ~(1u << 3));
    b.apic_write(0, lapic_lvt_lint0, 0x2700);
    EXPECT_TRUE(b.pending(0)) << "SDM3/LVT polarity: LINT0 is low";
    b.line(3, true);
    EXPECT_FALSE(b.pending(0)) << "SDM3/LVT polarity: INTR is high";
    b.line(3, false);
    EXPECT_TRUE(b.pending(0));
}

TEST(LapicExtInt, HardwareDisabled)
{
    Bench b;
    b.pic_mask(0xffff & ~(1u << 3));
    ASSERT_TRUE(write_apic_base(b.m, 0, lapic_address | apic_base::Bsp::mask));
    EXPECT_FALSE(b.pending(0));
    b.line(3, true);
    EXPECT_EQ(b.take(0), 0x0b) << "SDM3/disabled: LINT0 is INTR";
    drive_nmi(b.m, true, b.signals);
    EXPECT_TRUE(nmi_pending(b.m, 0)) << "SDM3/disabled: LINT1 is NMI";
}

TEST(LapicExtInt, SoftwareDisabled)
{
    Bench b;
    b.apic_write(0, lapic_svr, 0xff);
    b.pic_mask(0xffff & ~(1u << 3));
    b.line(3, true);
    EXPECT_FALSE(b.pending(0)) << "SDM3/software-disabled: LINT0 is masked";
    send_msi(b.m, 0xfee00000, 0x700, b.signals);
    EXPECT_FALSE(b.pending(0)) << "SDM3/software-disabled: NMI, SMI, INIT and SIPI alone are heeded";
}

// --- states

TEST(LapicState, ValidAfterUse)
{
    Bench b;
    EXPECT_TRUE(valid(b.m.core[0].lapic));
    EXPECT_TRUE(valid(b.m.core[3].lapic));
    b.apic_write(0, lapic_lvt_lint0, 0x2700);
    b.apic_write(0, lapic_lvt_timer, 0x40031);
    ASSERT_TRUE(wrmsr(b.m, 0, 0x6e0, 12345, b.signals));
    b.ipi(0, 0x41 | to_self);
    b.apic_read(0, 0x40);
    EXPECT_TRUE(valid(b.m.core[0].lapic));
    b.take(0);
    EXPECT_TRUE(valid(b.m.core[0].lapic));
}

TEST(LapicState, Invalid)
{
    const std::pair<const char*, void (*)(Lapic&)> cases[] = {
        {"a reserved vector waits", [](Lapic& a) { a.irr.set(3); }},
        {"SVR has unknown bits", [](Lapic& a) { a.svr |= 1u << 20; }},
        {"an unknown quirk", [](Lapic& a) { a.quirks = 1u << 31; }},
        {"EXTD without EN", [](Lapic& a) { a.base = 0xfee00400; }},
        {"a reserved bit of the base", [](Lapic& a) { a.base |= 1; }},
        {"software-disabled, and an entry is not masked", [](Lapic& a) { a.svr = 0xff, a.lvt[0] = 0x31; }},
        {"an entry has bits it lacks", [](Lapic& a) { a.lvt[5] |= 0x8000; }},
        {"a deadline in another mode", [](Lapic& a) { a.tsc_deadline = 1; }},
        {"a count in deadline mode", [](Lapic& a) { a.lvt[0] = 0x40031, a.timer.count = 1; }},
        {"a divisor's reserved bit", [](Lapic& a) { a.timer.divide = 4; }},
        {"a third LINT pin", [](Lapic& a) { a.lint = 4; }},
        {"ExtINT without cause", [](Lapic& a) { a.ext_int = 1; }},
        {"an ID that nobody can have", [](Lapic& a) { a.x2apic_id = 0xff; }},
        {"DFR's ones", [](Lapic& a) { a.dfr = 0; }},
        {"LDR's zeroes", [](Lapic& a) { a.ldr = 1; }},
        {"padding that is not 0", [](Lapic& a) { a.timer.unused = 1; }},
        {"an ESR bit that is not there", [](Lapic& a) { a.esr = 0x100; }},
        {"a time that is far", [](Lapic& a) { a.timer.base_ns = ~u64{0}; }},
    };
    for (const auto& [what, spoil] : cases) {
        Bench b;
        Lapic apic = b.m.core[1].lapic;
        ASSERT_TRUE(valid(apic));
        spoil(apic);
        EXPECT_FALSE(valid(apic)) << what;
    }
}

TEST(LapicState, FieldsNameEveryByte)
{
    unsigned names = 0;
    const Lapic apic{};
    for_each_field(apic, [&](const char*, const auto&) { ++names; });
    EXPECT_EQ(names, 20u);
}

} // namespace
} // namespace irqlab::hw::test

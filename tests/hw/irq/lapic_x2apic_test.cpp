// The local APIC's modes and its x2APIC registers. Rows name the clause they prove.
#include <gtest/gtest.h>

#include "hw/irq/lapic_msr.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u64 en = apic_base::Enabled::mask, extd = apic_base::X2apic::mask;

struct X2Bench : Bench {
    /// CPUs whose bit is set are in x2APIC mode, and all are software-enabled.
    explicit X2Bench(unsigned x2apic = ~0u, unsigned cpus = 4) : Bench(BoardId::pc, cpus)
    {
        for (unsigned cpu = 0; cpu < cpus && cpu < 32; ++cpu)
            if ((x2apic >> cpu & 1) != 0)
                enter(cpu);
        signals.clear();
    }
    void enter(unsigned cpu) { EXPECT_TRUE(put(cpu, msr_apic_base, get(cpu, msr_apic_base) | extd)); }
    bool put(unsigned cpu, u32 msr, u64 value) { return wrmsr(m, cpu, msr, value, signals); }
    u64 get(unsigned cpu, u32 msr)
    {
        u64 value = 0;
        EXPECT_TRUE(rdmsr(m, cpu, msr, value)) << std::hex << msr;
        return value;
    }
    bool readable(unsigned cpu, u32 msr)
    {
        u64 value = 0;
        return rdmsr(m, cpu, msr, value);
    }
};

// --- modes

/// All changes among disabled, xAPIC, x2APIC and the invalid EXTD without EN: [SDM3] "x2APIC State
/// Transitions".
TEST(LapicModes, TransitionsExhaustive)
{
    struct {
        const char* clause;
        u64 from, to;
        bool allowed;
    } const cases[] = {
        {"SDM3/disabled to xAPIC", 0, en, true},
        {"apic/disabled to EXTD alone: #GP", 0, extd, false},
        {"apic/disabled to x2APIC: #GP", 0, en | extd, false},
        {"SDM3/xAPIC to disabled", en, 0, true},
        {"apic/xAPIC to EXTD alone: #GP", en, extd, false},
        {"SDM3/xAPIC to x2APIC", en, en | extd, true},
        {"apic/x2APIC to disabled", en | extd, 0, true},
        {"apic/x2APIC to EXTD alone: #GP", en | extd, extd, false},
        {"apic/x2APIC to xAPIC: #GP", en | extd, en, false},
        {"SDM3/the same again", en | extd, en | extd, true},
        {"SDM3/the same again", en, en, true},
        {"SDM3/the same again", 0, 0, true},
    };
    for (const auto& c : cases) {
        X2Bench b(0);
        const u64 page = lapic_address;
        if (c.from == 0) {
            ASSERT_TRUE(b.put(1, msr_apic_base, page));
        } else if (c.from == (en | extd)) {
            b.enter(1);
        }
        EXPECT_EQ(b.put(1, msr_apic_base, page | c.to), c.allowed) << c.clause;
        EXPECT_EQ(b.get(1, msr_apic_base), page | (c.allowed ? c.to : c.from)) << c.clause;
    }
}

TEST(LapicModes, BaseReservedBits)
{
    X2Bench b(0);
    const u64 base = b.get(1, msr_apic_base);
    for (const unsigned n : {0u, 7u, 9u, 36u, 52u, 63u})
        EXPECT_FALSE(b.put(1, msr_apic_base, base | u64{1} << n)) << "apic/reserved bits: #GP, bit " << n;
    EXPECT_EQ(b.get(1, msr_apic_base), base);
}

TEST(LapicModes, XapicToX2apicKeepsState)
{
    X2Bench b(0);
    b.apic_write(1, lapic_tpr, 0x35);
    b.apic_write(1, lapic_lvt_error, 0xee);
    b.apic_write(1, lapic_timer_initial, 1'000'000);
    b.apic_write(1, lapic_ldr, 0x80000000);
    b.apic_write(1, lapic_id, 0x77000000);
    b.ipi(1, 0x20, 0x99); // To nobody.
    b.ipi(1, 0x40041);
    b.enter(1);
    EXPECT_EQ(b.get(1, 0x808), 0x35u) << "SDM3/xAPIC to x2APIC: TPR stays";
    EXPECT_EQ(b.get(1, 0x837), 0xeeu) << "SDM3/xAPIC to x2APIC: LVT stays";
    EXPECT_EQ(b.get(1, 0x838), 1'000'000u) << "SDM3/xAPIC to x2APIC: the timer goes on";
    EXPECT_EQ(b.get(1, 0x822), 2u) << "SDM3/xAPIC to x2APIC: IRR stays";
    EXPECT_EQ(b.get(1, 0x802), 1u) << "SDM3/x2APIC: the ID that hardware gave";
    EXPECT_EQ(b.get(1, 0x80d), 2u) << "SDM3/x2APIC: LDR follows from the ID";
    EXPECT_EQ(b.get(1, 0x830) >> 32, 0u) << "SDM3/xAPIC to x2APIC: ICR's destination is lost";
}

TEST(LapicModes, DisableLosesState)
{
    X2Bench b;
    ASSERT_TRUE(b.put(1, 0x808, 0x35));
    ASSERT_TRUE(b.put(1, msr_apic_base, lapic_address));
    EXPECT_FALSE(b.readable(1, 0x802)) << "SDM3/disabled: MSRs are #GP";
    EXPECT_EQ(b.apic_read(1, lapic_version_register), 0xffffffffu) << "apic/disabled: reads all ones";
    b.ipi(0, 0x41, 1);
    EXPECT_FALSE(b.pending(1)) << "SDM3/disabled: takes nothing";
    ASSERT_TRUE(b.put(1, msr_apic_base, lapic_address | en));
    EXPECT_EQ(b.apic_read(1, lapic_svr), 0xffu) << "SDM3/disabled and enabled: as after reset";
    EXPECT_EQ(b.apic_read(1, lapic_tpr), 0u);
    EXPECT_EQ(b.apic_read(1, lapic_id), 0x01000000u);
    b.enter(1);
    EXPECT_EQ(b.get(1, 0x802), 1u);
}

TEST(LapicModes, MmioIsGoneInX2apicMode)
{
    X2Bench b(0b0010);
    EXPECT_EQ(b.apic_read(1, lapic_id), 0xffffffffu) << "SDM3/x2APIC: no MMIO";
    b.apic_write(1, lapic_tpr, 0x50);
    EXPECT_EQ(b.get(1, 0x808), 0u) << "SDM3/x2APIC: no MMIO";
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
    EXPECT_EQ(b.apic_read(0, lapic_id), 0u) << "others keep theirs";
    EXPECT_FALSE(b.readable(0, 0x802)) << "SDM3/xAPIC: MSRs are #GP";
    EXPECT_FALSE(b.put(0, 0x808, 0)) << "SDM3/xAPIC: MSRs are #GP";
}

TEST(LapicModes, InitKeepsTheMode)
{
    X2Bench b;
    ASSERT_TRUE(b.put(1, 0x808, 0x35));
    ASSERT_TRUE(b.put(0, 0x830, u64{1} << 32 | 0xc500));
    EXPECT_EQ(b.m.core[1].cpu.state, CpuState::wait_for_sipi) << "SDM3/INIT";
    EXPECT_EQ(b.get(1, 0x808), 0u) << "SDM3/INIT: registers are reset";
    EXPECT_EQ(b.get(1, 0x802), 1u) << "SDM3/x2APIC after INIT: the mode and the ID stay";
    EXPECT_EQ(b.get(1, 0x80d), 2u);
}

TEST(LapicModes, Cr8)
{
    X2Bench b;
    ASSERT_TRUE(b.put(2, 0x808, 0x7f));
    EXPECT_EQ(read_cr8(b.m, 2), 7) << "SDM3/CR8 is TPR's class";
    write_cr8(b.m, 2, 12);
    EXPECT_EQ(b.get(2, 0x808), 0xc0u) << "SDM3/CR8 clears the sub-class";
}

// --- registers

/// Every MSR of the range, against the SDM's table stated a second time.
TEST(LapicMsr, AccessExhaustive)
{
    const auto access = [](u32 i) -> std::string {
        if (i == 0x0b || i == 0x3f)
            return "w";
        if (i == 0x02 || i == 0x03 || i == 0x0a || i == 0x0d || (i >= 0x10 && i <= 0x27) || i == 0x39)
            return "r";
        if (i == 0x08 || i == 0x0f || i == 0x28 || i == 0x2f || i == 0x30 || (i >= 0x32 && i <= 0x38) ||
            i == 0x3e)
            return "rw";
        return "";
    };
    for (u32 i = 0; i < 0x100; ++i) {
        X2Bench b;
        std::string got = b.readable(1, 0x800 + i) ? "r" : "";
        if (b.put(1, 0x800 + i, i == 0x3f ? 0x41 : 0))
            got += "w";
        EXPECT_EQ(got, access(i)) << "SDM3/x2APIC register table, MSR " << std::hex << 0x800 + i;
    }
}

TEST(LapicMsr, Values)
{
    struct {
        const char* clause;
        u32 msr;
        u64 write, want;
    } const cases[] = {
        {"SDM3/TPR", 0x808, 0x35, 0x35},
        {"SDM3/SVR", 0x80f, 0x13ff, 0x13ff},
        {"SDM3/ICR: 64 bits", 0x830, 0x12345678'000cc041, 0x12345678'000cc041},
        {"SDM3/ICR: no delivery status", 0x830, 0x12345678'00001041, 0x12345678'00000041},
        {"SDM3/LVT CMCI", 0x82f, 0x107ff, 0x107ff},
        {"SDM3/LVT timer", 0x832, 0x700ff, 0x700ff},
        {"SDM3/LVT LINT0: status bits are not written", 0x835, 0x1f7ff, 0x1a7ff},
        {"SDM3/DCR", 0x83e, 0xb, 0xb},
        {"SDM3/TMICT", 0x838, 0xffffffff, 0xffffffff},
    };
    for (const auto& c : cases) {
        X2Bench b;
        EXPECT_TRUE(b.put(1, c.msr, c.write)) << c.clause;
        EXPECT_EQ(b.get(1, c.msr), c.want) << c.clause;
    }
}

TEST(LapicMsr, ReservedBits)
{
    struct {
        const char* clause;
        u32 msr;
        u64 value;
    } const cases[] = {
        {"A20: EOI other than 0", 0x80b, 1},        {"A20: EOI other than 0, high half", 0x80b, u64{1} << 32},
        {"SDM3/ESR other than 0", 0x828, 1},        {"SDM3/TPR bit 8", 0x808, 0x100},
        {"SDM3/TPR bit 32", 0x808, u64{1} << 32},   {"SDM3/SVR bit 10", 0x80f, 0x5ff},
        {"SDM3/SVR bit 13", 0x80f, 0x21ff},         {"SDM3/ICR bit 13", 0x830, 0x2041},
        {"SDM3/ICR bits 17:16", 0x830, 0x10041},    {"SDM3/ICR bit 20", 0x830, 0x100041},
        {"SDM3/LVT timer bit 8", 0x832, 0x10131},   {"SDM3/LVT timer bit 19", 0x832, 0x90031},
        {"SDM3/LVT LINT1 bit 17", 0x836, 0x30400},  {"SDM3/LVT error bit 8", 0x837, 0x101ee},
        {"SDM3/TMICT bit 32", 0x838, u64{1} << 32}, {"SDM3/DCR bit 2", 0x83e, 0xf},
        {"SDM3/self-IPI bit 8", 0x83f, 0x141},      {"SDM3/self-IPI bit 32", 0x83f, u64{1} << 32 | 0x41},
    };
    for (const auto& c : cases) {
        X2Bench b;
        const Lapic before = b.m.core[1].lapic;
        EXPECT_FALSE(b.put(1, c.msr, c.value)) << c.clause << ": #GP";
        EXPECT_EQ(b.m.core[1].lapic, before) << c.clause << ": and nothing changes";
    }
}

TEST(LapicMsr, LogicalIdFollowsFromId)
{
    auto machine = std::make_unique<Bench>(BoardId::pc, 255);
    Signals signals;
    for (unsigned cpu = 0; cpu < 255; ++cpu) {
        const u64 base = machine->m.core[cpu].lapic.base;
        ASSERT_TRUE(wrmsr(machine->m, cpu, msr_apic_base, base | extd, signals));
        u64 id = 0, ldr = 0;
        ASSERT_TRUE(rdmsr(machine->m, cpu, 0x802, id));
        ASSERT_TRUE(rdmsr(machine->m, cpu, 0x80d, ldr));
        EXPECT_EQ(id, cpu);
        EXPECT_EQ(ldr, (u64{cpu} >> 4 << 16) | u64{1} << (cpu & 15)) << "SDM3/logical x2APIC ID";
    }
}

TEST(LapicMsr, SelfIpi)
{
    X2Bench b;
    ASSERT_TRUE(b.put(2, 0x83f, 0x41));
    EXPECT_EQ(b.drain(2), std::vector<int>{0x41}) << "A20: self-IPI exactly once";
    EXPECT_EQ(b.count(SignalKind::ipi_send), 1);
    ASSERT_TRUE(b.put(2, 0x83f, 0x0f)) << "SDM3/self-IPI: an illegal vector is no #GP";
    EXPECT_FALSE(b.pending(2));
    ASSERT_TRUE(b.put(2, 0x828, 0));
    EXPECT_EQ(b.get(2, 0x828), esr::SendIllegalVector::mask) << "SDM3/self-IPI: send illegal vector";
    EXPECT_EQ(b.get(2, 0x830), 0u) << "SDM3/self-IPI: ICR stays";
}

TEST(LapicMsr, OthersAreNotHere)
{
    X2Bench b;
    EXPECT_FALSE(b.readable(0, 0x174));
    EXPECT_FALSE(b.put(0, 0xc0000080, 0));
    EXPECT_FALSE(b.readable(0, 0x900));
    EXPECT_FALSE(b.readable(0, 0x7ff));
}

// --- destinations

TEST(X2apic, Destinations)
{
    struct {
        const char* clause;
        u64 icr;
        std::vector<unsigned> reached;
    } const cases[] = {
        {"A20: physical, 32 bits", u64{17} << 32 | 0xf1, {17}},
        {"A20: a wide ID is not its low byte", u64{0x111} << 32 | 0xf1, {}},
        {"A20: FFh is an ID like others", u64{0xff} << 32 | 0xf1, {}},
        {"SDM3/x2APIC logical: cluster 0", u64{0x0005} << 32 | 0x8f1, {0, 2}},
        {"SDM3/x2APIC logical: cluster 1", u64{0x10003} << 32 | 0x8f1, {16, 17}},
        {"SDM3/x2APIC logical: absent members are ignored", u64{0x1000c} << 32 | 0x8f1, {18}},
        {"SDM3/x2APIC logical: absent cluster", u64{0x2ffff} << 32 | 0x8f1, {}},
        {"apic/self-IPI by shorthand", 0x400f1, {1}},
    };
    for (const auto& c : cases) {
        X2Bench b(~0u, 19);
        ASSERT_TRUE(b.put(1, 0x830, c.icr));
        std::vector<unsigned> reached;
        for (unsigned cpu = 0; cpu < 19; ++cpu)
            if (b.drain(cpu) == std::vector<int>{0xf1})
                reached.push_back(cpu);
        EXPECT_EQ(reached, c.reached) << c.clause;
    }
}

TEST(X2apic, Broadcasts)
{
    for (const u64 icr : {u64{0xffffffff} << 32 | 0xf1, u64{0xffffffff} << 32 | 0x8f1, u64{0x800f1}}) {
        X2Bench b;
        ASSERT_TRUE(b.put(1, 0x830, icr));
        for (unsigned cpu = 0; cpu < 4; ++cpu)
            EXPECT_EQ(b.drain(cpu), std::vector<int>{0xf1}) << "apic/broadcast FFFFFFFFh: every CPU once";
    }
    X2Bench b;
    send_msi(b.m, 0xfeeff000, 0x42, b.signals);
    for (unsigned cpu = 0; cpu < 4; ++cpu)
        EXPECT_EQ(b.take(cpu), 0x42) << "FFh of an 8-bit sender is everyone";
}

TEST(X2apic, MixedSystem)
{
    struct {
        const char* clause;
        bool from_x2apic;
        u32 mode_bits;
        u32 to;
        unsigned reached; // CPUs 0 and 1 are in xAPIC mode, flat; 2 and 3 in x2APIC mode.
    } const cases[] = {
        {"physical, from xAPIC to x2APIC", false, 0xf1, 3, 0b1000},
        {"physical, from x2APIC to xAPIC", true, 0xf1, 1, 0b0010},
        {"broadcast FFh of xAPIC", false, 0xf1, 0xff, 0b1111},
        {"broadcast FFFFFFFFh of x2APIC", true, 0xf1, 0xffffffff, 0b1111},
        {"each compares logical destinations by its own mode", true, 0x8f1, 0x0000000e, 0b1110},
        {"xAPIC sees no destination wider than 8 bits", true, 0x8f1, 0x00010002, 0},
    };
    for (const auto& c : cases) {
        X2Bench b(0b1100);
        for (unsigned cpu = 0; cpu < 2; ++cpu)
            b.apic_write(cpu, lapic_ldr, 1u << (24 + cpu));
        if (c.from_x2apic) {
            ASSERT_TRUE(b.put(2, 0x830, u64{c.to} << 32 | c.mode_bits));
        } else {
            b.ipi(0, c.mode_bits, c.to);
        }
        unsigned reached = 0;
        for (unsigned cpu = 0; cpu < 4; ++cpu)
            reached |= static_cast<unsigned>(b.take(cpu) == 0xf1) << cpu;
        EXPECT_EQ(reached, c.reached) << "mixed: " << c.clause;
    }
}

TEST(X2apic, IoapicAndWideMsi)
{
    X2Bench b(~0u, 20);
    b.entry(11, destination(18) | 0x51);
    b.line(11, true);
    EXPECT_EQ(b.take(18), 0x51) << "SDM3/x2APIC: physical ID of an I/O APIC entry";
    b.entry(12, destination(0x04) | flag_logical | 0x52);
    b.line(12, true);
    EXPECT_EQ(b.take(2), 0x52) << "SDM3/x2APIC: 8 bits are members of cluster 0";
    send_msi(b.m, 0xfee01000, 0x53, b.signals, 0x100);
    EXPECT_FALSE(b.pending(1)) << "an ID of more than 8 bits is another's";
}

TEST(X2apic, IoapicEoi)
{
    X2Bench b;
    b.entry(11, destination(1) | flag_level | 0x51);
    b.line(11, true);
    ASSERT_EQ(b.take(1), 0x51);
    ASSERT_TRUE(b.put(1, 0x80b, 0));
    EXPECT_EQ(b.take(1), 0x51) << "SDM3/EOI by MSR is broadcast: the line is still high";
}

TEST(X2apic, EverySender255)
{
    auto b = std::make_unique<Bench>(BoardId::pc, 255);
    b->ipi(0, 0x41, 254);
    EXPECT_EQ(b->take(254), 0x41) << "SDM3/xAPIC: IDs to FEh";
    b->eoi(254);
    b->ipi(254, 0x42, 0xff);
    for (unsigned cpu = 0; cpu < 255; ++cpu)
        ASSERT_EQ(b->take(cpu), 0x42) << "apic/physical broadcast, CPU " << cpu;
}

} // namespace
} // namespace irqlab::hw::test

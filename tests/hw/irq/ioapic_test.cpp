// The 82093AA on a machine: registers, edges, levels, EOI, destinations. Rows name the clause they prove.
#include <gtest/gtest.h>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr unsigned pin = 14; // Nothing else drives it.
constexpr u64 vector = 0x41;
constexpr u64 edge_entry = vector;
constexpr u64 level_entry = vector | flag_level;

// --- one pin, one CPU: what a sequence delivers
// -----------------------------------------------------------------
//
// + raise, - lower, t take if something is pending, e EOI, m mask, u unmask, f Linux's EOI for chips without
// an EOI register (the entry is made edge and masked, then restored).

struct Row {
    const char* clause;
    u64 entry;
    const char* script;
    int delivered;
};

const Row rows[] = {
    {"ioapic/edge: once", edge_entry, "+tet-t", 1},
    {"A10: every edge once", edge_entry, "+t-e+t-e+t-et", 3},
    {"A10: a falling line takes no delivered edge back", edge_entry, "+-t", 1},
    {"A1: an edge while masked is lost", edge_entry, "m+ut", 0},
    {"A1: the next edge after it is not", edge_entry, "m+u-+t", 1},
    {"A18: edges merge in IRR", edge_entry, "+-+-+-tet", 1},
    {"A18: one in service and one requested, a third merges", edge_entry, "+t-+-+-etet", 2},
    {"ioapic/level: once when lowered in the handler", level_entry, "+t-et", 1},
    {"ioapic/level: not lowered, again", level_entry, "+tet-et", 2},
    {"ioapic/level: raised again and dropped in the handler is coalesced", level_entry, "+t-+-et", 1},
    {"ioapic/level: raised twice is two", level_entry, "+t-e+t-et", 2},
    {"A4: raised again before EOI is injected again", level_entry, "+t-+et-et", 2},
    {"D8: without EOI remote IRR holds the line", level_entry, "+t-+t", 1},
    {"A2: a level while masked is kept", level_entry, "m+ut-et", 1},
    {"A2: and gone when the line is", level_entry, "m+-ut", 0},
    {"ioapic/level: masked in the handler, EOI, unmasked while high: two", level_entry, "+tmeut-et", 2},
    {"A5: made edge, remote IRR is forgotten", level_entry, "+tfet-et", 2},
    {"A18: a level merges until it is taken", level_entry, "+-+-tet", 1},
    {"82093AA/polarity: active low, idle at high", edge_entry | flag_active_low, "+t-tet", 1},
    {"82093AA/polarity: an active-low level while low", level_entry | flag_active_low, "t+et", 1},
};

int run(const Row& row)
{
    Bench b;
    b.entry(pin, row.entry);
    int delivered = 0;
    for (const char* c = row.script; *c != '\0'; ++c) {
        b.signals.clear();
        switch (*c) {
        case '+': b.line(pin, true); break;
        case '-': b.line(pin, false); break;
        case 't': delivered += b.take(0) == static_cast<int>(vector); break;
        case 'e': b.eoi(0); break;
        case 'm': b.entry(pin, row.entry | flag_masked); break;
        case 'u': b.entry(pin, row.entry); break;
        case 'f':
            b.entry(pin, (row.entry & ~flag_level) | flag_masked);
            b.entry(pin, row.entry);
            break;
        default: ADD_FAILURE() << *c;
        }
    }
    return delivered;
}

TEST(Ioapic, Sequences)
{
    for (const Row& row : rows)
        EXPECT_EQ(run(row), row.delivered) << row.clause;
}

// --- registers
// -----------------------------------------------------------------------------------------------------

TEST(Ioapic, RegistersReadBack)
{
    struct {
        const char* clause;
        u8 index;
        u32 write, want;
    } const cases[] = {
        {"82093AA/IOAPICID: only bits 27:24", 0x00, 0xffffffff, 0x0f000000},
        {"82093AA/IOAPICVER: read-only, 24 entries", 0x01, 0xffffffff, 0x00170020},
        {"82093AA/IOREDTBL: low half without status bits", 0x10, 0xffffffff, 0x0001afff},
        {"ICH9/Redirection Table: high half is the destination and its extension", 0x11, 0xffffffff, 0xffff0000},
        {"82093AA/IOREDTBL: last entry", 0x3e, 0x00010055, 0x00010055},
    };
    for (const auto& c : cases) {
        Bench b;
        b.io_write(c.index, c.write);
        EXPECT_EQ(b.io_read(c.index), c.want) << c.clause;
    }
}

TEST(Ioapic, ArbitrationIdFollowsId)
{
    Bench b;
    b.io_write(0, 0x05000000);
    EXPECT_EQ(b.io_read(2), 0x05000000u) << "82093AA/IOAPICARB";
}

TEST(Ioapic, ResetMasksEverything)
{
    Bench b;
    for (unsigned p = 0; p < ioapic_pins; ++p)
        EXPECT_EQ(b.entry(p), flag_masked) << "82093AA/IOREDTBL default, pin " << p;
}

TEST(Ioapic, BadIndexIsDiagnosed)
{
    Bench b;
    EXPECT_EQ(b.io_read(0x40), 0u);
    EXPECT_TRUE(b.diagnosed(Diagnosis::ioapic_bad_index)) << "style 9";
}

TEST(Ioapic, EoiRegisterExistsFromVersion20)
{
    for (const u8 version : {ioapic_version_82093aa, ioapic_version_eoi}) {
        Bench b;
        b.m.ioapic.version = version;
        b.entry(pin, level_entry);
        b.line(pin, true);
        mmio_write(b.m, 0, ioapic_address + 0x40, vector, b.signals);
        const bool has_register = version >= ioapic_version_eoi;
        EXPECT_EQ(b.count(SignalKind::ioapic_eoi), has_register ? 1 : 0) << "A7, version " << int{version};
        EXPECT_EQ(b.diagnosed(Diagnosis::ioapic_bad_index), !has_register) << "A7";
    }
}

// --- end of interrupt
// ----------------------------------------------------------------------------------------------

TEST(Ioapic, EoiMatchesTheLiveVector)
{
    Bench b;
    b.entry(pin, level_entry);
    b.line(pin, true);
    ASSERT_EQ(b.take(0), 0x41);
    b.line(pin, false);
    b.entry(pin, 0x51 | flag_level);
    b.eoi(0); // For 41h, which no entry has now.
    EXPECT_TRUE(rte::RemoteIrr::test(b.entry(pin))) << "A3, A9: stuck until its present vector ends";
    mmio_write(b.m, 0, ioapic_address + 0x40, 0x51, b.signals);
    EXPECT_FALSE(rte::RemoteIrr::test(b.entry(pin))) << "A9";
}

TEST(Ioapic, ReroutedInServiceStillEnds)
{
    Bench b;
    b.entry(pin, level_entry);
    b.line(pin, true);
    ASSERT_EQ(b.take(0), 0x41);
    b.line(pin, false);
    b.io_write(0x11 + 2 * pin, 0x01000000); // To CPU 1, within the handler.
    b.eoi(0);
    EXPECT_FALSE(rte::RemoteIrr::test(b.entry(pin))) << "A3, ioapic/reconfigure";
    b.line(pin, true);
    EXPECT_EQ(b.take(1), 0x41) << "ioapic/reconfigure: the new CPU has it";
}

TEST(Ioapic, OneEoiEndsAllPinsOfAVector)
{
    Bench b;
    b.entry(pin, level_entry);
    b.entry(15, level_entry);
    b.line(pin, true);
    b.line(15, true);
    ASSERT_EQ(b.take(0), 0x41);
    b.line(pin, false);
    b.signals.clear();
    b.eoi(0);
    EXPECT_EQ(b.count(SignalKind::ioapic_eoi), 2) << "A8";
    EXPECT_EQ(b.take(0), 0x41) << "A8: pin 15 is active still";
}

TEST(Ioapic, TmrFollowsTheLastTriggerMode)
{
    Bench b;
    b.entry(pin, edge_entry);
    b.line(pin, true);
    EXPECT_EQ(b.apic_read(0, 0x1a0) >> 1 & 1, 0u) << "ioapic/TMR: edge";
    b.drain(0);
    b.entry(pin, level_entry);
    EXPECT_EQ(b.apic_read(0, 0x1a0) >> 1 & 1, 1u) << "ioapic/TMR: level";
}

TEST(Ioapic, HigherVectorOfTwoEdgesFirst)
{
    Bench b;
    b.entry(pin, 0x76);
    b.entry(15, 0x66);
    b.line(15, true);
    b.line(pin, true);
    EXPECT_EQ(b.drain(0), (std::vector<int>{0x76, 0x66})) << "ioapic/simultaneous";
}

// --- destinations and modes
// ----------------------------------------------------------------------------------------

TEST(Ioapic, Destinations)
{
    struct {
        const char* clause;
        u64 entry;
        u32 dfr;
        std::array<u32, 4> ldr;
        unsigned reached; // Bit n: CPU n.
    } const cases[] = {
        {"ioapic/physical", destination(2), 0xffffffff, {}, 0b0100},
        {"ioapic/physical broadcast", destination(0xff), 0xffffffff, {}, 0b1111},
        {"D9: physical, nobody there", destination(9), 0xffffffff, {}, 0},
        {"ioapic/logical flat, three of four",
         destination(0xd) | flag_logical,
         0xffffffff,
         {1, 2, 4, 8},
         0b1101},
        {"apic/cluster, two of one",
         destination(0x13) | flag_logical,
         0x0fffffff,
         {0x11, 0x12, 0x21, 0x22},
         0b0011},
        {"apic/cluster, other cluster",
         destination(0x22) | flag_logical,
         0x0fffffff,
         {0x11, 0x12, 0x21, 0x22},
         0b1000},
        {"SDM3/lowest priority: one only",
         destination(0xf) | flag_logical | mode(Delivery::lowest),
         0xffffffff,
         {1, 2, 4, 8},
         0b0001},
    };
    for (const auto& c : cases) {
        Bench b;
        for (unsigned cpu = 0; cpu < 4; ++cpu) {
            b.apic_write(cpu, lapic_dfr, c.dfr);
            b.apic_write(cpu, lapic_ldr, c.ldr[cpu] << 24);
        }
        b.entry(pin, c.entry | vector);
        b.line(pin, true);
        for (unsigned cpu = 0; cpu < 4; ++cpu)
            EXPECT_EQ(b.take(cpu), (c.reached >> cpu & 1) != 0 ? 0x41 : -1) << c.clause << ", CPU " << cpu;
    }
}

TEST(Ioapic, LowestPriorityAvoidsTheBusyCpu)
{
    Bench b;
    for (unsigned cpu = 0; cpu < 4; ++cpu)
        b.apic_write(cpu, lapic_tpr, cpu == 2 ? 0x20 : 0x80);
    b.entry(pin, 0x91 | mode(Delivery::lowest) | destination(0xff));
    b.line(pin, true);
    EXPECT_EQ(b.take(2), 0x91) << "SDM3/lowest priority: the lowest PPR";
    EXPECT_FALSE(b.pending(0) || b.pending(1) || b.pending(3));
}

TEST(Ioapic, OtherModes)
{
    Bench b;
    b.entry(pin, mode(Delivery::nmi) | destination(1));
    b.line(pin, true);
    EXPECT_TRUE(nmi_pending(b.m, 1)) << "D9: NMI";
    b.entry(15, mode(Delivery::smi) | destination(2));
    b.line(15, true);
    EXPECT_TRUE(b.m.core[2].cpu.smi_pending) << "82093AA/SMI";
    b.entry(7, mode(Delivery::init) | destination(3));
    b.line(7, true);
    EXPECT_EQ(b.m.core[3].cpu.state, CpuState::wait_for_sipi) << "D9: INIT";
    b.entry(6, mode(Delivery::reserved) | vector);
    b.line(6, true);
    EXPECT_TRUE(b.diagnosed(Diagnosis::ioapic_reserved_mode)) << "82093AA/reserved delivery mode";
    EXPECT_FALSE(b.pending(0));
}

TEST(Ioapic, LevelThatNobodyTakesWaits)
{
    Bench b;
    b.apic_write(1, lapic_svr, 0xff);
    b.entry(pin, level_entry | destination(1));
    b.line(pin, true);
    EXPECT_EQ(b.entry(pin) & rte::read_only, rte::Pending::mask) << "82093AA/delivery status";
    b.apic_write(1, lapic_svr, 0x1ff);
    EXPECT_EQ(b.take(1), 0x41) << "82093AA/delivery status: accepted once the APIC is enabled";
    EXPECT_EQ(b.entry(pin) & rte::read_only, rte::RemoteIrr::mask);
}

TEST(Ioapic, LostEdgeIsDiagnosed)
{
    Bench b;
    b.entry(pin, edge_entry | flag_masked);
    b.pulse(pin);
    EXPECT_TRUE(b.diagnosed(Diagnosis::edge_lost_while_masked)) << "A1, style 9";
}

TEST(Ioapic, ReservedVectorSetsEsr)
{
    Bench b;
    b.entry(pin, 0x05);
    b.line(pin, true);
    EXPECT_TRUE(b.diagnosed(Diagnosis::ioapic_reserved_vector)) << "82093AA/vector 10h to FEh";
    b.apic_write(0, lapic_esr, 0);
    EXPECT_EQ(b.apic_read(0, lapic_esr), esr::ReceiveIllegalVector::mask)
        << "SDM3/ESR: received illegal vector";
    EXPECT_FALSE(b.pending(0));
}

} // namespace
} // namespace irqlab::hw::test

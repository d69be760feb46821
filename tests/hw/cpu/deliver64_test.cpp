// Delivery in IA-32e mode: gates, frames, stacks, and what is entered when delivery itself faults.
#include <gtest/gtest.h>

#include "tests/hw/cpu/rig.hpp"

namespace irqlab::hw::test {
namespace {

using enum Delivered::Outcome;

TEST(Deliver64, GatesReadBack)
{
    const Gate gates[] = {
        {0xffffffff81234567, 0x10, 0, Gate::Type::interrupt, 0, true},
        {0x0123456789abcdef, 0xffff, 7, Gate::Type::trap, 3, true},
        {0, 0, 0, Gate::Type::interrupt, 0, false},
    };
    for (const Gate& g : gates) {
        std::array<u8, gate_bytes> bytes{};
        write_gate(bytes, g);
        EXPECT_EQ(read_gate(bytes), g) << "SDM3/64-bit gate";
    }
    const std::array<u8, gate_bytes> written{0x67, 0x45, 0x10, 0x00, 0x00, 0x8e,
                                             0x23, 0x81, 0xff, 0xff, 0xff, 0xff};
    EXPECT_EQ(read_gate(written), gates[0]) << "SDM3/64-bit gate: byte by byte";
}

TEST(Deliver64, FrameFromUser)
{
    Rig r;
    r.to_user();
    const u64 flags = r.cpu.rflags |= rflags::Tf::mask;
    const Delivered d = r.send(0x41, Event::external);
    EXPECT_EQ(d.outcome, entered);
    EXPECT_EQ(d.offset, target(0x41));
    const Frame want{0x1000, user64, flags, 0x2008, user_data, 0, 0x41, false, true, 8};
    EXPECT_EQ(d.frame, want) << "SDM3/64-bit stack frame";
    EXPECT_EQ(d.sp, 0xffffc90000000000 - 40) << "SDM3/64-bit TSS: RSP0";
    EXPECT_FALSE(interrupts_on(r.cpu) || rflags::Tf::test(r.cpu.rflags))
        << "SDM3/interrupt gate: IF, TF cleared";
    EXPECT_EQ(r.cpu.cs, code64);
    EXPECT_EQ(r.cpu.ss, 0) << "SDM3/IA-32e stack switch: null SS";
    iret(r.cpu, d.frame);
    EXPECT_EQ(r.cpu.rflags, flags) << "SDM2/IRET";
    EXPECT_EQ(r.cpu.cs, user64);
    EXPECT_EQ(r.cpu.ss, user_data);
}

TEST(Deliver64, FrameInTheKernelIsAligned)
{
    Rig r;
    const u16 ss = r.cpu.ss;
    const Delivered plain = r.send(0x41, Event::external);
    EXPECT_EQ(plain.sp, 0x2000u - 40) << "SDM3/64-bit stack frame: RSP is aligned to 16 first";
    EXPECT_EQ(plain.frame.sp, 0x2008u);
    EXPECT_EQ(r.cpu.ss, ss) << "SDM3/IA-32e: SS stays";
    const Delivered fault = r.send(exc_gp, Event::exception, 0x18);
    EXPECT_EQ(fault.sp, 0x2000u - 48) << "SDM3/error code";
    std::array<u8, frame_bytes_max> bytes{};
    EXPECT_EQ(write_frame(bytes, fault.frame), 48u);
    u64 word[6];
    std::memcpy(word, bytes.data(), sizeof word);
    EXPECT_EQ(word[0], 0x18u) << "SDM3/64-bit stack frame: the error code is lowest";
    EXPECT_EQ(word[1], 0x1000u);
    EXPECT_EQ(word[2], code64);
    EXPECT_EQ(word[3], fault.frame.flags);
    EXPECT_EQ(word[4], 0x2008u);
    EXPECT_EQ(word[5], ss);
}

TEST(Deliver64, Ist)
{
    Rig r;
    for (u8 ist = 1; ist < 8; ++ist) {
        Gate g = r.usual(0x50);
        g.ist = ist;
        r.gate(0x50, g);
        const Delivered d = r.send(0x50, Event::external);
        EXPECT_EQ(d.sp, 0xfffffe0000010000 + 0x1000 * u64{ist} - 40) << "SDM3/interrupt stack table";
        EXPECT_EQ(d.ist, ist);
        EXPECT_EQ(r.cpu.ss, 0x18) << "SDM3/IST: SS becomes null at a change of privilege only";
    }
}

TEST(Deliver64, TrapGateKeepsIf)
{
    Rig r;
    r.gate(0x80, {target(0x80), code64, 2, Gate::Type::trap, 3, true});
    r.to_user();
    const Delivered d = r.send(0x80, Event::software_int);
    EXPECT_TRUE(interrupts_on(r.cpu)) << "SDM3/trap gate";
    EXPECT_EQ(d.ist, 2);
}

TEST(Deliver64, ConformingCodeKeepsTheLevel)
{
    Rig r;
    r.to_user();
    r.gate(0x80, {target(0x80), conforming64, 0, Gate::Type::interrupt, 3, true});
    const Delivered d = r.send(0x80, Event::software_int);
    EXPECT_EQ(d.outcome, entered);
    EXPECT_EQ(r.cpu.cs, conforming64 | 3) << "SDM3/conforming: CPL stays";
    EXPECT_EQ(d.sp, 0x2000u - 40) << "SDM3/conforming: no other stack";
}

TEST(Deliver64, FlatCpuNeedsNoTables)
{
    Rig r;
    r.cpu.gdtr = {};
    r.cpu.tr = {};
    r.gate(0x50, {target(0x50), code64, 3, Gate::Type::interrupt, 0, true});
    EXPECT_EQ(r.send(0x41, Event::external).outcome, entered);
    r.to_user();
    const Delivered d = r.send(0x50, Event::external);
    EXPECT_EQ(d.outcome, entered);
    EXPECT_EQ(d.ist, 3);
    EXPECT_EQ(r.cpu.cs, code64);
}

/// What is really entered, and with which error code, when something about vector 80h is not as it should.
struct FaultRow {
    const char* clause;
    void (*set)(Rig&);
    Event event;
    u8 entered;
    u32 error_code;
    u64 sp = 0x2008;
};

void gate80(Rig& r, void (*change)(Gate&))
{
    Gate g = r.usual(0x80);
    g.dpl = 3;
    change(g);
    r.gate(0x80, g);
}

const FaultRow fault_rows[] = {
    {"SDM3/limit: INT n beyond it is #GP(n)", [](Rig& r) { r.cpu.idtr.limit = 0x7ff; }, Event::software_int,
     exc_gp, 0x402},
    {"SDM3/limit: external has EXT", [](Rig& r) { r.cpu.idtr.limit = 0x7ff; }, Event::external, exc_gp,
     0x403},
    {"SDM3/limit: all 16 bytes count", [](Rig& r) { r.cpu.idtr.limit = 0x80e; }, Event::external, exc_gp,
     0x403},
    {"SDM3/limit: INT1 has EXT", [](Rig& r) { r.cpu.idtr.limit = 0x7ff; }, Event::icebp, exc_gp, 0x403},
    {"SDM3/not present: #NP", [](Rig& r) { gate80(r, [](Gate& g) { g.present = false; }); }, Event::external,
     exc_np, 0x403},
    {"SDM3/type: a call gate is #GP",
     [](Rig& r) { gate80(r, [](Gate& g) { g.type = static_cast<Gate::Type>(12); }); }, Event::software_int,
     exc_gp, 0x402},
    {"SDM3/type: a 16-bit gate is none in IA-32e mode",
     [](Rig& r) { gate80(r, [](Gate& g) { g.type = Gate::Type::interrupt16; }); }, Event::external, exc_gp,
     0x403},
    {"SDM3/type: a task gate is none in IA-32e mode",
     [](Rig& r) { gate80(r, [](Gate& g) { g.type = Gate::Type::task; }); }, Event::external, exc_gp, 0x403},
    {"SDM3/DPL: INT n from user is #GP",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.dpl = 2; });
         r.to_user();
     },
     Event::software_int, exc_gp, 0x402},
    {"SDM3/DPL: INT3 checks too",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.dpl = 0; });
         r.to_user();
     },
     Event::software_exception, exc_gp, 0x402},
    {"SDM3/DPL: not INT1",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.dpl = 0; });
         r.to_user();
     },
     Event::icebp, 0x80, 0},
    {"SDM3/DPL: ignored for interrupts",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.dpl = 0; });
         r.to_user();
     },
     Event::external, 0x80, 0},
    {"SDM3/DPL: not from the kernel", [](Rig& r) { gate80(r, [](Gate& g) { g.dpl = 0; }); },
     Event::software_int, 0x80, 0},
    {"SDM3/DPL: checked before P",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.dpl = 0, g.present = false; });
         r.to_user();
     },
     Event::software_int, exc_gp, 0x402},
    {"SDM2/INT n: a null CS is #GP(EXT)", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = 3; }); },
     Event::external, exc_gp, 1},
    {"SDM2/INT n: a null CS is #GP(0)", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = 0; }); },
     Event::software_int, exc_gp, 0},
    {"SDM2/INT n: CS beyond the GDT", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = 0x100; }); },
     Event::external, exc_gp, 0x101},
    {"SDM2/INT n: CS in an LDT that is not there",
     [](Rig& r) { gate80(r, [](Gate& g) { g.selector = 0x14; }); }, Event::external, exc_gp, 0x15},
    {"SDM2/INT n: CS is data", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = data0; }); },
     Event::external, exc_gp, 0x19},
    {"SDM2/INT n: CS is a system segment", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = task; }); },
     Event::software_int, exc_gp, 0x40},
    {"SDM2/INT n: CS is 32-bit code", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = code32; }); },
     Event::external, exc_gp, 9},
    {"SDM2/INT n: CS of an outer level", [](Rig& r) { gate80(r, [](Gate& g) { g.selector = user64; }); },
     Event::software_int, exc_gp, 0x30},
    {"SDM2/INT n: CS is not present: #NP(CS)",
     [](Rig& r) {
         Descriptor gone = code(0, true);
         gone.present = false;
         r.put(absent_code, gone);
         gate80(r, [](Gate& g) { g.selector = absent_code; });
     },
     Event::external, exc_np, 0x61},
    {"SDM2/INT n: target not canonical",
     [](Rig& r) { gate80(r, [](Gate& g) { g.offset = 0x800000000000; }); }, Event::software_int, exc_gp, 0},
    {"SDM2/INT n: target not canonical, EXT",
     [](Rig& r) { gate80(r, [](Gate& g) { g.offset = 0xffff7fffffffffff; }); }, Event::external, exc_gp, 1},
    {"SDM2/INT n: IST beyond the TSS: #TS(TSS)",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.ist = 7; });
         r.cpu.tr.limit = 28 + 56 + 6;
     },
     Event::external, exc_ts, 0x41},
    {"SDM2/INT n: IST that just fits",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.ist = 7; });
         r.cpu.tr.limit = 28 + 56 + 7;
     },
     Event::external, 0x80, 0},
    {"SDM2/INT n: IST not canonical: #SS(EXT)",
     [](Rig& r) {
         gate80(r, [](Gate& g) { g.ist = 1; });
         r.tss[36 + 7] = 0x12;
     },
     Event::external, exc_ss, 1},
};

void PrintTo(const FaultRow& row, std::ostream* out) { *out << row.clause; }

class Fault64 : public testing::TestWithParam<FaultRow> {};

TEST_P(Fault64, IsEnteredInstead)
{
    const FaultRow& row = GetParam();
    Rig r;
    row.set(r);
    const Delivered d = r.send(0x80, row.event, 0, row.sp);
    EXPECT_EQ(d.outcome, entered) << row.clause;
    EXPECT_EQ(d.vector, row.entered) << row.clause;
    EXPECT_EQ(d.frame.error_code, row.error_code) << row.clause;
    EXPECT_EQ(d.frame.has_error_code, row.entered != 0x80) << row.clause;
    const u64 length = row.event == Event::software_int ? 2 : row.event == Event::external ? 0 : 1;
    EXPECT_EQ(d.frame.ip, row.entered == 0x80 ? 0x1000u : 0x1000u - length)
        << row.clause << ": INT n restarts";
}

INSTANTIATE_TEST_SUITE_P(Sdm, Fault64, testing::ValuesIn(fault_rows));

TEST(Deliver64, RspNotCanonicalIsSs)
{
    Rig r;
    Gate g = r.usual(exc_ss);
    g.ist = 1;
    r.gate(exc_ss, g);
    const Delivered d = r.send(0x41, Event::external, 0, 0x1234000000000000);
    EXPECT_EQ(d.vector, exc_ss) << "SDM2/INT n: the current RSP";
    EXPECT_EQ(d.frame.error_code, 1u);
    r = Rig();
    EXPECT_EQ(r.send(0x41, Event::external, 0, 0x1234000000000000).outcome, triple_fault)
        << "SDM3/no stack for #DF";
    r = Rig();
    EXPECT_EQ(r.send(0x41, Event::external, 0, 0).outcome, entered) << "SDM3/canonical: RSP 0 wraps";
}

TEST(Deliver64, LdtSelectors)
{
    Rig r;
    std::array<u8, 8> ldt{};
    const u64 bits = encode_descriptor(code(0, true));
    std::memcpy(ldt.data(), &bits, 8);
    std::memcpy(r.gdt.data() + 0xf8, ldt.data(), 8); // the LDT lies behind the GDT's last entry in use
    r.cpu.ldtr = {gdt_at + 0xf8, 7, 0xb0, ldt_segment};
    r.gate(0x80, {target(0x80), 4, 0, Gate::Type::interrupt, 3, true});
    EXPECT_EQ(r.send(0x80, Event::external).outcome, entered) << "SDM3/error code: TI";
    EXPECT_EQ(r.cpu.cs, 4);
    r.cpu.ldtr.limit = 6;
    const Delivered d = r.send(0x80, Event::external);
    EXPECT_EQ(d.frame.error_code, 5u) << "SDM3/error code: TI and EXT";
}

TEST(Deliver64, TablesOutsideOfMemory)
{
    Rig r;
    r.cpu.idtr.base = idt_at - 0x10 * 0x41; // Vector 41h is the first inside, #PF and #DF are not.
    EXPECT_EQ(r.send(0x41, Event::external).vector, 0x41);
    EXPECT_EQ(r.send(0x40, Event::external).outcome, triple_fault) << "SDM3/IDT not mapped";
    EXPECT_NE(r.cpu.cr2, 0u) << "SDM3/CR2";
    r = Rig();
    r.cpu.tr.base = 0x1000;
    r.to_user();
    EXPECT_EQ(r.send(0x41, Event::external).outcome, triple_fault) << "SDM3/TSS not mapped: no stack for #PF";
    EXPECT_EQ(r.cpu.cr2, 0x1004u) << "SDM3/CR2: RSP0";
}

TEST(Deliver64, ResumeFlag)
{
    struct {
        const char* clause;
        u8 vector;
        Event event;
        bool rf;
    } const cases[] = {
        {"SDM3/RF: a fault pushes it", 14, Event::exception, true},
        {"SDM3/RF: #UD too", 6, Event::exception, true},
        {"SDM3/RF: not an interrupt", 0x41, Event::external, false},
        {"SDM3/RF: not #BP", 3, Event::software_exception, false},
        {"SDM3/RF: not #DB", 1, Event::exception, false},
        {"SDM3/RF: not an abort", 8, Event::exception, false},
    };
    for (const auto& c : cases) {
        Rig r;
        EXPECT_EQ(rflags::Rf::test(r.send(c.vector, c.event).frame.flags), c.rf) << c.clause;
        EXPECT_FALSE(rflags::Rf::test(r.cpu.rflags)) << c.clause;
    }
}

TEST(Deliver64, ErrorCodesAreThoseOfTheTable)
{
    for (unsigned v = 0; v < 256; ++v) {
        Rig r;
        const Delivered d = r.send(static_cast<u8>(v), Event::exception, 0x77);
        const bool has = v == 8 || (v >= 10 && v <= 14) || v == 17 || v == 21;
        EXPECT_EQ(d.frame.has_error_code, has) << "SDM3/exceptions and interrupts: vector " << v;
        EXPECT_EQ(d.frame.error_code, has ? 0x77u : 0u) << v;
        EXPECT_FALSE(r.send(static_cast<u8>(v), Event::external).frame.has_error_code)
            << "SDM3/error code: INTR";
    }
}

} // namespace
} // namespace irqlab::hw::test

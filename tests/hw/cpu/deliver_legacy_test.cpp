// Delivery in protected mode (32-bit and 16-bit gates, inner stacks, task gates) and in real mode.
#include <gtest/gtest.h>

#include "tests/hw/cpu/rig.hpp"

namespace irqlab::hw::test {
namespace {

using enum Delivered::Outcome;

struct Row {
    const char* clause;
    void (*set)(Rig&);
    Event event;
    u8 entered;
    u32 error_code;
    u64 sp = 0x2000;
};

Gate gate_for(u16 selector, Gate::Type type = Gate::Type::interrupt, u64 offset = 0x5000)
{
    return {offset, selector, 0, type, 3, true};
}
template <u16 selector> void names(Rig& r) { r.gate(0x80, gate_for(selector)); }
void ring0_stack(Rig& r, u16 ss, u32 esp)
{
    r.to_user();
    r.gate(0x80, gate_for(code32));
    std::memcpy(r.tss.data() + 4, &esp, 4);
    std::memcpy(r.tss.data() + 8, &ss, 2);
}
/// The fault's own handler has a stack that is good: the conforming one stays at the user's.
void forgiving(Rig& r)
{
    for (const unsigned v : {exc_ts, exc_ss, exc_gp, exc_np})
        r.gate(v, {low_target(v), conforming32, 0, Gate::Type::interrupt, 0, true});
}

const Row rows[] = {
    {"SDM2/INT n: 8 bytes of the gate count", [](Rig& r) { r.cpu.idtr.limit = 0x406; }, Event::external,
     exc_gp, 0x403},
    {"SDM2/INT n: a call gate", [](Rig& r) { r.gate(0x80, gate_for(code32, static_cast<Gate::Type>(12))); },
     Event::software_int, exc_gp, 0x402},
    {"SDM2/INT n: DPL",
     [](Rig& r) {
         r.gate(0x80, r.usual(0x80));
         r.to_user();
     },
     Event::software_int, exc_gp, 0x402},
    {"SDM2/INT n: P", [](Rig& r) { r.absent(0x80); }, Event::external, exc_np, 0x403},
    {"SDM2/INT n: null CS", names<0>, Event::external, exc_gp, 1},
    {"SDM2/INT n: CS beyond the GDT", names<0x100>, Event::software_int, exc_gp, 0x100},
    {"SDM2/INT n: CS is data", names<data0>, Event::software_int, exc_gp, 0x18},
    {"SDM2/INT n: CS of an outer level", names<user32>, Event::external, exc_gp, 0x21},
    {"SDM2/INT n: CS not present", names<absent_code>, Event::external, exc_np, 0x61},
    {"SDM2/INT n: target beyond CS's limit", names<small_code>, Event::external, exc_gp, 1},
    {"SDM2/INT n: target at CS's limit",
     [](Rig& r) { r.gate(0x80, gate_for(small_code, Gate::Type::interrupt, 0xfff)); }, Event::external, 0x80,
     0},
    {"SDM2/INT n: SS0 null: #TS(EXT)",
     [](Rig& r) {
         ring0_stack(r, 0, 0x9000);
         forgiving(r);
     },
     Event::external, exc_ts, 1},
    {"SDM2/INT n: SS0 beyond the GDT: #TS(SS)",
     [](Rig& r) {
         ring0_stack(r, 0x100, 0x9000);
         forgiving(r);
     },
     Event::external, exc_ts, 0x101},
    {"SDM2/INT n: SS0's RPL",
     [](Rig& r) {
         ring0_stack(r, data0 | 1, 0x9000);
         forgiving(r);
     },
     Event::software_int, exc_ts, 0x18},
    {"SDM2/INT n: SS0's DPL",
     [](Rig& r) {
         ring0_stack(r, user_data & 0xfffc, 0x9000);
         forgiving(r);
     },
     Event::software_int, exc_ts, 0x28},
    {"SDM2/INT n: SS0 is code",
     [](Rig& r) {
         ring0_stack(r, code32, 0x9000);
         forgiving(r);
     },
     Event::software_int, exc_ts, 8},
    {"SDM2/INT n: SS0 not present: #SS(SS)",
     [](Rig& r) {
         ring0_stack(r, absent_data, 0x9000);
         forgiving(r);
     },
     Event::external, exc_ss, 0x69},
    {"SDM2/INT n: TSS too short: #TS(TSS)",
     [](Rig& r) {
         ring0_stack(r, data0, 0x9000);
         forgiving(r);
         r.cpu.tr.limit = 8;
     },
     Event::external, exc_ts, 0x41},
    {"SDM2/INT n: TSS just long enough",
     [](Rig& r) {
         ring0_stack(r, data0, 0x9000);
         r.cpu.tr.limit = 9;
     },
     Event::external, 0x80, 0},
    {"SDM2/INT n: no room on the new stack: #SS(SS)",
     [](Rig& r) {
         ring0_stack(r, down_stack, 0x1013); // 20 bytes down to FFFh, which is not in it
         forgiving(r);
     },
     Event::external, exc_ss, 0x91},
    {"SDM2/INT n: room to the byte on the new stack", [](Rig& r) { ring0_stack(r, down_stack, 0x1014); },
     Event::external, 0x80, 0},
    {"SDM2/INT n: ESP beyond the new stack: #SS(SS)",
     [](Rig& r) {
         ring0_stack(r, small_stack, 0x1004);
         forgiving(r);
     },
     Event::external, exc_ss, 0x89},
    {"SDM2/INT n: a 16-bit TSS",
     [](Rig& r) {
         ring0_stack(r, 0, 0);
         r.cpu.tr.type = tss16_busy;
         const u16 words[] = {0x9000, data0};
         std::memcpy(r.tss.data() + 2, words, 4);
     },
     Event::external, 0x80, 0},
    {"SDM3/conforming", names<conforming32>, Event::external, 0x80, 0},
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Protected : public testing::TestWithParam<Row> {};

TEST_P(Protected, EntersWhatItShould)
{
    const Row& row = GetParam();
    Rig r(CpuMode::protected_mode);
    row.set(r);
    const Delivered d = r.send(0x80, row.event, 0, row.sp);
    EXPECT_EQ(d.outcome, entered) << row.clause;
    EXPECT_EQ(d.vector, row.entered) << row.clause;
    EXPECT_EQ(d.frame.error_code, row.error_code) << row.clause;
}

INSTANTIATE_TEST_SUITE_P(Sdm, Protected, testing::ValuesIn(rows));

/// Gate type, from user or kernel, with or without error code: what is pushed.
TEST(ProtectedMode, Frames)
{
    for (const bool narrow : {false, true})
        for (const bool user : {false, true})
            for (const bool error : {false, true}) {
                Rig r(CpuMode::protected_mode);
                const u8 vector = error ? u8{exc_gp} : u8{0x80};
                const Gate::Type type = narrow ? Gate::Type::trap16 : Gate::Type::trap;
                r.gate(vector, {0x12345678, code32, 0, type, 3, true});
                if (user)
                    r.to_user();
                const u16 cs = r.cpu.cs, ss = r.cpu.ss;
                r.cpu.rflags |= rflags::Ac::mask;
                const Delivered d =
                    r.send(vector, error ? Event::exception : Event::external, 0x7f, 0x12342000);
                const unsigned width = narrow ? 2 : 4;
                const unsigned words = 3u + (error ? 1 : 0) + (user ? 2 : 0);
                EXPECT_EQ(d.outcome, entered);
                EXPECT_EQ(d.frame.width, width) << "SDM2/INT n: the gate's size";
                EXPECT_EQ(d.frame.has_stack, user) << "SDM3/stack usage: SS:ESP at a change of privilege";
                EXPECT_EQ(frame_bytes(d.frame), words * width);
                EXPECT_EQ(d.sp, (user ? 0x9000u : 0x12342000u) - words * width);
                EXPECT_EQ(d.offset, narrow ? 0x5678u : 0x12345678u) << "SDM3/16-bit gate: 16 bits of offset";
                EXPECT_EQ(d.frame.cs, cs);
                EXPECT_EQ(d.frame.ss, ss);
                EXPECT_EQ(d.frame.sp, narrow ? 0x2000u : 0x12342000u);
                EXPECT_TRUE(interrupts_on(r.cpu)) << "SDM3/trap gate";
                EXPECT_EQ(r.cpu.ss, user ? u16{data0} : ss);
                std::array<u8, frame_bytes_max> bytes{};
                EXPECT_EQ(write_frame(bytes, d.frame), words * width);
                u32 first = 0;
                std::memcpy(&first, bytes.data(), width);
                EXPECT_EQ(first, error ? 0x7fu : 0x1000u) << "SDM3/error code: on top";
            }
}

TEST(ProtectedMode, SixteenBitStacksWrap)
{
    Rig r(CpuMode::protected_mode);
    r.put(data0, data(0, 0xffff, false));
    const Delivered d = r.send(0x41, Event::external, 0, 0x50004);
    EXPECT_EQ(d.outcome, entered);
    EXPECT_EQ(d.sp, 0x5fff8u) << "SDM1/stack: SP alone moves when B is 0";
    EXPECT_EQ(r.send(0x41, Event::external, 0, 0x50002).outcome, triple_fault)
        << "SDM2/PUSH: a word across the end of the segment: no room for any frame";
}

TEST(ProtectedMode, TaskGates)
{
    struct {
        const char* clause;
        u16 selector;
        bool present;
        Delivered::Outcome outcome;
        u8 vector;
        u32 error_code;
    } const cases[] = {
        {"SDM2/INT n: TASK-GATE", task, true, task_gate, 0x80, 0},
        {"SDM2/INT n: not present", task, false, entered, exc_np, 0x403},
        {"SDM2/INT n: a local selector", task | 4, true, entered, exc_gp, 0x45},
        {"SDM2/INT n: beyond the GDT", 0x100, true, entered, exc_gp, 0x101},
        {"SDM2/INT n: busy", busy_task, true, entered, exc_gp, 0x99},
        {"SDM2/INT n: no TSS", data0, true, entered, exc_gp, 0x19},
        {"SDM2/INT n: TSS not present", absent_task, true, entered, exc_np, 0xa1},
    };
    for (const auto& c : cases) {
        Rig r(CpuMode::protected_mode);
        r.gate(0x80, {0, c.selector, 0, Gate::Type::task, 3, c.present});
        const u16 cs = r.cpu.cs;
        const Delivered d = r.send(0x80, Event::external);
        EXPECT_EQ(d.outcome, c.outcome) << c.clause;
        EXPECT_EQ(d.vector, c.vector) << c.clause;
        EXPECT_EQ(d.frame.error_code, c.error_code) << c.clause;
        const bool told = d.diagnosis == Diagnosis::cpu_task_switch;
        EXPECT_EQ(told, c.outcome == task_gate) << c.clause << ": not modelled, and said";
        if (told) {
            EXPECT_EQ(r.cpu.cs, cs) << c.clause;
        }
    }
}

TEST(RealMode, Frame)
{
    Rig r(CpuMode::real);
    r.cpu.rflags |= rflags::Ac::mask | rflags::Tf::mask | rflags::Nt::mask;
    const Delivered d = r.send(0x21, Event::software_int, 0, 0x100);
    EXPECT_EQ(d.outcome, entered);
    EXPECT_EQ(d.offset, 0x84u) << "SDM3/real mode: offset first";
    EXPECT_EQ(r.cpu.cs, 0xf021) << "SDM3/real mode: then the segment";
    EXPECT_EQ(d.sp, 0xfau);
    EXPECT_EQ(d.frame.flags, 0x4302u) << "SDM2/INT n: FLAGS, 16 bits";
    EXPECT_EQ(frame_bytes(d.frame), 6u);
    EXPECT_EQ(r.cpu.rflags & (rflags::If::mask | rflags::Tf::mask | rflags::Ac::mask), 0u)
        << "SDM2/INT n: IF, TF, AC cleared";
    EXPECT_TRUE(rflags::Nt::test(r.cpu.rflags));
}

TEST(RealMode, NoErrorCodes)
{
    for (const u8 v : {exc_df, exc_ts, exc_np, exc_ss, exc_gp, exc_pf, exc_ac}) {
        Rig r(CpuMode::real);
        EXPECT_FALSE(r.send(v, Event::exception, 5).frame.has_error_code)
            << "SDM2/INT n: real mode pushes none";
    }
}

TEST(RealMode, Limits)
{
    Rig r(CpuMode::real);
    r.cpu.idtr.limit = 0x20 * 4 - 1;
    const Delivered d = r.send(0x20, Event::software_int);
    EXPECT_EQ(d.vector, exc_gp) << "SDM2/INT n: beyond the vector table";
    EXPECT_EQ(d.frame.ip, 0x0ffeu);
    r.cpu.idtr.limit = 8 * 4 - 2;
    EXPECT_EQ(r.send(0x20, Event::external).outcome, triple_fault) << "SDM3/real mode: nor #DF";
    r = Rig(CpuMode::real);
    EXPECT_EQ(r.send(0x20, Event::external, 0, 2).outcome, entered) << "SP wraps to FFFEh";
    r = Rig(CpuMode::real);
    EXPECT_EQ(r.send(0x20, Event::external, 0, 3).outcome, triple_fault)
        << "SDM2/PUSH: SP 1, 3 or 5: shutdown";
}

TEST(RealMode, GatesReadBack)
{
    std::array<u8, gate16_bytes> bytes{};
    write_gate16(bytes, {0x1234, 0xf000, 0, Gate::Type::interrupt16, 0, true});
    EXPECT_EQ(bytes, (std::array<u8, 4>{0x34, 0x12, 0x00, 0xf0}));
    EXPECT_EQ(read_gate16(bytes).selector, 0xf000);
    std::array<u8, gate32_bytes> wide{};
    const Gate gate{0x89abcdef, 0x10, 0, Gate::Type::trap, 3, true};
    write_gate32(wide, gate);
    EXPECT_EQ(wide, (std::array<u8, 8>{0xef, 0xcd, 0x10, 0x00, 0x00, 0xef, 0xab, 0x89}))
        << "SDM3/IDT descriptors";
    EXPECT_EQ(read_gate32(wide), gate);
}

} // namespace
} // namespace irqlab::hw::test

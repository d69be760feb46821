// The CPU's side: gates, frames, faults of delivery up to the triple fault, shadows, NMI blocking.
#include <gtest/gtest.h>

#include <array>

#include "hw/cpu/cpu.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 idt_address = 0xfffffe0000000000;
constexpr u64 target(u8 v) { return 0xffffffff81000000 + u64{v} * 16; }
constexpr u16 user_cs = 0x33;

struct Rig {
    Cpu cpu{};
    std::array<u8, 4096> page{};

    Rig()
    {
        reset(cpu, true);
        cpu.idtr = {idt_address, 0xfff};
        cpu.rflags |= rflags::If::mask;
        for (unsigned v = 0; v < 256; ++v)
            gate(static_cast<u8>(v), {target(static_cast<u8>(v)), 0x10, 0, Gate::Type::interrupt, 0, true});
    }
    void gate(u8 v, const Gate& g)
    {
        write_gate(std::span<u8, gate_bytes>(page.data() + v * gate_bytes, gate_bytes), g);
    }
    void absent(u8 v) { gate(v, {target(v), 0x10, 0, Gate::Type::interrupt, 0, false}); }
    Delivered send(u8 v, Event e, u32 error_code = 0)
    {
        return deliver(cpu, page, idt_address, v, e, error_code, 0x1000, 0x2000);
    }
};

TEST(Cpu, GatesReadBack)
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

TEST(Cpu, FramePushed)
{
    Rig r;
    r.cpu.cs = user_cs;
    r.cpu.ss = 0x2b;
    const u64 flags = r.cpu.rflags |= rflags::Tf::mask;
    const Delivered d = r.send(0x41, Event::external);
    EXPECT_EQ(d.outcome, Delivered::Outcome::entered);
    EXPECT_EQ(d.offset, target(0x41));
    const Frame want{0x1000, user_cs, flags, 0x2000, 0x2b, 0, 0x41, false};
    EXPECT_EQ(d.frame, want) << "SDM3/64-bit stack frame";
    EXPECT_EQ(r.cpu.rflags & (rflags::If::mask | rflags::Tf::mask), 0u)
        << "SDM3/interrupt gate: IF, TF cleared";
    EXPECT_EQ(r.cpu.cs, 0x10);
    EXPECT_EQ(r.cpu.ss, 0) << "SDM3/IA-32e stack switch: null SS";
    iret(r.cpu, d.frame);
    EXPECT_EQ(r.cpu.rflags, flags) << "SDM2/IRET";
    EXPECT_EQ(r.cpu.cs, user_cs);
}

TEST(Cpu, TrapGateKeepsIf)
{
    Rig r;
    r.gate(0x80, {target(0x80), 0x10, 2, Gate::Type::trap, 3, true});
    r.cpu.cs = user_cs;
    const Delivered d = r.send(0x80, Event::software_int);
    EXPECT_TRUE(interrupts_on(r.cpu)) << "SDM3/trap gate";
    EXPECT_EQ(d.ist, 2);
}

/// What is really entered when `vector` meets a fault, and with which error code.
struct FaultRow {
    const char* clause;
    u8 vector;
    Event event;
    std::initializer_list<u8> absent;
    u16 limit;
    u8 entered;
    u32 error_code;
    Delivered::Outcome outcome;
};

TEST(Cpu, DeliveryFaults)
{
    using enum Delivered::Outcome;
    const FaultRow rows[] = {
        {"SDM3/limit: INT n beyond it is #GP(n)",
         0x80,
         Event::software_int,
         {},
         0x7ff,
         13,
         0x80 * 8 + 2,
         entered},
        {"SDM3/limit: external has EXT", 0x80, Event::external, {}, 0x7ff, 13, 0x80 * 8 + 3, entered},
        {"SDM3/limit: all 16 bytes count", 0x80, Event::external, {}, 0x80e, 13, 0x80 * 8 + 3, entered},
        {"SDM3/not present: #NP", 0x41, Event::external, {0x41}, 0xfff, 11, 0x41 * 8 + 3, entered},
        {"SDM3/benign then contributory: serially", 1, Event::exception, {1}, 0xfff, 11, 1 * 8 + 3, entered},
        {"SDM3/contributory twice: #DF", 13, Event::exception, {13}, 0xfff, 8, 0, double_fault},
        {"SDM3/#DE then #NP: #DF", 0, Event::exception, {0}, 0xfff, 8, 0, double_fault},
        {"SDM3/#PF then #NP: #DF", 14, Event::exception, {14}, 0xfff, 8, 0, double_fault},
        {"SDM3/#UD then #NP: serially", 6, Event::exception, {6}, 0xfff, 11, 6 * 8 + 3, entered},
        {"SDM3/external, #NP, #NP: #DF", 0x41, Event::external, {0x41, 11}, 0xfff, 8, 0, double_fault},
        {"SDM3/NMI then #NP: serially", 2, Event::nmi, {2}, 0xfff, 11, 2 * 8 + 3, entered},
        {"SDM3/INT 14 is no page fault", 14, Event::software_int, {14}, 0xfff, 11, 14 * 8 + 2, entered},
        {"SDM3/#DF fails: shutdown", 13, Event::exception, {13, 8}, 0xfff, 8, 0, triple_fault},
        {"SDM3/no IDT: shutdown", 0x41, Event::external, {}, 0, 8, 0, triple_fault},
    };
    for (const FaultRow& row : rows) {
        Rig r;
        for (const u8 v : row.absent)
            r.absent(v);
        r.cpu.idtr.limit = row.limit;
        const Delivered d = r.send(row.vector, row.event, 0);
        EXPECT_EQ(d.outcome, row.outcome) << row.clause;
        EXPECT_EQ(d.vector, row.entered) << row.clause;
        EXPECT_EQ(d.frame.error_code, row.error_code) << row.clause;
        EXPECT_EQ(r.cpu.state, row.outcome == triple_fault ? CpuState::shutdown : CpuState::running)
            << row.clause;
    }
}

/// Every exception against a not-present gate: the whole double-fault table. [SDM3] "Conditions for
/// Generating a Double Fault".
TEST(Cpu, DoubleFaultTableExhaustive)
{
    for (unsigned v = 0; v < 32; ++v) {
        Rig r;
        r.absent(static_cast<u8>(v));
        const Delivered d = r.send(static_cast<u8>(v), Event::exception);
        const bool contributory = v == 0 || v == 10 || v == 11 || v == 12 || v == 13 || v == 21;
        const bool page_fault = v == 14 || v == 20;
        const auto want = v == 8                       ? Delivered::Outcome::triple_fault
                          : contributory || page_fault ? Delivered::Outcome::double_fault
                                                       : Delivered::Outcome::entered;
        EXPECT_EQ(d.outcome, want) << "SDM3/double fault: vector " << v;
    }
}

TEST(Cpu, BadGates)
{
    struct {
        const char* clause;
        Gate gate;
        u16 cs;
        u8 entered;
        u32 error_code;
    } const cases[] = {
        {"SDM3/type: a call gate is #GP",
         {1, 0x10, 0, static_cast<Gate::Type>(12), 3, true},
         user_cs,
         13,
         0x402},
        {"SDM3/DPL: INT n from user is #GP",
         {1, 0x10, 0, Gate::Type::interrupt, 0, true},
         user_cs,
         13,
         0x402},
        {"SDM3/DPL: not from the kernel", {1, 0x10, 0, Gate::Type::interrupt, 0, true}, 0x10, 0x80, 0},
        {"SDM3/DPL: checked before P", {1, 0x10, 0, Gate::Type::interrupt, 0, false}, user_cs, 13, 0x402},
        {"SDM3/null selector: #GP(0)", {1, 0, 0, Gate::Type::interrupt, 3, true}, user_cs, 13, 0},
    };
    for (const auto& c : cases) {
        Rig r;
        r.gate(0x80, c.gate);
        r.cpu.cs = c.cs;
        const Delivered d = r.send(0x80, Event::software_int);
        EXPECT_EQ(d.vector, c.entered) << c.clause;
        EXPECT_EQ(d.frame.error_code, c.error_code) << c.clause;
        EXPECT_EQ(d.frame.ip, c.entered == 0x80 ? 0x1000u : 0x0ffeu)
            << c.clause << ": a fault restarts INT n";
    }
}

TEST(Cpu, DplIsNotForHardware)
{
    Rig r;
    r.cpu.cs = user_cs;
    EXPECT_EQ(r.send(0x41, Event::external).vector, 0x41) << "SDM3/DPL: ignored for external interrupts";
    EXPECT_EQ(r.send(14, Event::exception, 4).frame.error_code, 4u) << "SDM3/#PF error code";
}

TEST(Cpu, IdtOutsideOfMemory)
{
    Rig r;
    r.cpu.idtr.base = idt_address - 0x10 * 0x41; // Vector 41h is the first inside, #PF and #DF are not.
    EXPECT_EQ(r.send(0x41, Event::external).vector, 0x41);
    EXPECT_EQ(r.send(0x40, Event::external).outcome, Delivered::Outcome::triple_fault)
        << "SDM3/IDT not mapped";
    EXPECT_NE(r.cpu.cr2, 0u) << "SDM3/CR2";
}

TEST(Cpu, ResumeFlag)
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
        {"SDM3/RF: not #BP", 3, Event::exception, false},
    };
    for (const auto& c : cases) {
        Rig r;
        EXPECT_EQ(rflags::Rf::test(r.send(c.vector, c.event).frame.flags), c.rf) << c.clause;
        EXPECT_FALSE(rflags::Rf::test(r.cpu.rflags)) << c.clause;
    }
}

TEST(Cpu, Shadows)
{
    Rig r;
    cli(r.cpu);
    EXPECT_FALSE(can_take_interrupt(r.cpu));
    sti(r.cpu);
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "U1: not after STI itself";
    EXPECT_FALSE(can_take_nmi(r.cpu)) << "apic/NMI: nor an NMI";
    retire(r.cpu);
    EXPECT_TRUE(can_take_interrupt(r.cpu)) << "U1: one instruction only";
    sti(r.cpu);
    EXPECT_TRUE(can_take_interrupt(r.cpu)) << "U1: IF was set already";
    cli(r.cpu);
    sti(r.cpu);
    cli(r.cpu);
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "SDM2/STI: CLI next, nothing gets in";
}

TEST(Cpu, MovSs)
{
    Rig r;
    r.cpu.rflags |= rflags::Tf::mask;
    mov_ss(r.cpu);
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "U2";
    EXPECT_FALSE(can_take_nmi(r.cpu)) << "U2";
    EXPECT_FALSE(step_trap_due(r.cpu)) << "U2: #DB waits";
    mov_ss(r.cpu);
    EXPECT_TRUE(can_take_interrupt(r.cpu)) << "SDM2/MOV: of two in a row only the first shadows";
    EXPECT_TRUE(step_trap_due(r.cpu));
}

TEST(Cpu, StiHlt)
{
    Rig r;
    cli(r.cpu);
    r.cpu.rflags |= rflags::Tf::mask;
    sti(r.cpu);
    EXPECT_TRUE(step_trap_due(r.cpu)) << "U6: the STI shadow does not hold #DB";
    hlt(r.cpu);
    EXPECT_TRUE(can_take_interrupt(r.cpu)) << "U6: STI; HLT wakes";
    r.send(0x41, Event::external);
    EXPECT_EQ(r.cpu.state, CpuState::running);
}

TEST(Cpu, InterruptWaitsForIret)
{
    Rig r;
    const Delivered d = r.send(0x41, Event::external);
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "U5";
    iret(r.cpu, d.frame);
    EXPECT_TRUE(can_take_interrupt(r.cpu)) << "U5: IRET brings IF back";
}

TEST(Cpu, NmiBlocking)
{
    Rig r;
    latch_nmi(r.cpu);
    const Delivered d = r.send(2, Event::nmi);
    EXPECT_FALSE(can_take_nmi(r.cpu)) << "U3";
    latch_nmi(r.cpu);
    latch_nmi(r.cpu);
    EXPECT_EQ(r.cpu.nmi_latched, 1) << "U3: one is kept";
    iret(r.cpu, d.frame);
    EXPECT_TRUE(can_take_nmi(r.cpu)) << "U3: until IRET";
}

TEST(Cpu, WaitingCpuTakesNothing)
{
    Rig r;
    r.cpu.state = CpuState::wait_for_sipi;
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "SDM3/wait for SIPI";
    EXPECT_FALSE(can_take_nmi(r.cpu));
}

} // namespace
} // namespace irqlab::hw

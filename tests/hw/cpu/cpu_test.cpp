// Flags and what they hold back: STI, MOV SS, HLT, NMI, debug traps; reset states; which states are valid.
#include <gtest/gtest.h>

#include "tests/hw/cpu/rig.hpp"

namespace irqlab::hw::test {
namespace {

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

TEST(Cpu, MovSsHoldsADataBreakpoint)
{
    Rig r;
    mov_ss(r.cpu);
    note_debug(r.cpu, 1);
    EXPECT_FALSE(debug_trap_due(r.cpu)) << "U2: the operand of MOV SS was watched";
    retire(r.cpu);
    EXPECT_TRUE(debug_trap_due(r.cpu)) << "U2: one instruction later";
    take_debug(r.cpu);
    EXPECT_EQ(r.cpu.dr6, dr6::at_reset | 1) << "SDM3/DR6";
    EXPECT_FALSE(debug_trap_due(r.cpu));
}

TEST(Cpu, MovSsThenIntTakesTheTrapInTheHandler)
{
    Rig r;
    mov_ss(r.cpu);
    note_debug(r.cpu, 2);
    EXPECT_EQ(r.send(0x80, Event::software_int).vector, 0x80);
    EXPECT_TRUE(debug_trap_due(r.cpu))
        << "SDM3/switching stacks: after the transfer, before its first instruction";
}

TEST(Cpu, DebugConditionsGather)
{
    Rig r;
    note_debug(r.cpu, dr6::Bs::mask | 0x30);
    note_debug(r.cpu, 4);
    take_debug(r.cpu);
    EXPECT_EQ(r.cpu.dr6, dr6::at_reset | dr6::Bs::mask | 4) << "SDM3/DR6: reserved bits stay";
    note_debug(r.cpu, 1);
    take_debug(r.cpu);
    EXPECT_EQ(r.cpu.dr6, dr6::at_reset | dr6::Bs::mask | 5) << "SDM3/DR6: the CPU clears none";
    const u64 flags = r.cpu.rflags;
    const Delivered d = r.send(exc_db, Event::exception);
    EXPECT_EQ(d.frame.flags, flags) << "SDM3/RF: a #DB does not set it in its frame";
    EXPECT_FALSE(d.frame.has_error_code);
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
    EXPECT_FALSE(step_trap_due(r.cpu)) << "U6: the handler is not stepped";
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
    EXPECT_FALSE(r.cpu.nmi_blocked);
}

TEST(Cpu, IntTwoIsNoNmi)
{
    Rig r;
    r.send(2, Event::software_int);
    EXPECT_TRUE(can_take_nmi(r.cpu)) << "SDM3/NMI: INT 2 does not block";
}

TEST(Cpu, WaitingCpuTakesNothing)
{
    Rig r;
    r.cpu.state = CpuState::wait_for_sipi;
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "SDM3/wait for SIPI";
    EXPECT_FALSE(can_take_nmi(r.cpu));
}

TEST(Cpu, ShutdownEndsByNmi)
{
    Rig r;
    r.cpu.idtr.limit = 0;
    EXPECT_EQ(r.send(0x41, Event::external).outcome, Delivered::Outcome::triple_fault);
    EXPECT_FALSE(can_take_interrupt(r.cpu)) << "SDM3/shutdown";
    EXPECT_TRUE(can_take_nmi(r.cpu)) << "SDM3/shutdown: an NMI gets through";
    r.cpu.idtr.limit = 0xfff;
    EXPECT_EQ(r.send(2, Event::nmi).outcome, Delivered::Outcome::entered);
    EXPECT_EQ(r.cpu.state, CpuState::running);
}

TEST(Cpu, ResetStates)
{
    Cpu cpu;
    reset(cpu, false);
    EXPECT_TRUE(valid(cpu));
    EXPECT_EQ(cpu.state, CpuState::wait_for_sipi);
    reset_to_real_mode(cpu);
    EXPECT_TRUE(valid(cpu));
    EXPECT_EQ(cpu.cs, 0xf000) << "SDM3/state after RESET";
    EXPECT_EQ(cpu.idtr, (TableRegister{0, 0xffff}));
    EXPECT_EQ(cpu.rflags, 2u);
    EXPECT_EQ(cpu.dr6, 0xffff0ff0);
}

TEST(Cpu, InvalidStates)
{
    const auto broken = [](auto change) {
        Cpu cpu;
        reset(cpu, true);
        change(cpu);
        return !valid(cpu);
    };
    EXPECT_TRUE(broken([](Cpu& c) { c.mode = static_cast<CpuMode>(3); }));
    EXPECT_TRUE(broken([](Cpu& c) { c.state = static_cast<CpuState>(9); }));
    EXPECT_TRUE(broken([](Cpu& c) { c.nmi_latched = 3; }));
    EXPECT_TRUE(broken([](Cpu& c) { c.nmi_latched = 2, c.nmi_blocked = true; }));
    EXPECT_TRUE(broken([](Cpu& c) { c.rflags |= rflags::Vm::mask; }));
    EXPECT_TRUE(broken([](Cpu& c) { c.rflags = 0; }));
    EXPECT_TRUE(broken([](Cpu& c) { c.idtr.limit = 0x10000; }));
    EXPECT_TRUE(broken([](Cpu& c) { c.sti_shadow = c.mov_ss_shadow = true; }));
    EXPECT_TRUE(broken([](Cpu& c) { std::memset(&c.smi_pending, 2, 1); }));
    EXPECT_TRUE(broken([](Cpu& c) { c.tr.type = 5; }));
    EXPECT_TRUE(broken([](Cpu& c) { c.unused[1] = 1; }));
}

} // namespace
} // namespace irqlab::hw::test

// IRET: its checks, which flags it restores, and what it ends.
#include <gtest/gtest.h>

#include "tests/hw/cpu/rig.hpp"

namespace irqlab::hw::test {
namespace {

Frame frame(u64 cs, u64 ss, u8 width, u64 flags = rflags::Fixed::mask | rflags::If::mask, u64 ip = 0x1000)
{
    return {ip, cs, flags, 0x2000, ss, 0, 0, false, true, width};
}

struct Row {
    const char* clause;
    CpuMode mode;
    u64 cs, ss;
    u8 vector; // 0: it returns
    u32 error_code;
    u64 ip = 0x1000;
};

constexpr CpuMode wide = CpuMode::ia32e, narrow = CpuMode::protected_mode;

const Row rows[] = {
    {"SDM2/IRET: to the user", wide, user64, user_data, 0, 0},
    {"SDM2/IRET: to compatibility mode", wide, user32, user_data, 0, 0},
    {"SDM2/IRET: within the kernel", wide, code64, data0, 0, 0},
    {"SDM2/IRET: SS null is good below level 3", wide, code64, 0, 0, 0},
    {"SDM2/IRET: SS null is not for the user", wide, user64, 3, exc_gp, 0},
    {"SDM2/IRET: CS null", wide, 0, user_data, exc_gp, 0},
    {"SDM2/IRET: CS beyond the GDT", wide, 0x103, user_data, exc_gp, 0x100},
    {"SDM2/IRET: CS is data", wide, user_data, user_data, exc_gp, 0x28},
    {"SDM2/IRET: CS of another level", wide, code64 | 3, user_data, exc_gp, 0x10},
    {"SDM2/IRET: CS not present", narrow, absent_code, 0, exc_np, 0x60},
    {"SDM2/IRET: SS beyond the GDT", wide, user64, 0x103, exc_gp, 0x100},
    {"SDM2/IRET: SS's RPL", wide, user64, user_data & 0xfffc, exc_gp, 0x28},
    {"SDM2/IRET: SS's DPL", wide, user64, data0 | 3, exc_gp, 0x18},
    {"SDM2/IRET: SS is code", wide, user64, user64, exc_gp, 0x30},
    {"SDM2/IRET: SS not present: #SS", wide, code64, absent_data, exc_ss, 0x68},
    {"SDM2/IRET: RIP not canonical", wide, user64, user_data, exc_gp, 0, 0x800000000000},
    {"SDM2/IRET: EIP beyond CS's limit", narrow, small_code, 0, exc_gp, 0},
    {"SDM2/IRET: EIP at CS's limit", narrow, small_code, 0, 0, 0, 0xfff},
    {"SDM2/IRET: protected mode to the user", narrow, user32, user_data, 0, 0},
    {"SDM2/IRET: protected mode within a level takes no SS", narrow, code32, 0x100, 0, 0},
    {"SDM2/IRET: protected mode needs an SS for the user", narrow, user32, 3, exc_gp, 0},
    {"SDM2/IRET: conforming code at an outer level", narrow, conforming32 | 3, user_data, 0, 0},
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Iret : public testing::TestWithParam<Row> {};

TEST_P(Iret, Checks)
{
    const Row& row = GetParam();
    Rig r(row.mode);
    r.cpu.nmi_blocked = true;
    const Cpu before = r.cpu;
    const u8 width = row.mode == wide ? 8 : 4;
    const Returned back = iret_checked(r.cpu, r.memory(), frame(row.cs, row.ss, width, 0x202, row.ip));
    EXPECT_EQ(back.fault.vector, row.vector) << row.clause;
    EXPECT_EQ(back.fault.error_code, row.error_code) << row.clause;
    EXPECT_FALSE(r.cpu.nmi_blocked) << "SDM3/multiple NMIs: even an IRET that faults lets them through";
    if (row.vector != 0) {
        r.cpu.nmi_blocked = true;
        EXPECT_EQ(r.cpu, before) << row.clause << ": nothing else changes";
    } else {
        EXPECT_EQ(r.cpu.cs, row.cs) << row.clause;
    }
}

INSTANTIATE_TEST_SUITE_P(Sdm, Iret, testing::ValuesIn(rows));

TEST(IretFlags, ByPrivilege)
{
    constexpr u64 all = rflags::defined & ~rflags::Vm::mask & ~rflags::Nt::mask;
    struct {
        const char* clause;
        unsigned cpl, iopl;
        u8 width;
        u64 changed;
    } const cases[] = {
        {"SDM2/IRET: level 0 takes all", 0, 0, 4, 0x3f7fd5 & ~u64{0x24000}},
        {"SDM2/IRET: 16 bits leave the upper half", 0, 0, 2, 0x3fd5},
        {"SDM2/IRET: the user takes no IF, IOPL, VIF, VIP", 3, 0, 4, 0x250dd5},
        {"SDM2/IRET: IF with IOPL 3", 3, 3, 4, 0x250fd5},
    };
    for (const auto& c : cases) {
        Rig r(CpuMode::protected_mode);
        if (c.cpl == 3)
            r.to_user();
        r.cpu.rflags = rflags::Fixed::mask | rflags::Iopl::put(0, c.iopl);
        const u64 before = r.cpu.rflags;
        const u64 wanted = (before & ~c.changed) | (all & c.changed);
        EXPECT_EQ(iret_checked(r.cpu, r.memory(), frame(r.cpu.cs, 0, c.width, all)).fault, no_fault)
            << c.clause;
        EXPECT_EQ(r.cpu.rflags, wanted) << c.clause;
        EXPECT_TRUE(valid(r.cpu));
    }
}

TEST(IretModes, WhatIsNotModelledIsSaid)
{
    Rig r(CpuMode::protected_mode);
    r.cpu.rflags |= rflags::Nt::mask;
    Returned back = iret_checked(r.cpu, r.memory(), frame(code32, 0, 4));
    EXPECT_EQ(back.diagnosis, Diagnosis::cpu_task_switch);
    EXPECT_EQ(back.fault.vector, exc_gp);
    r = Rig(CpuMode::protected_mode);
    back = iret_checked(r.cpu, r.memory(), frame(code32, 0, 4, 0x20002));
    EXPECT_EQ(back.diagnosis, Diagnosis::cpu_virtual_8086);
    EXPECT_TRUE(valid(r.cpu));
    r = Rig();
    r.cpu.rflags |= rflags::Nt::mask;
    back = iret_checked(r.cpu, r.memory(), frame(code64, data0, 8));
    EXPECT_EQ(back.fault, (Fault{exc_gp, 0})) << "SDM2/IRET: NT in IA-32e mode";
    EXPECT_EQ(back.diagnosis, Diagnosis::none);
}

TEST(IretModes, Real)
{
    Rig r(CpuMode::real);
    const Delivered d = r.send(0x21, Event::software_int, 0, 0x100);
    EXPECT_EQ(iret_checked(r.cpu, r.memory(), d.frame).fault, no_fault);
    EXPECT_EQ(r.cpu.cs, 0x1234);
    EXPECT_TRUE(interrupts_on(r.cpu));
    EXPECT_EQ(iret_checked(r.cpu, r.memory(), frame(0, 0, 4, 2, 0x10000)).fault.vector, exc_gp)
        << "SDM2/IRET: IRETD beyond FFFFh";
}

/// What delivery pushed brings everything back, from each level and mode.
TEST(IretModes, UndoesDelivery)
{
    for (const CpuMode mode : {CpuMode::ia32e, CpuMode::protected_mode, CpuMode::real})
        for (const bool user : {false, true}) {
            Rig r(mode);
            if (user && mode != CpuMode::real)
                r.to_user();
            const Cpu before = r.cpu;
            const Delivered d = r.send(0x41, Event::external, 0, 0x2000);
            EXPECT_EQ(iret_checked(r.cpu, r.memory(), d.frame).fault, no_fault);
            EXPECT_EQ(r.cpu, before);
        }
}

} // namespace
} // namespace irqlab::hw::test

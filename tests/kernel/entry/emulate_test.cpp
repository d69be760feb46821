// Each instruction that does not run in user space, executed on the modelled CPU.
#include "kernel/entry/emulate.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <initializer_list>
#include <memory>

namespace irqlab::kernel {
namespace {

using Next = Emulation::Next;

class Emulate : public ::testing::Test {
protected:
    void SetUp() override
    {
        machine = std::make_unique<hw::Machine>();
        hw::power_on(*machine, hw::BoardId::pc, 2, 0);
        regs.ip = 0x20001000;
        regs.sp = reinterpret_cast<unsigned long>(stack + 8);
    }
    Emulation run(std::initializer_list<u8> code)
    {
        return emulate({*machine, 1, signals, 0x1122334455667788}, regs, {code.begin(), code.size()});
    }
    hw::Cpu& cpu() { return machine->core[1].cpu; }

    std::unique_ptr<hw::Machine> machine;
    hw::Signals signals;
    abi::pt_regs regs{};
    u64 stack[16]{};
};

TEST_F(Emulate, SoftwareInterrupts)
{
    struct Row {
        const char* clause;
        std::initializer_list<u8> code;
        u8 vector;
        hw::Event event;
    };
    const Row rows[] = {
        {"SDM2/INT n", {0xcd, 0x3b}, 0x3b, hw::Event::software_int},
        {"SDM2/INT n: system call", {0xcd, 0x80}, 0x80, hw::Event::software_int},
        {"SDM2/INT3", {0xcc}, 3, hw::Event::software_exception},
        {"SDM2/INT1", {0xf1}, 1, hw::Event::icebp},
    };
    for (const Row& row : rows) {
        const unsigned long before = regs.ip;
        const Emulation e = run(row.code);
        EXPECT_EQ(e.next, Next::interrupt) << row.clause;
        EXPECT_EQ(e.vector, row.vector) << row.clause;
        EXPECT_EQ(e.event, row.event) << row.clause;
        EXPECT_EQ(regs.ip, before + row.code.size()) << row.clause;
    }
}

TEST_F(Emulate, StiShadowsOneInstructionWhenIfWasClear)
{
    cpu().rflags = hw::rflags::at_reset;
    EXPECT_EQ(run({0xfb}).next, Next::shadow);
    EXPECT_TRUE(cpu().sti_shadow);
    EXPECT_EQ(run({0xfb}).next, Next::go_on);
    EXPECT_EQ(run({0xfa}).next, Next::go_on);
    EXPECT_FALSE(hw::interrupts_on(cpu()));
}

TEST_F(Emulate, HltStops)
{
    EXPECT_EQ(run({0xf4}).next, Next::halt);
    EXPECT_EQ(cpu().state, hw::CpuState::halted);
}

// The mask of the first 8259 can be read back. [8259A] "OCW1"
TEST_F(Emulate, PortsOfEachWidth)
{
    regs.ax = 0xffffffffffffff5a;
    EXPECT_EQ(run({0xe6, 0x21}).next, Next::window); // out %al, $0x21
    regs.ax = 0x1111111111111100;
    regs.dx = 0x21;
    const Emulation e = run({0xec}); // in (%dx), %al
    EXPECT_EQ(e.port_accesses, 1u);
    EXPECT_EQ(regs.ax, 0x111111111111115aul);
    regs.dx = 0x5555; // nobody there: all ones
    run({0x66, 0xed});
    EXPECT_EQ(regs.ax, 0x111111111111fffful);
    run({0xed}); // 32 bits clear the upper half
    EXPECT_EQ(regs.ax, 0xfffffffful);
}

TEST_F(Emulate, RepeatedStringPorts)
{
    u8 bytes[4] = {0x11, 0x22, 0x33, 0x44};
    regs.dx = 0x21;
    regs.cx = 4;
    regs.si = reinterpret_cast<unsigned long>(bytes);
    EXPECT_EQ(run({0xf3, 0x6e}).port_accesses, 4u); // rep outsb
    EXPECT_EQ(regs.cx, 0u);
    EXPECT_EQ(regs.si, reinterpret_cast<unsigned long>(bytes + 4));
    regs.cx = 2;
    regs.flags = 0x400; // downwards
    regs.di = reinterpret_cast<unsigned long>(bytes + 1);
    run({0xf3, 0x6c}); // rep insb
    EXPECT_EQ(bytes[1], 0x44);
    EXPECT_EQ(bytes[0], 0x44);
    EXPECT_EQ(regs.di, reinterpret_cast<unsigned long>(bytes) - 1);
}

TEST_F(Emulate, FlagsGoThroughTheModel)
{
    cpu().rflags = hw::rflags::at_reset | hw::rflags::If::mask;
    regs.flags = 0x41; // the host's: ZF, CF, IF clear as it never is there
    run({0x9c});
    EXPECT_EQ(stack[7], 0x243u); // IF, ZF, fixed, CF
    run({0xfa});
    EXPECT_EQ(run({0x9d}).next, Next::window); // popf: IF comes back
    EXPECT_TRUE(hw::interrupts_on(cpu()));
    EXPECT_FALSE(cpu().sti_shadow);
    EXPECT_EQ(regs.sp, reinterpret_cast<unsigned long>(stack + 8));
}

TEST_F(Emulate, TablesAndControlRegisters)
{
    u8 table[10]{};
    cpu().idtr = {0xfffffe0000000000, 0xfff};
    regs.ax = reinterpret_cast<unsigned long>(table);
    EXPECT_EQ(run({0x0f, 0x01, 0x08}).next, Next::go_on); // sidt (%rax)
    const u8 expected[10] = {0xff, 0x0f, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff};
    EXPECT_EQ(std::memcmp(table, expected, 10), 0);
    table[0] = 0x7f;
    run({0x0f, 0x01, 0x18}); // lidt (%rax)
    EXPECT_EQ(cpu().idtr.limit, 0xf7f);
    cpu().cr2 = 0x1234;
    run({0x0f, 0x20, 0xd3}); // mov %cr2, %rbx
    EXPECT_EQ(regs.bx, 0x1234u);
    regs.bx = 5;
    EXPECT_EQ(run({0x44, 0x0f, 0x22, 0xc3}).next, Next::window); // mov %rbx, %cr8
    EXPECT_EQ(hw::read_cr8(*machine, 1), 5);
    run({0x44, 0x0f, 0x20, 0xc1}); // mov %cr8, %rcx
    EXPECT_EQ(regs.cx, 5u);
    regs.bx = 0;
    EXPECT_EQ(run({0x0f, 0x22, 0xc3}).next, Next::exception); // mov %rbx, %cr0 would turn paging off
}

TEST_F(Emulate, ModelSpecificRegisters)
{
    regs.cx = 0x10; // IA32_TIME_STAMP_COUNTER
    run({0x0f, 0x32});
    EXPECT_EQ(regs.ax, 0x55667788u);
    EXPECT_EQ(regs.dx, 0x11223344u);
    regs.cx = 0x1b; // IA32_APIC_BASE
    run({0x0f, 0x32});
    EXPECT_EQ(regs.ax & 0xfffff000, 0xfee00000u);
    regs.cx = 0x12345;
    const unsigned long before = regs.ip;
    const Emulation e = run({0x0f, 0x32});
    EXPECT_EQ(e.next, Next::exception);
    EXPECT_EQ(e.vector, hw::exc_gp);
    EXPECT_EQ(regs.ip, before); // a fault: ip stays
}

TEST_F(Emulate, CpuidNamesThisCpu)
{
    regs.ax = 1;
    run({0x0f, 0xa2});
    EXPECT_EQ(regs.bx >> 24, 1u);      // initial APIC ID
    EXPECT_TRUE(regs.dx >> 9 & 1);     // APIC
    EXPECT_FALSE(regs.cx >> 21 & 1);   // x2APIC
}

TEST_F(Emulate, OtherInstructionsAreNotOurs)
{
    const unsigned long before = regs.ip;
    EXPECT_EQ(run({0x90}).next, Next::unknown);
    EXPECT_EQ(run({0x48, 0x89, 0xd8}).next, Next::unknown); // mov %rbx, %rax
    EXPECT_EQ(regs.ip, before);
    const u8 nop[] = {0x90}, cli[] = {0xfa};
    EXPECT_FALSE(traps(nop));
    EXPECT_TRUE(traps(cli));
}

TEST_F(Emulate, FindsTheMemoryOperand)
{
    u64 address = 0;
    regs.ax = 0xdead000000000100;
    const u8 load[] = {0x48, 0x8b, 0x58, 0x08}; // mov 8(%rax), %rbx
    EXPECT_TRUE(memory_operand(regs, load, address));
    EXPECT_EQ(address, 0xdead000000000108u);
}

} // namespace
} // namespace irqlab::kernel

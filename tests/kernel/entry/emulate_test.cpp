// Each instruction that does not run in user space, executed on the modelled CPU.
#include "kernel/entry/emulate.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <initializer_list>
#include <memory>

namespace irqlab::kernel {
namespace {

using Next = Emulation::Next;

constexpr std::initializer_list<u8> rdmsr{0x0f, 0x32}, cpuid{0x0f, 0xa2};

class Emulate : public ::testing::Test {
protected:
    void SetUp() override { power_on(hw::BoardId::pc); }
    void power_on(hw::BoardId board)
    {
        machine = std::make_unique<hw::Machine>();
        hw::power_on(*machine, board, 2, 0);
        regs.ip = 0x20001000;
        regs.sp = reinterpret_cast<unsigned long>(stack + 8);
    }
    Emulation run(std::initializer_list<u8> code)
    {
        return emulate({*machine, 1, signals, 0x1122334455667788}, regs, {code.begin(), code.size()});
    }
    u64 read_msr(u32 msr)
    {
        regs.cx = msr;
        EXPECT_EQ(run(rdmsr).next, Next::go_on) << std::hex << msr;
        return regs.dx << 32 | regs.ax;
    }
    bool refused(u32 msr)
    {
        regs.cx = msr;
        const Emulation e = run(rdmsr);
        return e.next == Next::exception && e.vector == hw::exc_gp;
    }
    Next write_msr(u32 msr, u64 value)
    {
        regs.cx = msr;
        regs.ax = static_cast<u32>(value);
        regs.dx = value >> 32;
        return run({0x0f, 0x30}).next;
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
    EXPECT_EQ(read_msr(0x10), 0x1122334455667788u) << "IA32_TIME_STAMP_COUNTER: this CPU's clock";
    EXPECT_EQ(read_msr(0x1b) & 0xfffff000, 0xfee00000u) << "IA32_APIC_BASE";
    regs.cx = 0x12345;
    const unsigned long before = regs.ip;
    const Emulation e = run(rdmsr);
    EXPECT_EQ(e.next, Next::exception);
    EXPECT_EQ(e.vector, hw::exc_gp);
    EXPECT_EQ(regs.ip, before); // a fault: ip stays
}

// [SDM3] "x2APIC State Transitions", "x2APIC Register Availability", "TSC-Deadline Mode"
TEST_F(Emulate, TheLocalApicsRegistersAreTheMachines)
{
    power_on(hw::BoardId::laptop);
    EXPECT_TRUE(refused(0x802)) << "not in xAPIC mode";
    EXPECT_EQ(write_msr(0x1b, 0xfee00c00), Next::window); // EN, EXTD
    EXPECT_TRUE(hw::in_x2apic_mode(machine->core[1].lapic));
    EXPECT_EQ(read_msr(0x802), 1u) << "ID";
    EXPECT_EQ(read_msr(0x80d), 2u) << "LDR: cluster 0, bit 1";
    EXPECT_EQ(write_msr(0x808, 0x30), Next::window); // TPR
    EXPECT_EQ(hw::read_cr8(*machine, 1), 3);
    EXPECT_EQ(write_msr(0x80f, 0x1ff), Next::window);               // SVR: enabled
    EXPECT_EQ(write_msr(0x830, 0x00000001'00000045), Next::window); // ICR: a fixed interrupt for itself
    EXPECT_TRUE(machine->core[1].lapic.irr.test(0x45));
    EXPECT_EQ(read_msr(0x822), 1u << 5) << "IRR of 40h to 5Fh";
    EXPECT_EQ(write_msr(0x802, 0), Next::exception) << "read-only";
    EXPECT_EQ(write_msr(0x80b, 1), Next::exception) << "EOI takes 0 alone";
    EXPECT_TRUE(refused(0x80b)) << "write-only";
    EXPECT_TRUE(refused(0x80e)) << "DFR does not exist";
    EXPECT_EQ(write_msr(0x1b, 0xfee00800), Next::exception) << "not back to xAPIC without being disabled";
    EXPECT_EQ(write_msr(0x832, 0x40031), Next::window); // LVT timer: TSC-deadline
    EXPECT_EQ(write_msr(0x6e0, 5'000'000'000), Next::window);
    EXPECT_EQ(read_msr(0x6e0), 5'000'000'000u);
}

TEST_F(Emulate, ACpuWithoutX2apicRefusesIt)
{
    EXPECT_EQ(write_msr(0x1b, 0xfee00c00), Next::exception);
    EXPECT_FALSE(hw::in_x2apic_mode(machine->core[1].lapic));
    EXPECT_EQ(write_msr(0x1b, 0xfed00800), Next::window); // but its page may be elsewhere
    EXPECT_EQ(read_msr(0x1b), 0xfed00800u);
}

TEST_F(Emulate, CpuidNamesThisCpu)
{
    for (const bool x2apic : {false, true}) {
        power_on(x2apic ? hw::BoardId::laptop : hw::BoardId::pc);
        regs.ax = 1;
        run(cpuid);
        EXPECT_EQ(regs.bx >> 24, 1u);         // initial APIC ID
        EXPECT_TRUE(regs.dx >> 9 & 1);        // APIC
        EXPECT_EQ(x2apic, regs.cx >> 21 & 1); // x2APIC
        EXPECT_FALSE(regs.cx >> 24 & 1);      // TSC-Deadline
        regs.ax = 0;
        run(cpuid);
        EXPECT_EQ(x2apic ? 0xbu : 1u, regs.ax);
    }
    regs.ax = 0xb; // [SDM2] "Extended Topology Enumeration Leaf"
    regs.cx = 1;
    run(cpuid);
    EXPECT_EQ(regs.ax, 1u); // two CPUs: one bit of the ID
    EXPECT_EQ(regs.bx, 2u);
    EXPECT_EQ(regs.cx, 0x201u); // level 1, of cores
    EXPECT_EQ(regs.dx, 1u);     // x2APIC ID
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

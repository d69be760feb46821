// Inside the emulation: an instruction as Zydis decodes it, and its execution. See emulate.hpp.
#pragma once
#include <Zydis/Zydis.h>
#include <cstring>

#include "kernel/entry/emulate.hpp"

namespace irqlab::kernel::emulate_inside {

/// CF PF AF ZF SF OF and DF: the host's CPU keeps them.
inline constexpr u64 arithmetic_flags = 0x8d5 | 0x400;

struct Instruction {
    ZydisDecodedInstruction in;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

/// @return false: no instruction begins there.
bool decode(std::span<const u8> code, Instruction& i);
/// MOV to or from a control or debug register.
bool moves_special(const Instruction& i);

/// The general register that the operand lies in; null for any other.
unsigned long* field_of(abi::pt_regs& r, const ZydisDecodedOperand& o);
/// Writes the low `width` bytes as the CPU does: 32-bit results clear the upper half, smaller ones keep it.
void put_low(unsigned long& reg, u64 value, unsigned width);
u64 effective_address(abi::pt_regs& r, const Instruction& i, const ZydisDecodedOperand& o);

template <class T> void store(u64 address, T value)
{
    std::memcpy(reinterpret_cast<void*>(address), &value, sizeof value);
}

/// One instruction being executed.
class Execution {
public:
    using Next = Emulation::Next;

    Execution(const EmulatedCpu& cpu, abi::pt_regs& regs, const Instruction& i)
        : machine_(cpu.machine), core_(cpu.machine.core[cpu.index]), cpu_(cpu), r_(regs), i_(i)
    {
    }
    Emulation run();

private:
    Emulation done(Next next = Next::go_on)
    {
        r_.ip += i_.in.length;
        return {next, 0, 0, hw::Event::exception, ports_};
    }
    Emulation plain()
    {
        hw::retire(core_.cpu);
        return done();
    }
    static Emulation fault(u8 vector, u32 error = 0)
    {
        return {Next::exception, vector, error, hw::Event::exception, 0};
    }
    static Emulation gp() { return fault(hw::exc_gp); }
    Emulation interrupt(u8 vector, hw::Event event)
    {
        r_.ip += i_.in.length;
        return {Next::interrupt, vector, 0, event, 0};
    }

    Emulation port();
    Emulation port_string(bool in);
    Emulation push_flags();
    Emulation pop_flags();
    Emulation move_special();
    u64 read_special(ZydisRegister reg, bool& known);
    Emulation read_msr();
    Emulation write_msr();
    Emulation cpuid();
    Emulation store_table(u64 base, u16 limit);
    Emulation load_idt();
    Emulation store_word(u64 value, unsigned register_width);
    unsigned port_width(const ZydisDecodedOperand& o) const { return o.size / 8u; }

    hw::Machine& machine_;
    hw::Core& core_;
    const EmulatedCpu& cpu_;
    abi::pt_regs& r_;
    const Instruction& i_;
    unsigned ports_ = 0;
};

} // namespace irqlab::kernel::emulate_inside

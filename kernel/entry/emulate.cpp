// Privileged instructions of drivers, run on the modelled CPU. [SDM2]
#include <cstring>

#include "kernel/entry/cpu_model.hpp"
#include "kernel/entry/emulate_inside.hpp"

namespace irqlab::kernel {

namespace emulate_inside {

Emulation Execution::push_flags()
{
    const unsigned width = i_.in.operand_width == 16 ? 2 : 8;
    const u64 flags = modelled_flags(core_.cpu, r_);
    const u64 sp = r_.sp - width;
    if (width == 2)
        store(sp, static_cast<u16>(flags));
    else
        store(sp, flags);
    r_.sp = sp;
    return plain();
}

// TF is not taken over: single-stepping is not modelled.
Emulation Execution::pop_flags()
{
    constexpr u64 system =
        hw::rflags::If::mask | hw::rflags::Nt::mask | 0x3000 | 0x40000 | 0x200000; // IOPL AC ID
    const unsigned width = i_.in.operand_width == 16 ? 2 : 8;
    u64 flags = 0;
    std::memcpy(&flags, reinterpret_cast<const void*>(r_.sp), width);
    if (width == 2)
        flags |= core_.cpu.rflags & ~u64{0xffff};
    r_.sp += width;
    r_.flags = (r_.flags & ~arithmetic_flags) | (flags & arithmetic_flags);
    core_.cpu.rflags = (core_.cpu.rflags & ~system) | (flags & system) | hw::rflags::Fixed::mask;
    hw::retire(core_.cpu);
    return done(Next::window);
}

u64 Execution::read_special(ZydisRegister reg, bool& known)
{
    known = true;
    switch (reg) {
    case ZYDIS_REGISTER_CR0: return cr0_value;
    case ZYDIS_REGISTER_CR2: return core_.cpu.cr2;
    case ZYDIS_REGISTER_CR3: return cr3_value;
    case ZYDIS_REGISTER_CR4: return cr4_value;
    case ZYDIS_REGISTER_CR8: return hw::read_cr8(machine_, cpu_.index);
    case ZYDIS_REGISTER_DR0:
    case ZYDIS_REGISTER_DR1:
    case ZYDIS_REGISTER_DR2:
    case ZYDIS_REGISTER_DR3: return 0;
    case ZYDIS_REGISTER_DR6: return core_.cpu.dr6;
    case ZYDIS_REGISTER_DR7: return dr7_value;
    default: known = false; return 0;
    }
}

// Paging and breakpoints are not modelled: a write that would change them is refused, one of the same value
// is not.
Emulation Execution::move_special()
{
    bool known = false;
    const ZydisDecodedOperand& to = i_.operand[0];
    const ZydisDecodedOperand& from = i_.operand[1];
    const u64 held = read_special(from.reg.value, known);
    if (known) {
        *field_of(r_, to) = held;
        return plain();
    }
    const u64 old = read_special(to.reg.value, known);
    const unsigned long* source = field_of(r_, from);
    if (!known || !source)
        return {};
    if (to.reg.value == ZYDIS_REGISTER_CR8) {
        if (*source > 15)
            return gp();
        hw::retire(core_.cpu);
        hw::write_cr8(machine_, cpu_.index, static_cast<u8>(*source));
        return done(Next::window);
    }
    if (to.reg.value == ZYDIS_REGISTER_CR2)
        core_.cpu.cr2 = *source;
    else if (to.reg.value == ZYDIS_REGISTER_DR6 && *source <= 0xffffffff)
        core_.cpu.dr6 = (static_cast<u32>(*source) & hw::dr6::conditions) | hw::dr6::at_reset;
    else if (*source != old)
        return gp();
    return plain();
}

Emulation Execution::read_msr()
{
    u64 value = 0;
    if (!kernel::read_msr(cpu_, static_cast<u32>(r_.cx), value))
        return gp();
    r_.ax = static_cast<u32>(value);
    r_.dx = value >> 32;
    return plain();
}

Emulation Execution::write_msr()
{
    const u64 value = (r_.dx & 0xffffffff) << 32 | (r_.ax & 0xffffffff);
    if (!kernel::write_msr(cpu_, static_cast<u32>(r_.cx), value))
        return gp();
    hw::retire(core_.cpu);
    return done(Next::window);
}

Emulation Execution::cpuid()
{
    const Cpuid c = kernel::cpuid(machine_, cpu_.index, static_cast<u32>(r_.ax), static_cast<u32>(r_.cx));
    r_.ax = c.a, r_.bx = c.b, r_.cx = c.c, r_.dx = c.d;
    return plain();
}

Emulation Execution::store_table(u64 base, u16 limit)
{
    const u64 address = effective_address(r_, i_, i_.operand[0]);
    store(address, limit);
    store(address + 2, base);
    return plain();
}

Emulation Execution::load_idt()
{
    const auto* at = reinterpret_cast<const u8*>(effective_address(r_, i_, i_.operand[0]));
    u16 limit = 0;
    std::memcpy(&limit, at, sizeof limit);
    core_.cpu.idtr.limit = limit;
    std::memcpy(&core_.cpu.idtr.base, at + sizeof limit, sizeof core_.cpu.idtr.base);
    return plain();
}

/// SLDT, STR, SMSW: 16 bits to memory, zero-extended to a register.
Emulation Execution::store_word(u64 value, unsigned register_width)
{
    const ZydisDecodedOperand& to = i_.operand[0];
    if (to.type == ZYDIS_OPERAND_TYPE_MEMORY)
        store(effective_address(r_, i_, to), static_cast<u16>(value));
    else
        put_low(*field_of(r_, to), value, register_width);
    return plain();
}

Emulation Execution::run()
{
    hw::Cpu& c = core_.cpu;
    switch (i_.in.mnemonic) {
    case ZYDIS_MNEMONIC_INT:
        return interrupt(static_cast<u8>(i_.operand[0].imm.value.u), hw::Event::software_int);
    case ZYDIS_MNEMONIC_INT3: return interrupt(hw::exc_bp, hw::Event::software_exception);
    case ZYDIS_MNEMONIC_INT1: return interrupt(hw::exc_db, hw::Event::icebp);
    case ZYDIS_MNEMONIC_CLI: hw::cli(c); return done();
    case ZYDIS_MNEMONIC_STI: hw::sti(c); return done(c.sti_shadow ? Next::shadow : Next::go_on);
    case ZYDIS_MNEMONIC_HLT: hw::hlt(c); return done(Next::halt);
    case ZYDIS_MNEMONIC_IN:
    case ZYDIS_MNEMONIC_OUT: return port();
    case ZYDIS_MNEMONIC_INSB:
    case ZYDIS_MNEMONIC_INSW:
    case ZYDIS_MNEMONIC_INSD: return port_string(true);
    case ZYDIS_MNEMONIC_OUTSB:
    case ZYDIS_MNEMONIC_OUTSW:
    case ZYDIS_MNEMONIC_OUTSD: return port_string(false);
    case ZYDIS_MNEMONIC_PUSHF:
    case ZYDIS_MNEMONIC_PUSHFQ: return push_flags();
    case ZYDIS_MNEMONIC_POPF:
    case ZYDIS_MNEMONIC_POPFQ: return pop_flags();
    case ZYDIS_MNEMONIC_CPUID: return cpuid();
    case ZYDIS_MNEMONIC_RDTSCP: r_.cx = cpu_.index; [[fallthrough]];
    case ZYDIS_MNEMONIC_RDTSC:
        r_.ax = static_cast<u32>(cpu_.tsc);
        r_.dx = cpu_.tsc >> 32;
        return plain();
    case ZYDIS_MNEMONIC_RDMSR: return read_msr();
    case ZYDIS_MNEMONIC_WRMSR: return write_msr();
    case ZYDIS_MNEMONIC_MOV: return move_special();
    case ZYDIS_MNEMONIC_SIDT: return store_table(c.idtr.base, static_cast<u16>(c.idtr.limit));
    case ZYDIS_MNEMONIC_SGDT: return store_table(c.gdtr.base, static_cast<u16>(c.gdtr.limit));
    case ZYDIS_MNEMONIC_LIDT: return load_idt();
    case ZYDIS_MNEMONIC_SLDT: return store_word(c.ldtr.selector, i_.in.operand_width / 8u);
    case ZYDIS_MNEMONIC_STR: return store_word(c.tr.selector, i_.in.operand_width / 8u);
    case ZYDIS_MNEMONIC_SMSW: return store_word(cr0_value, i_.in.operand_width / 8u);
    case ZYDIS_MNEMONIC_CLTS:
    case ZYDIS_MNEMONIC_INVLPG:
    case ZYDIS_MNEMONIC_WBINVD:
    case ZYDIS_MNEMONIC_INVD:
    case ZYDIS_MNEMONIC_SWAPGS:
    case ZYDIS_MNEMONIC_LTR:
    case ZYDIS_MNEMONIC_LLDT:
    case ZYDIS_MNEMONIC_LGDT:
    case ZYDIS_MNEMONIC_STAC:
    case ZYDIS_MNEMONIC_CLAC: return plain(); // nothing that is modelled changes
    case ZYDIS_MNEMONIC_SYSCALL:
    case ZYDIS_MNEMONIC_SYSENTER: return fault(hw::exc_ud);
    default: return {};
    }
}

} // namespace emulate_inside

using namespace emulate_inside;

u64 modelled_flags(const hw::Cpu& cpu, const abi::pt_regs& regs)
{
    return (regs.flags & arithmetic_flags) | (cpu.rflags & ~arithmetic_flags) | hw::rflags::Fixed::mask;
}

Emulation emulate(const EmulatedCpu& cpu, abi::pt_regs& regs, std::span<const u8> code)
{
    Instruction i;
    if (!decode(code, i) || (i.in.mnemonic == ZYDIS_MNEMONIC_MOV && !moves_special(i)))
        return {};
    return Execution{cpu, regs, i}.run();
}

} // namespace irqlab::kernel

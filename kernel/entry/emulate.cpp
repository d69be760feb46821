// Privileged instructions of drivers, decoded by Zydis and run on the modelled CPU. [SDM2]
#include "kernel/entry/emulate.hpp"

#include <Zydis/Zydis.h>
#include <cstring>

namespace irqlab::kernel {

namespace {

using Next = Emulation::Next;

constexpr u64 arithmetic_flags = 0x8d5 | 0x400; // CF PF AF ZF SF OF and DF: the host's CPU keeps them
constexpr u64 cr0_value = 0x80050033, cr3_value = 0x2a10000, cr4_value = 0x6f0;
constexpr u64 dr7_value = 0x400;

enum Msr : u32 {
    msr_tsc = 0x10, msr_apic_base = 0x1b, msr_sysenter_cs = 0x174, msr_efer = 0xc0000080, msr_star = 0xc0000081,
    msr_fs_base = 0xc0000100, msr_gs_base = 0xc0000101, msr_kernel_gs_base = 0xc0000102, msr_tsc_aux = 0xc0000103,
};

struct Instruction {
    ZydisDecodedInstruction in;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

bool decode(std::span<const u8> code, Instruction& i)
{
    static const ZydisDecoder decoder = [] {
        ZydisDecoder d;
        ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        return d;
    }();
    return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data(), code.size(), &i.in, i.operand));
}

unsigned long* field_of(abi::pt_regs& r, ZydisRegister enclosing)
{
    switch (enclosing) {
    case ZYDIS_REGISTER_RAX: return &r.ax;
    case ZYDIS_REGISTER_RCX: return &r.cx;
    case ZYDIS_REGISTER_RDX: return &r.dx;
    case ZYDIS_REGISTER_RBX: return &r.bx;
    case ZYDIS_REGISTER_RSP: return &r.sp;
    case ZYDIS_REGISTER_RBP: return &r.bp;
    case ZYDIS_REGISTER_RSI: return &r.si;
    case ZYDIS_REGISTER_RDI: return &r.di;
    case ZYDIS_REGISTER_R8: return &r.r8;
    case ZYDIS_REGISTER_R9: return &r.r9;
    case ZYDIS_REGISTER_R10: return &r.r10;
    case ZYDIS_REGISTER_R11: return &r.r11;
    case ZYDIS_REGISTER_R12: return &r.r12;
    case ZYDIS_REGISTER_R13: return &r.r13;
    case ZYDIS_REGISTER_R14: return &r.r14;
    case ZYDIS_REGISTER_R15: return &r.r15;
    default: return nullptr;
    }
}

unsigned long* field_of(abi::pt_regs& r, const ZydisDecodedOperand& o)
{
    return field_of(r, ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, o.reg.value));
}

/// Writes the low `width` bytes as the CPU does: 32-bit results clear the upper half, smaller ones keep it.
void put_low(unsigned long& reg, u64 value, unsigned width)
{
    if (width >= 8)
        reg = value;
    else if (width == 4)
        reg = static_cast<u32>(value);
    else {
        const u64 mask = (u64{1} << (width * 8)) - 1;
        reg = (reg & ~mask) | (value & mask);
    }
}

u64 effective_address(abi::pt_regs& r, const Instruction& i, const ZydisDecodedOperand& o)
{
    const auto& m = o.mem;
    u64 a = m.disp.has_displacement ? static_cast<u64>(m.disp.value) : 0;
    if (m.base == ZYDIS_REGISTER_RIP)
        a += r.ip + i.in.length;
    else if (const unsigned long* base = field_of(r, m.base))
        a += *base;
    if (const unsigned long* index = field_of(r, m.index))
        a += *index * m.scale;
    return a;
}

template <class T>
void store(u64 address, T value)
{
    std::memcpy(reinterpret_cast<void*>(address), &value, sizeof value);
}

/// One instruction being executed.
class Execution {
public:
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
    static Emulation fault(u8 vector, u32 error = 0) { return {Next::exception, vector, error, hw::Event::exception, 0}; }
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

Emulation Execution::port()
{
    const bool in = i_.in.mnemonic == ZYDIS_MNEMONIC_IN;
    const ZydisDecodedOperand& data = i_.operand[in ? 0 : 1];
    const ZydisDecodedOperand& where = i_.operand[in ? 1 : 0];
    const auto number = static_cast<u16>(where.type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? where.imm.value.u : r_.dx);
    const unsigned width = port_width(data);
    hw::retire(core_.cpu);
    ++ports_;
    if (in)
        put_low(r_.ax, hw::port_read(machine_, cpu_.index, number, width, cpu_.signals), width);
    else
        hw::port_write(machine_, cpu_.index, number, width,
                       static_cast<u32>(width == 4 ? r_.ax : r_.ax & ((u64{1} << width * 8) - 1)), cpu_.signals);
    return done(Next::window);
}

// rep ins/outs: rcx and the pointer move with each cycle, as they stand when an interrupt comes between.
Emulation Execution::port_string(bool in)
{
    const unsigned width = i_.in.mnemonic == ZYDIS_MNEMONIC_INSB || i_.in.mnemonic == ZYDIS_MNEMONIC_OUTSB   ? 1
                           : i_.in.mnemonic == ZYDIS_MNEMONIC_INSW || i_.in.mnemonic == ZYDIS_MNEMONIC_OUTSW ? 2
                                                                                                             : 4;
    const bool repeated = (i_.in.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE)) != 0;
    const u64 step = r_.flags & 0x400 ? u64{0} - width : width;
    unsigned long& pointer = in ? r_.di : r_.si;
    hw::retire(core_.cpu);
    while (!repeated || r_.cx) {
        u32 value = 0;
        if (in) {
            value = hw::port_read(machine_, cpu_.index, static_cast<u16>(r_.dx), width, cpu_.signals);
            std::memcpy(reinterpret_cast<void*>(pointer), &value, width);
        } else {
            std::memcpy(&value, reinterpret_cast<const void*>(pointer), width);
            hw::port_write(machine_, cpu_.index, static_cast<u16>(r_.dx), width, value, cpu_.signals);
        }
        ++ports_;
        pointer += step;
        if (!repeated)
            break;
        --r_.cx;
    }
    return done(Next::window);
}

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
    constexpr u64 system = hw::rflags::If::mask | hw::rflags::Nt::mask | 0x3000 | 0x40000 | 0x200000; // IOPL AC ID
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
    case ZYDIS_REGISTER_DR0: case ZYDIS_REGISTER_DR1: case ZYDIS_REGISTER_DR2: case ZYDIS_REGISTER_DR3: return 0;
    case ZYDIS_REGISTER_DR6: return core_.cpu.dr6;
    case ZYDIS_REGISTER_DR7: return dr7_value;
    default: known = false; return 0;
    }
}

// Paging and breakpoints are not modelled: a write that would change them is refused, one of the same value is not.
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
    switch (static_cast<u32>(r_.cx)) {
    case msr_tsc: value = cpu_.tsc; break;
    case msr_apic_base: value = core_.lapic.base; break;
    case msr_sysenter_cs: value = 0x10; break;
    case msr_efer: value = 0xd01; break;
    case msr_star: value = 0x23001000000000; break;
    case msr_fs_base: case msr_kernel_gs_base: value = 0; break;
    case msr_gs_base: value = 0xffff88800f800000 + (u64{cpu_.index} << 20); break;
    case msr_tsc_aux: value = cpu_.index; break;
    default: return gp();
    }
    r_.ax = static_cast<u32>(value);
    r_.dx = value >> 32;
    return plain();
}

Emulation Execution::write_msr()
{
    const u64 value = (r_.dx & 0xffffffff) << 32 | (r_.ax & 0xffffffff);
    if (static_cast<u32>(r_.cx) != msr_apic_base || !hw::write_apic_base(machine_, cpu_.index, value))
        return gp();
    return plain();
}

// The modelled CPU: family 6, with APIC, TSC, MSR and SSE2, no x2APIC. [SDM2] "CPUID".
Emulation Execution::cpuid()
{
    const auto leaf = static_cast<u32>(r_.ax);
    u32 a = 0, b = 0, c = 0, d = 0;
    if (leaf == 0) {
        a = 1;
        b = 0x756e6547, d = 0x49656e69, c = 0x6c65746e; // "GenuineIntel"
    } else if (leaf == 1) {
        constexpr u32 fpu = 1u << 0, tsc = 1u << 4, msr = 1u << 5, apic = 1u << 9, cmov = 1u << 15, mmx = 1u << 23,
                      fxsr = 1u << 24, sse = 1u << 25, sse2 = 1u << 26, hypervisor = 1u << 31;
        a = 0x663;
        b = cpu_.index << 24 | u32{machine_.cpu_count} << 16 | 0x0800;
        c = hypervisor;
        d = fpu | tsc | msr | apic | cmov | mmx | fxsr | sse | sse2;
    } else if (leaf == 0x80000000) {
        a = 0x80000001;
    } else if (leaf == 0x80000001) {
        d = 1u << 29 | 1u << 11; // long mode, SYSCALL
    }
    r_.ax = a, r_.bx = b, r_.cx = c, r_.dx = d;
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
    case ZYDIS_MNEMONIC_INT: return interrupt(static_cast<u8>(i_.operand[0].imm.value.u), hw::Event::software_int);
    case ZYDIS_MNEMONIC_INT3: return interrupt(hw::exc_bp, hw::Event::software_exception);
    case ZYDIS_MNEMONIC_INT1: return interrupt(hw::exc_db, hw::Event::icebp);
    case ZYDIS_MNEMONIC_CLI: hw::cli(c); return done();
    case ZYDIS_MNEMONIC_STI: hw::sti(c); return done(c.sti_shadow ? Next::shadow : Next::go_on);
    case ZYDIS_MNEMONIC_HLT: hw::hlt(c); return done(Next::halt);
    case ZYDIS_MNEMONIC_IN: case ZYDIS_MNEMONIC_OUT: return port();
    case ZYDIS_MNEMONIC_INSB: case ZYDIS_MNEMONIC_INSW: case ZYDIS_MNEMONIC_INSD: return port_string(true);
    case ZYDIS_MNEMONIC_OUTSB: case ZYDIS_MNEMONIC_OUTSW: case ZYDIS_MNEMONIC_OUTSD: return port_string(false);
    case ZYDIS_MNEMONIC_PUSHF: case ZYDIS_MNEMONIC_PUSHFQ: return push_flags();
    case ZYDIS_MNEMONIC_POPF: case ZYDIS_MNEMONIC_POPFQ: return pop_flags();
    case ZYDIS_MNEMONIC_CPUID: return cpuid();
    case ZYDIS_MNEMONIC_RDTSCP:
        r_.cx = cpu_.index;
        [[fallthrough]];
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
    case ZYDIS_MNEMONIC_CLTS: case ZYDIS_MNEMONIC_INVLPG: case ZYDIS_MNEMONIC_WBINVD: case ZYDIS_MNEMONIC_INVD:
    case ZYDIS_MNEMONIC_SWAPGS: case ZYDIS_MNEMONIC_LTR: case ZYDIS_MNEMONIC_LLDT: case ZYDIS_MNEMONIC_LGDT:
    case ZYDIS_MNEMONIC_STAC: case ZYDIS_MNEMONIC_CLAC: return plain(); // nothing that is modelled changes
    case ZYDIS_MNEMONIC_SYSCALL: case ZYDIS_MNEMONIC_SYSENTER: return fault(hw::exc_ud);
    default: return {};
    }
}

bool moves_special(const Instruction& i)
{
    for (unsigned n = 0; n < 2; ++n) {
        if (i.operand[n].type != ZYDIS_OPERAND_TYPE_REGISTER)
            return false;
        const ZydisRegisterClass kind = ZydisRegisterGetClass(i.operand[n].reg.value);
        if (kind == ZYDIS_REGCLASS_CONTROL || kind == ZYDIS_REGCLASS_DEBUG)
            return true;
    }
    return false;
}

} // namespace

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

bool traps(std::span<const u8> code)
{
    Instruction i;
    if (!decode(code, i))
        return true; // #UD
    switch (i.in.mnemonic) {
    case ZYDIS_MNEMONIC_INT: case ZYDIS_MNEMONIC_INT3: case ZYDIS_MNEMONIC_INT1: case ZYDIS_MNEMONIC_CLI:
    case ZYDIS_MNEMONIC_STI: case ZYDIS_MNEMONIC_HLT: case ZYDIS_MNEMONIC_IN: case ZYDIS_MNEMONIC_OUT:
    case ZYDIS_MNEMONIC_INSB: case ZYDIS_MNEMONIC_INSW: case ZYDIS_MNEMONIC_INSD: case ZYDIS_MNEMONIC_OUTSB:
    case ZYDIS_MNEMONIC_OUTSW: case ZYDIS_MNEMONIC_OUTSD: case ZYDIS_MNEMONIC_RDMSR: case ZYDIS_MNEMONIC_WRMSR:
    case ZYDIS_MNEMONIC_LIDT: case ZYDIS_MNEMONIC_UD2: return true;
    case ZYDIS_MNEMONIC_MOV: return moves_special(i);
    default: return false;
    }
}

bool memory_operand(const abi::pt_regs& regs, std::span<const u8> code, u64& address)
{
    Instruction i;
    if (!decode(code, i))
        return false;
    abi::pt_regs copy = regs;
    for (unsigned n = 0; n < i.in.operand_count_visible; ++n)
        if (i.operand[n].type == ZYDIS_OPERAND_TYPE_MEMORY) {
            address = effective_address(copy, i, i.operand[n]);
            return true;
        }
    return false;
}

} // namespace irqlab::kernel

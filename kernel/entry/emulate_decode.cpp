// Instructions of drivers as Zydis decodes them: operands, addresses, and which of them trap. [SDM2]
#include "kernel/entry/emulate_inside.hpp"

namespace irqlab::kernel {

namespace emulate_inside {

bool decode(std::span<const u8> code, Instruction& i)
{
    static const ZydisDecoder decoder = [] {
        ZydisDecoder d;
        ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        return d;
    }();
    return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data(), code.size(), &i.in, i.operand));
}

namespace {

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

} // namespace

unsigned long* field_of(abi::pt_regs& r, const ZydisDecodedOperand& o)
{
    return field_of(r, ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, o.reg.value));
}

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

} // namespace emulate_inside

using namespace emulate_inside;

bool traps(std::span<const u8> code)
{
    Instruction i;
    if (!decode(code, i))
        return true; // #UD
    switch (i.in.mnemonic) {
    case ZYDIS_MNEMONIC_INT:
    case ZYDIS_MNEMONIC_INT3:
    case ZYDIS_MNEMONIC_INT1:
    case ZYDIS_MNEMONIC_CLI:
    case ZYDIS_MNEMONIC_STI:
    case ZYDIS_MNEMONIC_HLT:
    case ZYDIS_MNEMONIC_IN:
    case ZYDIS_MNEMONIC_OUT:
    case ZYDIS_MNEMONIC_INSB:
    case ZYDIS_MNEMONIC_INSW:
    case ZYDIS_MNEMONIC_INSD:
    case ZYDIS_MNEMONIC_OUTSB:
    case ZYDIS_MNEMONIC_OUTSW:
    case ZYDIS_MNEMONIC_OUTSD:
    case ZYDIS_MNEMONIC_RDMSR:
    case ZYDIS_MNEMONIC_WRMSR:
    case ZYDIS_MNEMONIC_LIDT:
    case ZYDIS_MNEMONIC_UD2: return true;
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

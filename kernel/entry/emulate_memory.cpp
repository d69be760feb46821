// Moves to and from device memory by plain instructions. See the header. [SDM2] "MOV", "MOVZX", "MOVSX"
#include "kernel/entry/emulate_memory.hpp"

#include "kernel/entry/emulate_inside.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"

namespace irqlab::kernel {

using namespace emulate_inside;

namespace {

bool is_mapped(const Kernel& k, u64 address)
{
    for (const IoMapping* at = k.memory->mappings; at; at = at->next)
        if (at->live && address - at->cookie < at->size)
            return true;
    return false;
}

bool is_high_byte(ZydisRegister reg) { return reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH; }

u64 sign_extended(u64 value, unsigned width)
{
    const unsigned unused = 64 - 8 * width;
    return static_cast<u64>(static_cast<i64>(value << unused) >> unused);
}

/// What is stored: a register or a constant. @return false: neither.
bool source_value(abi::pt_regs& r, const ZydisDecodedOperand& o, u64& value)
{
    if (o.type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
        value = o.imm.value.u;
        return true;
    }
    const unsigned long* field = o.type == ZYDIS_OPERAND_TYPE_REGISTER ? field_of(r, o) : nullptr;
    if (!field || is_high_byte(o.reg.value))
        return false;
    value = *field;
    return true;
}

bool load(abi::pt_regs& r, const Instruction& i, u64 address)
{
    const ZydisDecodedOperand &to = i.operand[0], &from = i.operand[1];
    unsigned long* field = field_of(r, to);
    if (!field || is_high_byte(to.reg.value))
        return false;
    const unsigned width = from.size / 8u;
    u64 value = abi::__lab_mmio_read(reinterpret_cast<const void*>(address), static_cast<int>(width));
    if (i.in.mnemonic == ZYDIS_MNEMONIC_MOVSX || i.in.mnemonic == ZYDIS_MNEMONIC_MOVSXD)
        value = sign_extended(value, width);
    put_low(*field, value, to.size / 8u);
    return true;
}

bool store(abi::pt_regs& r, const Instruction& i, u64 address)
{
    u64 value = 0;
    if (!source_value(r, i.operand[1], value))
        return false;
    abi::__lab_mmio_write(reinterpret_cast<void*>(address), value, i.operand[0].size / 8);
    return true;
}

bool is_move(ZydisMnemonic m)
{
    return m == ZYDIS_MNEMONIC_MOV || m == ZYDIS_MNEMONIC_MOVZX || m == ZYDIS_MNEMONIC_MOVSX ||
           m == ZYDIS_MNEMONIC_MOVSXD;
}

} // namespace

bool move_device_memory(Kernel& k, abi::pt_regs& r, u64 address, std::span<const u8> code)
{
    Instruction i;
    if (!is_mapped(k, address) || !decode(code, i) || !is_move(i.in.mnemonic))
        return false;
    const bool stores = i.operand[0].type == ZYDIS_OPERAND_TYPE_MEMORY;
    if (!(stores ? store(r, i, address) : load(r, i, address)))
        return false;
    r.ip += i.in.length;
    return true;
}

} // namespace irqlab::kernel

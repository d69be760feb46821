// Port instructions of drivers: IN, OUT and their string forms. [SDM2]
#include "kernel/entry/emulate_inside.hpp"

namespace irqlab::kernel::emulate_inside {

Emulation Execution::port()
{
    const bool in = i_.in.mnemonic == ZYDIS_MNEMONIC_IN;
    const ZydisDecodedOperand& data = i_.operand[in ? 0 : 1];
    const ZydisDecodedOperand& where = i_.operand[in ? 1 : 0];
    const auto number =
        static_cast<u16>(where.type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? where.imm.value.u : r_.dx);
    const unsigned width = port_width(data);
    hw::retire(core_.cpu);
    ++ports_;
    if (in)
        put_low(r_.ax, hw::port_read(machine_, cpu_.index, number, width, cpu_.signals), width);
    else
        hw::port_write(machine_, cpu_.index, number, width,
                       static_cast<u32>(width == 4 ? r_.ax : r_.ax & ((u64{1} << width * 8) - 1)),
                       cpu_.signals);
    return done(Next::window);
}

// rep ins/outs: rcx and the pointer move with each cycle, as they stand when an interrupt comes between.
Emulation Execution::port_string(bool in)
{
    const unsigned width = i_.in.mnemonic == ZYDIS_MNEMONIC_INSB || i_.in.mnemonic == ZYDIS_MNEMONIC_OUTSB ? 1
                           : i_.in.mnemonic == ZYDIS_MNEMONIC_INSW || i_.in.mnemonic == ZYDIS_MNEMONIC_OUTSW
                               ? 2
                               : 4;
    const bool repeated =
        (i_.in.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE)) != 0;
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

} // namespace irqlab::kernel::emulate_inside

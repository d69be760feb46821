// Reset states, and which states there are. See the header.
#include "hw/cpu/cpu.hpp"

#include "hw/cpu/tables.hpp"

namespace irqlab::hw {
namespace {

// Linux's segments, which the reset state has already: the lab starts where a 64-bit kernel has set itself
// up.
constexpr u16 kernel_cs = 0x10;
constexpr u16 kernel_ss = 0x18;

bool is_bool(const bool& flag)
{
    u8 byte = 0;
    std::memcpy(&byte, &flag, 1); // A byte from outside need not be 0 or 1.
    return byte <= 1;
}

bool bools_valid(const Cpu& cpu)
{
    for (const bool* flag : {&cpu.sti_shadow, &cpu.mov_ss_shadow, &cpu.nmi_blocked, &cpu.smi_pending,
                             &cpu.init_pending, &cpu.startup_pending})
        if (!is_bool(*flag))
            return false;
    return !cpu.sti_shadow || !cpu.mov_ss_shadow;
}

bool tss_valid(const SystemSegment& tr)
{
    return tr.type == 0 || tr.type == tss16_available || tr.type == tss16_busy || tr.type == tss_available ||
           tr.type == tss_busy;
}

} // namespace

void reset(Cpu& cpu, bool bsp)
{
    cpu = {};
    cpu.rflags = rflags::at_reset;
    cpu.dr6 = dr6::at_reset;
    cpu.cs = kernel_cs;
    cpu.ss = kernel_ss;
    cpu.state = bsp ? CpuState::running : CpuState::wait_for_sipi;
}

void reset_to_real_mode(Cpu& cpu)
{
    constexpr u16 reset_cs = 0xf000;
    reset(cpu, true);
    cpu.mode = CpuMode::real;
    cpu.idtr.limit = cpu.gdtr.limit = 0xffff;
    cpu.cs = reset_cs;
    cpu.ss = 0;
}

bool valid(const Cpu& cpu)
{
    const bool flags = rflags::Fixed::test(cpu.rflags) && (cpu.rflags & ~rflags::defined) == 0 &&
                       !rflags::Vm::test(cpu.rflags);
    const bool debug = (cpu.dr6 & ~dr6::conditions) == (dr6::at_reset & ~dr6::conditions) &&
                       (cpu.pending_debug & ~dr6::conditions) == 0;
    return bools_valid(cpu) && flags && debug && cpu.mode <= CpuMode::real &&
           cpu.state <= CpuState::shutdown && cpu.idtr.limit <= 0xffff && cpu.gdtr.limit <= 0xffff &&
           tss_valid(cpu.tr) && (cpu.ldtr.type == 0 || cpu.ldtr.type == ldt_segment) &&
           cpu.nmi_latched <= (cpu.nmi_blocked ? 1 : 2) && cpu.unused[0] == 0 && cpu.unused[1] == 0;
}

} // namespace irqlab::hw

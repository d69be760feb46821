// IRET with its checks. See deliver.hpp.
#include "hw/cpu/deliver_inside.hpp"

namespace irqlab::hw {
namespace {

Fault named_fault(u8 vector, u64 selector) { return {vector, static_cast<u32>(selector & 0xfffc)}; }

/// Which flags IRET takes from the stack. [SDM2] "IRET", RETURN-TO-SAME-PRIVILEGE-LEVEL
u64 restored_flags(const Cpu& cpu, unsigned width)
{
    using namespace rflags;
    constexpr u64 arithmetic = 0xcd5 | Tf::mask | Nt::mask;
    constexpr u64 wide = Rf::mask | Ac::mask | Id::mask;
    const unsigned level = cpl(cpu);
    u64 mask = arithmetic | (width > 2 ? wide : 0);
    if (level <= Iopl::get(cpu.rflags))
        mask |= If::mask;
    if (level == 0)
        mask |= Iopl::mask | (width > 2 ? Vif::mask | Vip::mask : 0);
    return mask;
}

void take_flags(Cpu& cpu, const Frame& frame)
{
    const u64 mask = restored_flags(cpu, frame.width);
    cpu.rflags = (cpu.rflags & ~mask) | (frame.flags & mask) | rflags::Fixed::mask;
}

Fault check_return_code(Cpu& cpu, const Memory& memory, u16 selector, Descriptor& code)
{
    const unsigned rpl = selector & 3u;
    if (is_null(selector))
        return {exc_gp, 0};
    if (is_flat(cpu))
        code = flat_code(cpu, selector);
    else if (const Fault fault = read_descriptor(cpu, memory, selector, exc_gp, 0, code); fault.vector != 0)
        return fault;
    const bool privilege = is_conforming(code) ? code.dpl <= rpl : code.dpl == rpl;
    if (!is_code(code) || rpl < cpl(cpu) || !privilege)
        return named_fault(exc_gp, selector);
    if (cpu.mode == CpuMode::ia32e && code.long_code && code.big)
        return named_fault(exc_gp, selector); // a size that there is not
    return code.present ? no_fault : named_fault(exc_np, selector);
}

/// A null SS is good for 64-bit code below the user's level.
Fault check_return_stack(Cpu& cpu, const Memory& memory, u16 selector, unsigned rpl, const Descriptor& code)
{
    if (is_null(selector))
        return cpu.mode == CpuMode::ia32e && code.long_code && rpl != 3 ? no_fault : Fault{exc_gp, 0};
    if (is_flat(cpu))
        return no_fault;
    Descriptor stack{};
    if (const Fault fault = read_descriptor(cpu, memory, selector, exc_gp, 0, stack); fault.vector != 0)
        return fault;
    if ((selector & 3u) != rpl || stack.dpl != rpl || !is_writable_data(stack))
        return named_fault(exc_gp, selector);
    return stack.present ? no_fault : named_fault(exc_ss, selector);
}

Fault check_target(const Cpu& cpu, const Descriptor& code, u64 ip)
{
    const bool long_code = cpu.mode == CpuMode::ia32e && code.long_code;
    const bool good = long_code ? canonical(ip) : ip <= code.limit;
    return good ? no_fault : Fault{exc_gp, 0};
}

/// IRET of 64-bit code pops SS:RSP always; a CS that its table has no more was 64-bit.
bool in_long_code(Cpu& cpu, const Memory& memory)
{
    Descriptor code{};
    const u64 cr2 = cpu.cr2;
    const bool known = !is_flat(cpu) && read_descriptor(cpu, memory, cpu.cs, exc_gp, 0, code).vector == 0;
    cpu.cr2 = cr2;
    return cpu.mode == CpuMode::ia32e && (!known || code.long_code);
}

Returned return_real(Cpu& cpu, const Frame& frame)
{
    if (frame.ip > 0xffff)
        return {{exc_gp, 0}, Diagnosis::none};
    take_flags(cpu, frame);
    cpu.cs = static_cast<u16>(frame.cs);
    return {no_fault, Diagnosis::none};
}

Returned return_protected(Cpu& cpu, const Memory& memory, const Frame& frame)
{
    const u16 cs = static_cast<u16>(frame.cs);
    const u16 ss = static_cast<u16>(frame.ss);
    Descriptor code{};
    if (const Fault fault = check_return_code(cpu, memory, cs, code); fault.vector != 0)
        return {fault, Diagnosis::none};
    const bool pops_stack = (cs & 3u) != cpl(cpu) || in_long_code(cpu, memory);
    if (pops_stack)
        if (const Fault fault = check_return_stack(cpu, memory, ss, cs & 3u, code); fault.vector != 0)
            return {fault, Diagnosis::none};
    if (const Fault fault = check_target(cpu, code, frame.ip); fault.vector != 0)
        return {fault, Diagnosis::none};
    take_flags(cpu, frame);
    cpu.cs = cs;
    if (pops_stack)
        cpu.ss = ss;
    return {no_fault, Diagnosis::none};
}

} // namespace

Returned iret_checked(Cpu& cpu, const Memory& memory, const Frame& frame)
{
    // NMIs are let through again even when the IRET faults. [SDM3] "Handling Multiple NMIs"
    cpu.nmi_blocked = false;
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
    if (cpu.mode == CpuMode::real)
        return return_real(cpu, frame);
    if (rflags::Nt::test(cpu.rflags)) // a return to the task that was left; there are none in IA-32e mode
        return {{exc_gp, 0}, cpu.mode == CpuMode::ia32e ? Diagnosis::none : Diagnosis::cpu_task_switch};
    const bool to_virtual = frame.width == 4 && rflags::Vm::test(frame.flags) && cpl(cpu) == 0;
    if (to_virtual && cpu.mode == CpuMode::protected_mode)
        return {{exc_gp, 0}, Diagnosis::cpu_virtual_8086};
    return return_protected(cpu, memory, frame);
}

} // namespace irqlab::hw

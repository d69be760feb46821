// Inside hw: what nearly every delivery is, a 64-bit gate to the same privilege on the same stack. Inline:
// this is the hot path.
#pragma once
#include "hw/cpu/deliver_inside.hpp"

namespace irqlab::hw {

inline constexpr unsigned word_bytes = 8;

/// Faults that restart their instruction push RF set, so that an instruction breakpoint does not hit twice.
/// [SDM3] "Instruction-Breakpoint Exception Condition": not interrupts, not traps, not aborts, nor #DB, whose
/// handler sets RF itself.
inline bool pushes_rf(const Attempt& attempt)
{
    if (attempt.event != Event::exception)
        return false;
    switch (attempt.vector) {
    case exc_db:
    case exc_bp:
    case exc_of:
    case exc_df:
    case exc_mc: return false;
    default: return true;
    }
}

/// The stack pointer behind a frame of 64-bit words. [SDM3] "64-Bit Mode Stack Frame"
constexpr u64 below(u64 top, unsigned words) { return (top & ~u64{15}) - u64{words} * word_bytes; }

[[gnu::always_inline]] inline bool stack_canonical(u64 lowest, u64 top)
{
    return canonical(lowest) && canonical((top & ~u64{15}) - word_bytes);
}

/// A present interrupt or trap gate without IST: types 14 and 15 differ in the lowest bit.
inline constexpr u64 plain_gate_mask = u64{7} << 32 | u64{0x9e} << 40; // IST, P, S, three bits of the type
inline constexpr u64 plain_gate = u64{0x8e} << 40;
inline constexpr u64 trap_gate = u64{1} << 40;
constexpr unsigned gate_dpl(u64 low) { return static_cast<unsigned>(low >> 45 & 3); }

/// 64-bit code, present, not conforming, of privilege `dpl`; accessed, readable and the ignored fields are
/// any.
inline constexpr u64 plain_code_mask = u64{0x60fc} << 40; // D, L, P, DPL, S, code, conforming
constexpr u64 plain_code(unsigned dpl) { return u64{0x2098u | dpl << 5} << 40; }

/// A code segment of the GDT that a gate may name without a change of privilege.
[[gnu::always_inline]] inline bool plain_target(const Cpu& cpu, const Region& gdt, u16 selector)
{
    if (is_null(selector))
        return false;
    if (is_flat(cpu))
        return (selector & 3u) == (cpu.cs & 3u);
    const u32 at = selector & 0xfffcu; // with TI set it is no multiple of 8
    const u64 inside = cpu.gdtr.base + at - gdt.address;
    if ((at & 7) != 0 || at + descriptor_bytes - 1 > cpu.gdtr.limit || !covers(gdt, inside, descriptor_bytes))
        return false;
    u64 descriptor = 0;
    std::memcpy(&descriptor, gdt.bytes + inside, sizeof descriptor);
    return (descriptor & plain_code_mask) == plain_code(cpu.cs & 3u);
}

/// The flags that every handler starts without. [SDM3] "Flag Usage By Exception- or Interrupt-Handler
/// Procedure"; in real mode [SDM2] "INT n" has AC instead of NT.
constexpr u64 cleared_by(CpuMode mode)
{
    using namespace rflags;
    return mode == CpuMode::real ? Tf::mask | Rf::mask | Ac::mask : Tf::mask | Nt::mask | Rf::mask | Vm::mask;
}

/// What every delivery does first, whatever comes of it.
[[gnu::always_inline]] inline void begin(Cpu& cpu, Event event, Delivered& result)
{
    result.outcome = Delivered::Outcome::entered;
    result.diagnosis = Diagnosis::none;
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
    cpu.state = CpuState::running;
    if (event != Event::nmi)
        return;
    cpu.nmi_blocked = true;
    cpu.nmi_latched = cpu.nmi_latched > 1; // one less, and no more than one
}

/// False: something is different, and nothing was done.
[[gnu::always_inline]] inline bool enter_plain(Cpu& cpu, const Region& idt, const Region& gdt,
                                               const Attempt& attempt, u64 sp, Delivered& result)
{
    const u32 at = attempt.vector * gate_bytes;
    const u64 inside = cpu.idtr.base + at - idt.address;
    if (cpu.mode != CpuMode::ia32e || at + gate_bytes - 1 > cpu.idtr.limit ||
        !covers(idt, inside, gate_bytes))
        return false;
    u64 low = 0;
    u32 high = 0;
    std::memcpy(&low, idt.bytes + inside, sizeof low);
    std::memcpy(&high, idt.bytes + inside + sizeof low, sizeof high);
    const u16 selector = static_cast<u16>(low >> 16);
    const u64 offset = (low & 0xffff) | (low >> 48) << 16 | u64{high} << 32;
    if ((low & plain_gate_mask) != plain_gate || !canonical(offset) || !plain_target(cpu, gdt, selector) ||
        (is_software(attempt.event) && gate_dpl(low) < cpl(cpu)))
        return false;
    const bool error = has_error_code(attempt);
    const u64 behind = below(sp, error ? 6 : 5);
    if (!stack_canonical(behind, sp))
        return false;
    begin(cpu, attempt.event, result);
    const u64 flags = cpu.rflags | (pushes_rf(attempt) ? rflags::Rf::mask : 0);
    result.vector = attempt.vector;
    result.ist = 0;
    result.offset = offset;
    result.sp = behind;
    result.frame = {attempt.ip,     cpu.cs, flags, sp,        cpu.ss, error ? attempt.error_code : 0,
                    attempt.vector, error,  true,  word_bytes};
    const u64 if_too = (low & trap_gate) == 0 ? rflags::If::mask : 0;
    cpu.rflags &= ~(cleared_by(CpuMode::ia32e) | if_too);
    cpu.cs = static_cast<u16>((selector & 0xfffcu) | cpl(cpu));
    return true;
}

} // namespace irqlab::hw

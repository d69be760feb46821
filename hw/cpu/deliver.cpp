// Delivery: the quick way through a 64-bit gate to the same privilege, the checks of all modes, faults of
// delivery itself. See the header.
#include "hw/cpu/deliver.hpp"

#include "hw/cpu/deliver_inside.hpp"
#include "hw/cpu/priority.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned word_bytes = 8;

/// Faults that restart their instruction push RF set, so that an instruction breakpoint does not hit twice.
/// [SDM3] "Instruction-Breakpoint Exception Condition": not interrupts, not traps, not aborts, nor #DB, whose
/// handler sets RF itself.
bool pushes_rf(const Attempt& attempt)
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

/// 64-bit code, present, not conforming, of privilege `dpl`; accessed, readable and the ignored fields are
/// any.
constexpr u64 plain_code_mask = u64{0x60fc} << 40; // D, L, P, DPL, S, code, conforming
constexpr u64 plain_code(unsigned dpl) { return u64{0x2098u | dpl << 5} << 40; }

/// A code segment of the GDT that a gate may name without a change of privilege.
[[gnu::always_inline]] inline bool plain_target(const Cpu& cpu, const Region& gdt, u16 selector)
{
    if (is_flat(cpu))
        return (selector & 3u) == (cpu.cs & 3u);
    const u32 at = selector & 0xfff8u;
    u64 descriptor = 0;
    return selector_error::Table::test(selector) == false && (at | 7) <= cpu.gdtr.limit &&
           fetch(gdt, cpu.gdtr.base + at, &descriptor, sizeof descriptor) &&
           (descriptor & plain_code_mask) == plain_code(cpu.cs & 3u);
}

/// What nearly every delivery is: a 64-bit interrupt or trap gate, the same privilege, the same stack.
/// False: something is different, and nothing was done.
[[gnu::always_inline]] inline bool resolve_plain(const Cpu& cpu, const Memory& memory, const Attempt& attempt,
                                                 u64 sp, Entry& entry)
{
    const u32 at = attempt.vector * gate_bytes;
    u64 half[2];
    if (cpu.mode != CpuMode::ia32e || at + gate_bytes - 1 > cpu.idtr.limit ||
        !fetch(memory.idt, cpu.idtr.base + at, half, sizeof half))
        return false;
    const Gate gate = decode_gate(half[0], half[1] & 0xffffffff);
    const bool usable = gate.type >= Gate::Type::interrupt && gate.present && gate.ist == 0 &&
                        !is_null(gate.selector) && canonical(gate.offset);
    if (!usable || (is_software(attempt.event) && gate.dpl < cpl(cpu)) ||
        !plain_target(cpu, memory.gdt, gate.selector))
        return false;
    const bool error = has_error_code(attempt);
    const u64 behind = below(sp, error ? 6 : 5);
    if (!stack_canonical(behind, sp))
        return false;
    entry = {gate.offset, behind, static_cast<u16>((gate.selector & 0xfffcu) | cpl(cpu)),
             cpu.ss,      0,      word_bytes,
             true,        error,  gate.type == Gate::Type::interrupt,
             false};
    return true;
}

/// A stack pointer out of the 64-bit TSS. [SDM3] "Interrupt Stack Table"
Fault read_tss64(Cpu& cpu, const Memory& memory, u64 at, u32 extra, u64& sp)
{
    if (at + 7 > cpu.tr.limit)
        return {exc_ts, named(cpu.tr.selector, extra)};
    if (!fetch(memory, cpu.tr.base + at, &sp, sizeof sp))
        return not_mapped(cpu, cpu.tr.base + at);
    return no_fault;
}

Fault new_stack64(Cpu& cpu, const Memory& memory, const Gate& gate, const Attempt& attempt, bool inner,
                  unsigned new_cpl, u64& sp)
{
    if (is_flat(cpu) || (gate.ist == 0 && !inner))
        return no_fault;
    const u64 at = gate.ist != 0 ? gate.ist * 8u + 28 : new_cpl * 8u + 4;
    return read_tss64(cpu, memory, at, ext(attempt), sp);
}

Fault resolve64(Cpu& cpu, const Memory& memory, const Attempt& attempt, u64 sp, Entry& entry)
{
    const u32 at = attempt.vector * gate_bytes;
    if (at + gate_bytes - 1 > cpu.idtr.limit)
        return {exc_gp, idt_error(attempt)};
    u64 half[2];
    if (!fetch(memory, cpu.idtr.base + at, half, sizeof half))
        return not_mapped(cpu, cpu.idtr.base + at);
    const Gate gate = decode_gate(half[0], half[1] & 0xffffffff);
    if (gate.type != Gate::Type::interrupt && gate.type != Gate::Type::trap)
        return {exc_gp, idt_error(attempt)};
    if (const Fault fault = check_gate(cpu, gate, attempt); fault.vector != 0)
        return fault;
    Descriptor code{};
    unsigned new_cpl = 0;
    if (const Fault fault = check_code(cpu, memory, gate, attempt, code, new_cpl); fault.vector != 0)
        return fault;
    const bool inner = new_cpl != cpl(cpu);
    if (const Fault fault = new_stack64(cpu, memory, gate, attempt, inner, new_cpl, sp); fault.vector != 0)
        return fault;
    const bool error = has_error_code(attempt);
    const u64 behind = below(sp, error ? 6 : 5);
    if (!stack_canonical(behind, sp))
        return {exc_ss, ext(attempt)};
    if (!canonical(gate.offset))
        return {exc_gp, ext(attempt)};
    // The new SS is null, with the new CPL. [SDM3] "Stack Switching in IA-32e Mode"
    entry = {gate.offset,
             behind,
             static_cast<u16>((gate.selector & 0xfffcu) | new_cpl),
             inner ? static_cast<u16>(new_cpl) : cpu.ss,
             gate.ist,
             word_bytes,
             true,
             error,
             gate.type == Gate::Type::interrupt,
             false};
    return no_fault;
}

Fault resolve(Cpu& cpu, const Memory& memory, const Attempt& attempt, u64 sp, Entry& entry)
{
    switch (cpu.mode) {
    case CpuMode::ia32e: return resolve64(cpu, memory, attempt, sp, entry);
    case CpuMode::protected_mode: return resolve_protected(cpu, memory, attempt, sp, entry);
    case CpuMode::real: return resolve_real(cpu, memory, attempt, sp, entry);
    }
    return no_fault;
}

/// The flags that every handler starts without. [SDM3] "Flag Usage By Exception- or Interrupt-Handler
/// Procedure"; in real mode [SDM2] "INT n" has AC instead of NT.
constexpr u64 cleared_by(CpuMode mode)
{
    using namespace rflags;
    return mode == CpuMode::real ? Tf::mask | Rf::mask | Ac::mask : Tf::mask | Nt::mask | Rf::mask | Vm::mask;
}

[[gnu::always_inline]] inline void enter(Cpu& cpu, const Entry& entry, const Attempt& attempt, u64 sp,
                                         Delivered& result)
{
    result.vector = attempt.vector;
    result.ist = entry.ist;
    result.offset = entry.offset;
    result.sp = entry.sp;
    const u64 flags = cpu.rflags | (pushes_rf(attempt) ? rflags::Rf::mask : 0);
    const u64 ones = entry.width == 8 ? ~u64{0} : (u64{1} << entry.width * 8) - 1;
    result.frame = {attempt.ip & ones,
                    cpu.cs,
                    flags & ones,
                    sp & ones,
                    cpu.ss,
                    entry.has_error_code ? attempt.error_code : 0,
                    attempt.vector,
                    entry.has_error_code,
                    entry.has_stack,
                    entry.width};
    cpu.rflags &= ~cleared_by(cpu.mode);
    if (entry.clears_if)
        cpu.rflags &= ~rflags::If::mask;
    cpu.cs = entry.cs;
    cpu.ss = entry.ss;
}

/// Nothing was entered: what there is to tell is where the CPU stands.
void stay(const Cpu& cpu, const Attempt& attempt, u64 sp, Delivered& result)
{
    result.vector = attempt.vector;
    result.ist = 0;
    result.offset = 0;
    result.sp = sp;
    result.frame = {attempt.ip, cpu.cs, cpu.rflags, sp, cpu.ss, 0, attempt.vector, false, false, 8};
}

unsigned length_of(Event event)
{
    switch (event) {
    case Event::software_int: return 2;
    case Event::software_exception:
    case Event::icebp: return 1;
    default: return 0;
    }
}

/// What is delivered next, after `attempt` met `fault`. An INT n restarts: its fault points at the
/// instruction.
Attempt next_attempt(const Attempt& attempt, Fault fault, Delivered::Outcome& outcome)
{
    const u64 ip = attempt.ip - length_of(attempt.event);
    switch (escalate(class_of(attempt.vector, attempt.event), class_of(fault.vector, Event::exception))) {
    case Escalation::shutdown: outcome = Delivered::Outcome::triple_fault; return attempt;
    case Escalation::double_fault:
        outcome = Delivered::Outcome::double_fault;
        return {exc_df, Event::exception, 0, ip};
    case Escalation::serial: break;
    }
    return {fault.vector, Event::exception, fault.error_code, ip};
}

/// Each round is of a graver class than the last, but for a page fault after a contributory one: at most
/// benign, contributory, page fault, #DF, shutdown.
[[gnu::noinline]] void deliver_checked(Cpu& cpu, const Memory& memory, Attempt attempt, u64 sp,
                                       Delivered& result)
{
    Entry entry{};
    Fault fault = resolve(cpu, memory, attempt, sp, entry);
    while (fault.vector != 0) {
        attempt = next_attempt(attempt, fault, result.outcome);
        if (result.outcome == Delivered::Outcome::triple_fault) {
            cpu.state = CpuState::shutdown;
            return stay(cpu, attempt, sp, result);
        }
        entry = {};
        fault = resolve(cpu, memory, attempt, sp, entry);
    }
    if (!entry.task)
        return enter(cpu, entry, attempt, sp, result);
    result.outcome = Delivered::Outcome::task_gate;
    result.diagnosis = Diagnosis::cpu_task_switch;
    stay(cpu, attempt, sp, result);
}

} // namespace

bool pushes_error_code(u8 vector)
{
    constexpr u32 with_code = 1u << exc_df | 1u << exc_ts | 1u << exc_np | 1u << exc_ss | 1u << exc_gp |
                              1u << exc_pf | 1u << exc_ac | 1u << exc_cp;
    return vector < 32 && (with_code >> vector & 1) != 0;
}

Delivered deliver(Cpu& cpu, const Memory& memory, u8 vector, Event event, u32 error_code, u64 ip, u64 sp)
{
    Delivered result;
    result.outcome = Delivered::Outcome::entered;
    result.diagnosis = Diagnosis::none;
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
    cpu.state = CpuState::running;
    if (event == Event::nmi) {
        cpu.nmi_blocked = true;
        cpu.nmi_latched = static_cast<u8>(cpu.nmi_latched - (cpu.nmi_latched != 0));
        if (cpu.nmi_latched > 1)
            cpu.nmi_latched = 1;
    }
    const Attempt first{vector, event, error_code, ip};
    Entry entry;
    if (resolve_plain(cpu, memory, first, sp, entry)) [[likely]]
        enter(cpu, entry, first, sp, result);
    else
        deliver_checked(cpu, memory, first, sp, result);
    return result;
}

unsigned write_frame(std::span<u8, frame_bytes_max> to, const Frame& frame)
{
    u8* at = to.data();
    const auto push = [&](u64 word) {
        std::memcpy(at, &word, frame.width);
        at += frame.width;
    };
    if (frame.has_error_code)
        push(frame.error_code);
    push(frame.ip);
    push(frame.cs);
    push(frame.flags);
    if (frame.has_stack) {
        push(frame.sp);
        push(frame.ss);
    }
    return static_cast<unsigned>(at - to.data());
}

} // namespace irqlab::hw

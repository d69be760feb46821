// Delivery with all its checks, and the faults of delivery itself. See the header.
#include "hw/cpu/deliver.hpp"

#include "hw/cpu/deliver_plain.hpp"
#include "hw/cpu/priority.hpp"

namespace irqlab::hw {
namespace {

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

void enter(Cpu& cpu, const Entry& entry, const Attempt& attempt, u64 sp, Delivered& result)
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

} // namespace

/// Each round is of a graver class than the last, but for a page fault after a contributory one: at most
/// benign, contributory, page fault, #DF, shutdown.
void deliver_checked(Cpu& cpu, const Memory& memory, Attempt attempt, u64 sp, Delivered& result)
{
    begin(cpu, attempt.event, result);
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

Delivered deliver(Cpu& cpu, const Memory& memory, u8 vector, Event event, u32 error_code, u64 ip, u64 sp)
{
    Delivered result;
    const Attempt first{vector, event, error_code, ip};
    if (!enter_plain(cpu, memory.idt, memory.gdt, first, sp, result))
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

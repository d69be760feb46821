// The checks of gates and segments, and delivery in protected and real mode. See deliver.hpp.
#include "hw/cpu/deliver_inside.hpp"

namespace irqlab::hw {
namespace {

constexpr Descriptor everything{0, 0xffffffff, 3, 0, true, true, false, true};
constexpr Descriptor real_stack{0, 0xffff, 3, 0, true, true, false, false};

bool is_task_state(const Descriptor& d)
{
    return !d.user && (d.type == tss16_available || d.type == tss_available || d.type == tss16_busy ||
                       d.type == tss_busy);
}
bool is_busy(const Descriptor& d) { return d.type == tss16_busy || d.type == tss_busy; }

/// [SDM2] "INT n", TASK-GATE.
Fault check_task(Cpu& cpu, const Memory& memory, const Gate& gate, const Attempt& attempt)
{
    const u32 extra = ext(attempt);
    if (selector_error::Table::test(gate.selector))
        return {exc_gp, named(gate.selector, extra)};
    Descriptor tss{};
    if (const Fault fault = read_descriptor(cpu, memory, gate.selector, exc_gp, extra, tss);
        fault.vector != 0)
        return fault;
    if (!is_task_state(tss) || is_busy(tss))
        return {exc_gp, named(gate.selector, extra)};
    if (!tss.present)
        return {exc_np, named(gate.selector, extra)};
    return no_fault;
}

/// SS and ESP of an inner level out of a 32-bit or 16-bit TSS.
Fault read_tss(Cpu& cpu, const Memory& memory, unsigned level, u32 extra, u16& ss, u64& sp)
{
    const bool wide = cpu.tr.type == tss_available || cpu.tr.type == tss_busy;
    const unsigned sp_bytes = wide ? 4 : 2;
    const u64 at = wide ? level * 8u + 4 : level * 4u + 2;
    if (at + sp_bytes + 1 > cpu.tr.limit)
        return {exc_ts, named(cpu.tr.selector, extra)};
    sp = 0;
    const u64 address = cpu.tr.base + at;
    if (!fetch(memory, address, &sp, sp_bytes) || !fetch(memory, address + sp_bytes, &ss, sizeof ss))
        return not_mapped(cpu, address);
    return no_fault;
}

Fault check_inner_stack(Cpu& cpu, const Memory& memory, u16 ss, unsigned level, u32 extra, Descriptor& stack)
{
    if (is_null(ss))
        return {exc_ts, extra};
    if (const Fault fault = read_descriptor(cpu, memory, ss, exc_ts, extra, stack); fault.vector != 0)
        return fault;
    if ((ss & 3u) != level || stack.dpl != level || !is_writable_data(stack))
        return {exc_ts, named(ss, extra)};
    if (!stack.present)
        return {exc_ss, named(ss, extra)};
    return no_fault;
}

/// The stack that the frame goes to.
struct Stack {
    Descriptor segment;
    u64 sp;
    u16 ss;
    bool inner;
};

Fault find_stack(Cpu& cpu, const Memory& memory, unsigned new_cpl, u32 extra, Stack& stack)
{
    stack.inner = new_cpl != cpl(cpu);
    stack.segment = everything;
    if (is_flat(cpu)) {
        if (stack.inner)
            stack.ss = static_cast<u16>(new_cpl);
        return no_fault;
    }
    if (stack.inner) {
        const Fault fault = read_tss(cpu, memory, new_cpl, extra, stack.ss, stack.sp);
        if (fault.vector != 0)
            return fault;
        return check_inner_stack(cpu, memory, stack.ss, new_cpl, extra, stack.segment);
    }
    // The current SS was checked when it was loaded: what its table has no more has no limit.
    const u64 cr2 = cpu.cr2;
    if (is_null(cpu.ss) || read_descriptor(cpu, memory, cpu.ss, exc_ss, 0, stack.segment).vector != 0)
        stack.segment = everything;
    cpu.cr2 = cr2;
    return no_fault;
}

bool in_segment(const Descriptor& d, u64 at, unsigned bytes)
{
    const u64 last = at + bytes - 1;
    if (is_expand_down(d))
        return at > d.limit && last <= (d.big ? 0xffffffffu : 0xffffu);
    return last <= d.limit;
}

} // namespace

Fault read_descriptor(Cpu& cpu, const Memory& memory, u16 selector, u8 vector, u32 extra, Descriptor& to)
{
    const bool local = selector_error::Table::test(selector);
    const u64 base = local ? cpu.ldtr.base : cpu.gdtr.base;
    const u64 limit = local ? cpu.ldtr.limit : cpu.gdtr.limit;
    const u64 at = selector & 0xfff8u;
    if (at + descriptor_bytes - 1 > limit || (local && cpu.ldtr.type == 0))
        return {vector, named(selector, extra)};
    u64 bits = 0;
    if (!fetch(memory.gdt, base + at, &bits, sizeof bits) && !fetch(memory, base + at, &bits, sizeof bits))
        return not_mapped(cpu, base + at);
    to = decode_descriptor(bits);
    return no_fault;
}

Fault check_gate(const Cpu& cpu, const Gate& gate, const Attempt& attempt)
{
    if (is_software(attempt.event) && gate.dpl < cpl(cpu))
        return {exc_gp, idt_error(attempt)};
    if (!gate.present)
        return {exc_np, idt_error(attempt)};
    return no_fault;
}

Fault check_code(Cpu& cpu, const Memory& memory, const Gate& gate, const Attempt& attempt, Descriptor& code,
                 unsigned& new_cpl)
{
    const u32 extra = ext(attempt);
    if (is_null(gate.selector))
        return {exc_gp, extra};
    if (is_flat(cpu))
        code = flat_code(cpu, gate.selector);
    else if (const Fault fault = read_descriptor(cpu, memory, gate.selector, exc_gp, extra, code);
             fault.vector != 0)
        return fault;
    const bool right_size = cpu.mode != CpuMode::ia32e || (code.long_code && !code.big);
    if (!is_code(code) || code.dpl > cpl(cpu) || !right_size)
        return {exc_gp, named(gate.selector, extra)};
    if (!code.present)
        return {exc_np, named(gate.selector, extra)};
    new_cpl = is_conforming(code) ? cpl(cpu) : code.dpl;
    return no_fault;
}

u64 pushed(const Descriptor& stack, u64 sp, unsigned bytes)
{
    if (stack.big)
        return static_cast<u32>(sp - bytes);
    return (sp & 0xffff0000) | static_cast<u16>(sp - bytes);
}

bool has_room(const Descriptor& stack, u64 sp, unsigned width, unsigned words)
{
    const u64 ones = stack.big ? 0xffffffff : 0xffff;
    for (unsigned n = 1; n <= words; ++n)
        if (!in_segment(stack, pushed(stack, sp, n * width) & ones, width))
            return false;
    return true;
}

Fault resolve_protected(Cpu& cpu, const Memory& memory, const Attempt& attempt, u64 sp, Entry& entry)
{
    const u32 at = attempt.vector * gate32_bytes;
    if (at + gate32_bytes - 1 > cpu.idtr.limit)
        return {exc_gp, idt_error(attempt)};
    u64 bits = 0;
    if (!fetch(memory, cpu.idtr.base + at, &bits, sizeof bits))
        return not_mapped(cpu, cpu.idtr.base + at);
    Gate gate = decode_gate(bits, 0);
    const bool narrow = gate.type == Gate::Type::interrupt16 || gate.type == Gate::Type::trap16;
    const bool wide = gate.type == Gate::Type::interrupt || gate.type == Gate::Type::trap;
    if (!narrow && !wide && gate.type != Gate::Type::task)
        return {exc_gp, idt_error(attempt)};
    if (const Fault fault = check_gate(cpu, gate, attempt); fault.vector != 0)
        return fault;
    entry.task = gate.type == Gate::Type::task;
    if (entry.task)
        return check_task(cpu, memory, gate, attempt);
    if (narrow)
        gate.offset &= 0xffff;

    Descriptor code{};
    unsigned new_cpl = 0;
    if (const Fault fault = check_code(cpu, memory, gate, attempt, code, new_cpl); fault.vector != 0)
        return fault;
    const u32 extra = ext(attempt);
    Stack stack{{}, sp, cpu.ss, false};
    if (const Fault fault = find_stack(cpu, memory, new_cpl, extra, stack); fault.vector != 0)
        return fault;
    const bool error = has_error_code(attempt);
    const unsigned width = narrow ? 2 : 4;
    const unsigned words = 3u + (error ? 1 : 0) + (stack.inner ? 2 : 0);
    if (!has_room(stack.segment, stack.sp, width, words))
        return {exc_ss, stack.inner ? named(stack.ss, extra) : extra};
    if (gate.offset > code.limit)
        return {exc_gp, extra};
    entry = {gate.offset,
             pushed(stack.segment, stack.sp, width * words),
             static_cast<u16>((gate.selector & 0xfffcu) | new_cpl),
             stack.ss,
             0,
             static_cast<u8>(width),
             stack.inner,
             error,
             !leaves_if(gate.type),
             false};
    return no_fault;
}

// No paging, no privilege, no error codes: what is not there reads as ones.
Fault resolve_real(Cpu& cpu, const Memory& memory, const Attempt& attempt, u64 sp, Entry& entry)
{
    constexpr unsigned width = 2, words = 3;
    const u32 at = attempt.vector * gate16_bytes;
    if (at + gate16_bytes - 1 > cpu.idtr.limit)
        return {exc_gp, 0};
    u16 word[2] = {0xffff, 0xffff};
    fetch(memory, cpu.idtr.base + at, word, sizeof word);
    if (!has_room(real_stack, sp, width, words))
        return {exc_ss, 0};
    entry = {word[0], pushed(real_stack, sp, width * words), word[1], cpu.ss, 0, width, false, false, true,
             false};
    return no_fault;
}

} // namespace irqlab::hw

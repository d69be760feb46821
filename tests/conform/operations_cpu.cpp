// Operations on a CPU: its tables, flags and shadows, what it takes, and what a delivery pushed.
//
// A step has no registers but the CPU's: ip and sp stand in `at`, and frames that were pushed wait for
// `iret`. Both belong to the case that runs.
#include <vector>

#include "hw/cpu/priority.hpp"
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

struct Scratch {
    u64 ip = 0x1000, sp = 0x2000;
    std::vector<hw::Delivered> frames; // the last one is on top
};
thread_local Scratch scratch;

constexpr u64 shut_down = 0x200, task_switch = 0x300;

hw::Cpu& cpu_of(hw::Machine& m, const Step& s) { return m.core[s.cpu].cpu; }

u64 answer(const hw::Delivered& d)
{
    scratch.frames.push_back(d);
    switch (d.outcome) {
    case hw::Delivered::Outcome::triple_fault: return shut_down;
    case hw::Delivered::Outcome::task_gate: return task_switch;
    default: return d.vector;
    }
}

u64 raise(hw::Machine& m, const Step& s, hw::Event event)
{
    return answer(hw::deliver(m, s.cpu, static_cast<u8>(s.argument[0]), event,
                              static_cast<u32>(s.argument[1]), scratch.ip, scratch.sp));
}

// --- what is set up

u64 mode(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::Cpu& cpu = cpu_of(m, s);
    cpu.mode = s.argument[0] == 64   ? hw::CpuMode::ia32e
               : s.argument[0] == 32 ? hw::CpuMode::protected_mode
                                     : hw::CpuMode::real;
    return 0;
}

/// IDT, GDT and TSS at the CPU's own memory, with these limits; TR's selector is 40h.
u64 tables(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::Cpu& cpu = cpu_of(m, s);
    cpu.idtr = {hw::idt_page_address, s.argument[0] & 0xffff};
    cpu.gdtr = {hw::gdt_address(s.cpu), s.argument[1] & 0xffff};
    cpu.tr = {hw::tss_address(s.cpu), static_cast<u32>(s.argument[2]), 0x40, hw::tss_busy};
    return 0;
}

template <std::size_t Size> void put(std::array<u8, Size>& table, u64 at, u64 value, unsigned bytes)
{
    if (at < Size && Size - at >= bytes)
        std::memcpy(table.data() + at, &value, bytes);
}

/// A gate of the mode that the CPU is in. `access`: bits 3:0 type, 6:5 DPL, 7 P, 10:8 IST.
u64 gate(hw::Machine& m, const Step& s, hw::Signals&)
{
    const u64 vector = s.argument[0] & 0xff, offset = s.argument[1], selector = s.argument[2] & 0xffff;
    const u64 access = s.argument[3];
    if (cpu_of(m, s).mode == hw::CpuMode::real) {
        put(m.idt_page, vector * 4, (offset & 0xffff) | selector << 16, 4);
        return 0;
    }
    const u64 low = (offset & 0xffff) | selector << 16 | (access >> 8 & 7) << 32 | (access & 0xff) << 40 |
                    (offset >> 16 & 0xffff) << 48;
    const bool wide = cpu_of(m, s).mode == hw::CpuMode::ia32e;
    put(m.idt_page, vector * (wide ? 16 : 8), low, 8);
    if (wide)
        put(m.idt_page, vector * 16 + 8, offset >> 32, 8);
    return 0;
}

u64 gdt(hw::Machine& m, const Step& s, hw::Signals&)
{
    put(m.core[s.cpu].gdt, s.argument[0] & 0xfff8, s.argument[1], 8);
    return 0;
}

u64 tss(hw::Machine& m, const Step& s, hw::Signals&)
{
    put(m.core[s.cpu].tss, s.argument[0], s.argument[1], s.width != 0 ? s.width : 8);
    return 0;
}

u64 at(hw::Machine&, const Step& s, hw::Signals&)
{
    scratch.ip = s.argument[0];
    scratch.sp = s.argument[1];
    return 0;
}

u64 set_segments(hw::Machine& m, const Step& s, hw::Signals&)
{
    cpu_of(m, s).cs = static_cast<u16>(s.argument[0]);
    cpu_of(m, s).ss = static_cast<u16>(s.argument[1]);
    return 0;
}

u64 set_flags(hw::Machine& m, const Step& s, hw::Signals&)
{
    cpu_of(m, s).rflags =
        (s.argument[0] & hw::rflags::defined & ~hw::rflags::Vm::mask) | hw::rflags::Fixed::mask;
    return 0;
}

// --- instructions

template <void (*Instruction)(hw::Cpu&)> u64 execute(hw::Machine& m, const Step& s, hw::Signals&)
{
    Instruction(cpu_of(m, s));
    return 0;
}

u64 int_n(hw::Machine& m, const Step& s, hw::Signals&) { return raise(m, s, hw::Event::software_int); }
u64 int3(hw::Machine& m, const Step& s, hw::Signals&)
{
    return answer(
        hw::deliver(m, s.cpu, hw::exc_bp, hw::Event::software_exception, 0, scratch.ip, scratch.sp));
}
u64 int1(hw::Machine& m, const Step& s, hw::Signals&)
{
    return answer(hw::deliver(m, s.cpu, hw::exc_db, hw::Event::icebp, 0, scratch.ip, scratch.sp));
}

/// The last frame. Answers the vector of the fault that IRET meets, or 100h.
u64 iret(hw::Machine& m, const Step& s, hw::Signals&)
{
    if (scratch.frames.empty())
        return nothing_to_take;
    const hw::Frame frame = scratch.frames.back().frame;
    const hw::Returned back = hw::iret_checked(cpu_of(m, s), hw::table_memory(m, s.cpu), frame);
    if (back.fault.vector != 0)
        return back.fault.vector;
    scratch.frames.pop_back();
    return nothing_to_take;
}

/// Changes what lies on the stack for the next IRET.
u64 set_frame(hw::Machine&, const Step& s, hw::Signals&)
{
    if (scratch.frames.empty())
        scratch.frames.push_back({});
    hw::Frame& f = scratch.frames.back().frame;
    f.width = s.width != 0 ? s.width : 8;
    f.ip = s.argument[0];
    f.cs = s.argument[1];
    f.flags = s.argument[2];
    f.ss = s.argument[3];
    return 0;
}

// --- events

u64 exception(hw::Machine& m, const Step& s, hw::Signals&) { return raise(m, s, hw::Event::exception); }
u64 external(hw::Machine& m, const Step& s, hw::Signals&) { return raise(m, s, hw::Event::external); }

u64 debug(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::note_debug(cpu_of(m, s), static_cast<u32>(s.argument[0]));
    return 0;
}

u64 nmi(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::latch_nmi(cpu_of(m, s));
    return 0;
}

u64 boundary(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::Delivered d;
    return hw::take_event(m, s.cpu, scratch.ip, scratch.sp, d, signals) ? answer(d) : nothing_to_take;
}

/// The place in the table of priorities of what is taken, of those asked for (bit n: place n) and those that
/// wait.
u64 first(hw::Machine& m, const Step& s, hw::Signals&)
{
    return static_cast<u64>(hw::next_event(cpu_of(m, s), static_cast<hw::ConcurrentSet>(s.argument[0])));
}

// --- what can be seen

u64 can_take(hw::Machine& m, const Step& s, hw::Signals&) { return hw::can_take_interrupt(cpu_of(m, s)); }
u64 can_nmi(hw::Machine& m, const Step& s, hw::Signals&) { return hw::can_take_nmi(cpu_of(m, s)); }
u64 can_step(hw::Machine& m, const Step& s, hw::Signals&) { return hw::step_trap_due(cpu_of(m, s)); }
u64 cs(hw::Machine& m, const Step& s, hw::Signals&) { return cpu_of(m, s).cs; }
u64 ss(hw::Machine& m, const Step& s, hw::Signals&) { return cpu_of(m, s).ss; }
u64 flags(hw::Machine& m, const Step& s, hw::Signals&) { return cpu_of(m, s).rflags; }
u64 cr2(hw::Machine& m, const Step& s, hw::Signals&) { return cpu_of(m, s).cr2; }
u64 dr6(hw::Machine& m, const Step& s, hw::Signals&) { return cpu_of(m, s).dr6; }

const hw::Delivered& top()
{
    static constexpr hw::Delivered none{};
    return scratch.frames.empty() ? none : scratch.frames.back();
}

u64 target(hw::Machine&, const Step&, hw::Signals&) { return top().offset; }
u64 sp(hw::Machine&, const Step&, hw::Signals&) { return top().sp; }
u64 pushed(hw::Machine&, const Step&, hw::Signals&) { return hw::frame_bytes(top().frame); }

u64 word(hw::Machine&, const Step& s, hw::Signals&)
{
    const hw::Frame& frame = top().frame;
    std::array<u8, hw::frame_bytes_max> bytes{};
    hw::write_frame(bytes, frame);
    u64 value = 0;
    const u64 from = s.argument[0] * frame.width;
    if (from + frame.width <= bytes.size())
        std::memcpy(&value, bytes.data() + from, frame.width);
    return value;
}

constexpr Operation table[] = {
    {"mode", {"bits"}, false, mode},
    {"tables", {"idt", "gdt", "tss"}, false, tables},
    {"gate", {"vector", "offset", "selector", "access"}, false, gate},
    {"gdt", {"selector", "descriptor"}, false, gdt},
    {"tss", {"offset", "value"}, false, tss},
    {"at", {"ip", "sp"}, false, at},
    {"segments", {"cs", "ss"}, false, set_segments},
    {"set_flags", {"value"}, false, set_flags},
    {"sti", {}, false, execute<hw::sti>},
    {"cli", {}, false, execute<hw::cli>},
    {"hlt", {}, false, execute<hw::hlt>},
    {"mov_ss", {}, false, execute<hw::mov_ss>},
    {"retire", {}, false, execute<hw::retire>},
    {"int", {"vector"}, true, int_n},
    {"int3", {}, true, int3},
    {"int1", {}, true, int1},
    {"iret", {}, true, iret},
    {"set_frame", {"ip", "cs", "flags", "ss"}, false, set_frame},
    {"exception", {"vector", "error"}, true, exception},
    {"external", {"vector"}, true, external},
    {"debug", {"conditions"}, false, debug},
    {"nmi", {}, false, nmi},
    {"boundary", {}, true, boundary},
    {"first", {"asked"}, true, first},
    {"can_take", {}, true, can_take},
    {"can_nmi", {}, true, can_nmi},
    {"can_step", {}, true, can_step},
    {"cs", {}, true, cs},
    {"ss", {}, true, ss},
    {"flags", {}, true, flags},
    {"cr2", {}, true, cr2},
    {"dr6", {}, true, dr6},
    {"target", {}, true, target},
    {"sp", {}, true, sp},
    {"pushed", {}, true, pushed},
    {"word", {"index"}, true, word},
};

} // namespace

std::span<const Operation> cpu_operations() { return table; }

void begin_case() { scratch = {}; }

} // namespace irqlab::conform

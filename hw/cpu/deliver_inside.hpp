// Inside hw/cpu: what the modes of delivery share.
#pragma once
#include "hw/cpu/deliver.hpp"

namespace irqlab::hw {

/// What is being delivered, and what it will push.
struct Attempt {
    u8 vector;
    Event event;
    u32 error_code;
    u64 ip;
};

/// Where a delivery leads, when every check has passed.
struct Entry {
    u64 offset;
    u64 sp; // behind the frame
    u16 cs; // with the new CPL
    u16 ss;
    u8 ist;
    u8 width;
    bool has_stack;
    bool has_error_code;
    bool clears_if;
    bool task; // a task gate that passed its checks: nothing else counts
};

inline bool is_software(Event event)
{
    return event == Event::software_int || event == Event::software_exception;
}
inline u32 ext(const Attempt& attempt) { return is_software(attempt.event) ? 0 : selector_error::Ext::mask; }
inline u32 idt_error(const Attempt& attempt)
{
    return selector_error::Index::put(selector_error::Idt::mask, attempt.vector) | ext(attempt);
}
inline u32 named(u16 selector, u32 extra) { return (selector & 0xfffcu) | extra; }
inline bool is_null(u16 selector) { return (selector & 0xfffcu) == 0; }

/// A supervisor's read of a page that is not there.
inline Fault not_mapped(Cpu& cpu, u64 address)
{
    cpu.cr2 = address;
    return {exc_pf, 0};
}

/// [SDM3] "Exceptions and Interrupts", the table of protected-mode exceptions.
inline bool pushes_error_code(u8 vector)
{
    constexpr u32 with_code = 1u << exc_df | 1u << exc_ts | 1u << exc_np | 1u << exc_ss | 1u << exc_gp |
                              1u << exc_pf | 1u << exc_ac | 1u << exc_cp;
    return vector < 32 && (with_code >> vector & 1) != 0;
}
inline bool has_error_code(const Attempt& attempt)
{
    return attempt.event == Event::exception && pushes_error_code(attempt.vector);
}

/// Reads what a selector names. Beyond its table's limit: `vector` with the selector and `extra`.
Fault read_descriptor(Cpu& cpu, const Memory& memory, u16 selector, u8 vector, u32 extra, Descriptor& to);

/// A code segment of a flat CPU: everything, of the size that goes with the mode.
inline Descriptor flat_code(const Cpu& cpu, u16 selector)
{
    const bool long_code = cpu.mode == CpuMode::ia32e;
    return {0, 0xffffffff, 0xb, static_cast<u8>(selector & 3), true, true, long_code, !long_code};
}

/// The checks of gate type, DPL and P that protected and IA-32e mode share.
Fault check_gate(const Cpu& cpu, const Gate& gate, const Attempt& attempt);
/// The target's code segment, and with it the new CPL. In IA-32e mode it must be 64-bit code.
Fault check_code(Cpu& cpu, const Memory& memory, const Gate& gate, const Attempt& attempt, Descriptor& code,
                 unsigned& new_cpl);

/// True when that many words, pushed, lie in the segment.
bool has_room(const Descriptor& stack, u64 sp, unsigned width, unsigned words);
/// The stack pointer after a push of `bytes`: SP or ESP, by the segment's B bit.
u64 pushed(const Descriptor& stack, u64 sp, unsigned bytes);

/// Delivers it, or what its faults lead to.
void deliver_checked(Cpu& cpu, const Memory& memory, Attempt attempt, u64 sp, Delivered& result);

/// All checks of a delivery in one mode.
Fault resolve_protected(Cpu& cpu, const Memory& memory, const Attempt& attempt, u64 sp, Entry& entry);
Fault resolve_real(Cpu& cpu, const Memory& memory, const Attempt& attempt, u64 sp, Entry& entry);

} // namespace irqlab::hw

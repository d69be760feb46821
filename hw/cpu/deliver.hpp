// Delivery of interrupts and exceptions through the IDT, and IRET back, in three modes.
//
//   mode       gate      checks, in order                              frame, lowest address first
//   IA-32e     16 bytes  limit, type, DPL of INT n, P; CS null,        [error] RIP CS RFLAGS RSP SS,
//                        limit, type, L=1 D=0, DPL, P; TSS limit for   8 bytes each; RSP is aligned
//                        IST or RSPn; canonical stack, target          to 16 before
//   protected  8 bytes   the same of gate and CS; SSn null, limit,     [error] EIP CS EFLAGS [ESP SS],
//                        RPL, DPL, writable, P; room on the stack;     4 bytes each, or 2 through a
//                        target within CS                              16-bit gate
//   real       4 bytes   limit of the vector table; room on the stack  IP CS FLAGS, 2 bytes each
//
// Memory is read only: the frame is a value, and whoever owns the stack writes it (write_frame). A fault that
// delivery meets is delivered in its place, as the double-fault table has it, up to shutdown.
//
// A task gate is illegal in IA-32e mode (#GP). In protected mode its checks are made, and then the task
// switch is not modelled: Outcome::task_gate with Diagnosis::cpu_task_switch, nothing is entered, and the
// registers stay as they were.
//
// Chosen where the manuals leave room: a stack is canonical when every word of the frame is; segments are
// read from their tables at each use (no cache of SS). A flat CPU (cpu.hpp) reads no descriptors, and IST
// numbers and inner stacks are its caller's affair. Not modelled: virtual-8086 mode (IRET into it:
// Diagnosis::cpu_virtual_8086 and #GP), shadow stacks, accessed and busy bits. Sources: [SDM2] "INT
// n/INTO/INT3/INT1", "IRET/IRETD/IRETQ"; [SDM3] "Error Code", "Stack Switching in IA-32e Mode", "Interrupt
// Stack Table".
#pragma once
#include <span>

#include "hw/base/signal.hpp"
#include "hw/cpu/cpu.hpp"
#include "hw/cpu/tables.hpp"

namespace irqlab::hw {

/// software_int: INT n. software_exception: INT3 and INTO. Both check the gate's DPL. icebp: INT1, which does
/// not.
enum class Event : u8 { external, nmi, software_int, exception, software_exception, icebp };

/// What delivery pushed; IRET takes it back.
struct Frame {
    u64 ip, cs, flags, sp, ss;
    u64 error_code;
    u8 vector;
    bool has_error_code;
    bool has_stack; // SS:SP is in the frame: always in IA-32e mode, else at a change of privilege.
    u8 width;       // Bytes of each word: 8, 4 or 2.
    bool operator==(const Frame&) const = default;
};

struct Delivered {
    /// triple_fault: nothing was entered, the CPU is in shutdown. task_gate: nothing was entered.
    enum class Outcome : u8 { entered, double_fault, triple_fault, task_gate };
    Outcome outcome;
    u8 vector;           ///< The vector really entered: #GP, #NP, #PF or #DF when delivery itself faulted.
    u8 ist;              ///< Of the gate entered.
    Diagnosis diagnosis; ///< What was met that is not modelled, or none.
    u64 offset;          ///< The gate's target. The CPU's cs and ss are the new ones.
    u64 sp;              ///< The stack pointer behind the frame.
    Frame frame;
};

/// Delivers `vector` through the IDT. `ip` is the address to push: of the next instruction, but for a fault
/// of the faulting one. When INT n (2 bytes) or INT3, INTO and INT1 (1 byte) fault themselves, the address
/// pushed is that of the instruction: ip less its length. `error_code` counts for exceptions that have one
/// only. For #PF set cr2 before, for #DB dr6 (take_debug).
Delivered deliver(Cpu& cpu, const Memory& memory, u8 vector, Event event, u32 error_code, u64 ip, u64 sp);

/// A fault that an operation met; vector 0 (#DE, which is never among them): none.
struct Fault {
    u8 vector;
    u32 error_code;
    bool operator==(const Fault&) const = default;
};
inline constexpr Fault no_fault{0, 0};

struct Returned {
    Fault fault;         ///< Raise it at the IRET; but for the end of NMI blocking nothing has changed.
    Diagnosis diagnosis; ///< What was met that is not modelled, or none.
};

/// IRET with the checks of its mode: `frame` is what lies on the stack, its width the operand size.
/// has_stack is IRET's own to decide: sp and ss count where the frame has them.
Returned iret_checked(Cpu& cpu, const Memory& memory, const Frame& frame);

/// IRET back to where delivery came from, which needs no checks: flags, cs and ss, and NMI blocking ends.
inline void iret(Cpu& cpu, const Frame& frame)
{
    constexpr u64 restored = rflags::defined & ~rflags::Vm::mask;
    cpu.rflags = (frame.flags & restored) | rflags::Fixed::mask;
    cpu.cs = static_cast<u16>(frame.cs);
    if (frame.has_stack)
        cpu.ss = static_cast<u16>(frame.ss);
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
    cpu.nmi_blocked = false;
}

/// How many bytes the frame takes on the stack.
inline unsigned frame_bytes(const Frame& frame)
{
    return frame.width * (3u + (frame.has_error_code ? 1 : 0) + (frame.has_stack ? 2 : 0));
}
inline constexpr unsigned frame_bytes_max = 48;

/// The frame as it lies in memory from Delivered::sp upwards. Returns how much of `to` it took.
unsigned write_frame(std::span<u8, frame_bytes_max> to, const Frame& frame);

} // namespace irqlab::hw

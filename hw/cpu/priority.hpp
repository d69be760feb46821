// Which of several events comes first, and what two exceptions in a row become.
//
// Not modelled: STOPCLK# and FLUSH# (they have their place in the order and nobody sends them). Sources:
// [SDM3] "Prioritization of Concurrent Events", "Interrupt 8-Double Fault Exception (#DF)".
#pragma once
#include "hw/cpu/cpu.hpp"
#include "hw/cpu/deliver.hpp"

namespace irqlab::hw {

/// Events that may wait at one instruction boundary, highest priority first.
enum class Concurrent : u8 {
    reset,
    machine_check,
    task_switch_trap, // the T bit of a TSS
    flush,
    stop_clock,
    smi,
    init,
    debug_trap, // of the instruction that completed: single step, data and I/O breakpoints; #BP, INTO and
                // INT1 too
    nmi,
    interrupt,
    code_breakpoint, // from here on: of the next instruction
    fetch_fault,     // segment limit, page fault of the fetch, missing ENDBRANCH
    decode_fault,    // too long, #UD, #NM
    execution_fault, // #OF of the old kind, #BR, #TS, #NP, #SS, #GP, #PF, #AC, #MF, #XM, #VE, #CP
    none,
};

/// A set of them: bit n for the one whose number is n.
using ConcurrentSet = u16;
constexpr ConcurrentSet one(Concurrent event)
{
    return static_cast<ConcurrentSet>(1u << static_cast<u8>(event));
}

/// The first of a set.
Concurrent first_of(ConcurrentSet events);

/// Of what `asked` names (from outside: reset, interrupt, the next instruction's faults) and what waits in
/// the CPU (SMI, INIT, debug traps, NMI), that which is let through now.
ConcurrentSet let_through(const Cpu& cpu, ConcurrentSet asked);

/// What is taken at this boundary. An event that is not taken stays where it waits; a fault of the next
/// instruction comes again when it is executed.
inline Concurrent next_event(const Cpu& cpu, ConcurrentSet asked)
{
    return first_of(let_through(cpu, asked));
}

/// Of an exception, for double faults. Interrupts of any kind, INT n, #BP, #DB and #MC are benign.
enum class EventClass : u8 { benign, contributory, page_fault, double_fault };
EventClass class_of(u8 vector, Event event);

/// What an exception of class `second` becomes when it is met while one of class `first` is delivered.
enum class Escalation : u8 { serial, double_fault, shutdown };
Escalation escalate(EventClass first, EventClass second);

} // namespace irqlab::hw

// Priority among events, and double faults. See the header.
#include "hw/cpu/priority.hpp"

#include <bit>

namespace irqlab::hw {
namespace {

/// Events that reach a CPU which does not execute: [SDM3] "Interrupt 8-Double Fault Exception (#DF)" for
/// shutdown, "Typical BSP Initialization Sequence" for the wait for a SIPI, [SDM2] "HLT".
ConcurrentSet heard_in(CpuState state)
{
    constexpr ConcurrentSet always = one(Concurrent::reset);
    constexpr ConcurrentSet interventions = always | one(Concurrent::machine_check) | one(Concurrent::flush) |
                                            one(Concurrent::stop_clock) | one(Concurrent::smi) |
                                            one(Concurrent::init) | one(Concurrent::nmi);
    switch (state) {
    case CpuState::running: return 0xffff;
    case CpuState::halted:
        return interventions | one(Concurrent::debug_trap) | one(Concurrent::task_switch_trap) |
               one(Concurrent::interrupt);
    case CpuState::shutdown: return interventions & ~one(Concurrent::machine_check);
    case CpuState::wait_for_sipi: return always;
    }
    return always;
}

ConcurrentSet waiting_in(const Cpu& cpu)
{
    ConcurrentSet set = 0;
    if (cpu.smi_pending)
        set |= one(Concurrent::smi);
    if (cpu.init_pending)
        set |= one(Concurrent::init);
    if (cpu.pending_debug != 0)
        set |= one(Concurrent::debug_trap);
    if (cpu.nmi_latched != 0)
        set |= one(Concurrent::nmi);
    return set;
}

} // namespace

Concurrent first_of(ConcurrentSet events)
{
    const int first = std::countr_zero(events);
    return first >= static_cast<int>(Concurrent::none) ? Concurrent::none : static_cast<Concurrent>(first);
}

ConcurrentSet let_through(const Cpu& cpu, ConcurrentSet asked)
{
    ConcurrentSet set = asked | waiting_in(cpu);
    if (cpu.mov_ss_shadow)
        set &= static_cast<ConcurrentSet>(~one(Concurrent::debug_trap));
    if (!can_take_nmi(cpu))
        set &= static_cast<ConcurrentSet>(~one(Concurrent::nmi));
    if (!can_take_interrupt(cpu))
        set &= static_cast<ConcurrentSet>(~one(Concurrent::interrupt));
    if (rflags::Rf::test(cpu.rflags))
        set &= static_cast<ConcurrentSet>(~one(Concurrent::code_breakpoint));
    if (cpu.mov_ss_shadow) // An instruction breakpoint behind MOV SS is not looked at.
        set &= static_cast<ConcurrentSet>(~one(Concurrent::code_breakpoint));
    return set & heard_in(cpu.state);
}

EventClass class_of(u8 vector, Event event)
{
    if (event != Event::exception)
        return EventClass::benign;
    switch (vector) {
    case exc_de:
    case exc_ts:
    case exc_np:
    case exc_ss:
    case exc_gp:
    case exc_cp: return EventClass::contributory;
    case exc_pf:
    case exc_ve: return EventClass::page_fault;
    case exc_df: return EventClass::double_fault;
    default: return EventClass::benign;
    }
}

Escalation escalate(EventClass first, EventClass second)
{
    if (second == EventClass::benign || first == EventClass::benign)
        return Escalation::serial;
    if (first == EventClass::double_fault)
        return Escalation::shutdown;
    if (second == EventClass::double_fault)
        return Escalation::serial; // #DF is raised by this rule, not by an instruction.
    if (first == EventClass::contributory && second == EventClass::page_fault)
        return Escalation::serial;
    return Escalation::double_fault;
}

} // namespace irqlab::hw

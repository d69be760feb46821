// Delivery of interrupts and exceptions through a 64-bit IDT. See the header.
#include "hw/cpu/cpu.hpp"

#include <cstring>

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

// Linux's segments, which the reset state has already: the lab starts where a 64-bit kernel has set itself
// up.
constexpr u16 kernel_cs = 0x10;
constexpr u16 kernel_ss = 0x18;

constexpr u64 int_n_bytes = 2;
constexpr u64 int3_bytes = 1;

/// Error code of a fault that names an IDT entry. [SDM3] "Error Code".
namespace selector_error {
using Ext = Field<u32, 0>;
using Idt = Field<u32, 1>;
using Index = Field<u32, 3, 13>;
} // namespace selector_error

enum class Class : u8 { benign, contributory, page_fault, double_fault };

/// [SDM3] "Interrupt and Exception Classes". Interrupts of any kind are benign.
Class class_of(u8 vector, Event event)
{
    if (event != Event::exception)
        return Class::benign;
    switch (vector) {
    case exc_de:
    case exc_ts:
    case exc_np:
    case exc_ss:
    case exc_gp:
    case exc_cp: return Class::contributory;
    case exc_pf:
    case exc_ve: return Class::page_fault;
    case exc_df: return Class::double_fault;
    default: return Class::benign;
    }
}

/// [SDM3] "Conditions for Generating a Double Fault": a contributory fault after a contributory one, and any
/// but a benign one after a page fault. What delivery raises (#GP, #NP, #PF) is never benign.
bool doubles(Class first, Class second)
{
    return first == Class::page_fault || (first == Class::contributory && second == Class::contributory);
}

/// What is being delivered, and what it will push.
struct Attempt {
    u8 vector;
    Event event;
    u32 error_code;
    u64 ip;
};

/// A fault that delivery met.
struct Fault {
    u8 vector; // 0: none. #DE is not among them.
    u32 error_code;
};
constexpr Fault no_fault{0, 0};

bool software(Event event) { return event == Event::software_int || event == Event::software_exception; }

u32 idt_error(const Attempt& attempt)
{
    using namespace selector_error;
    return Index::put(Idt::mask, attempt.vector) | (software(attempt.event) ? 0 : Ext::mask);
}

inline Gate decode(const u8* bytes)
{
    using Ist = Field<u64, 32, 3>;
    using Type = Field<u64, 40, 4>;
    using System = Field<u64, 44>; // 0 in a gate; a gate with it set is no gate: type 0.
    using Dpl = Field<u64, 45, 2>;
    using Present = Field<u64, 47>;
    u64 low = 0;
    u32 high = 0;
    std::memcpy(&low, bytes, sizeof low);
    std::memcpy(&high, bytes + sizeof low, sizeof high);
    const u64 offset = (low & 0xffff) | (low >> 48) << 16 | u64{high} << 32;
    const u64 type = System::test(low) ? 0 : Type::get(low);
    return {offset,
            static_cast<u16>(low >> 16),
            static_cast<u8>(Ist::get(low)),
            static_cast<Gate::Type>(type),
            static_cast<u8>(Dpl::get(low)),
            Present::test(low)};
}

/// Copies the gate out of memory. Outside of the page nothing is mapped.
bool fetch(std::span<const u8> page, u64 page_address, u64 address, Gate& gate)
{
    const u64 at = address - page_address;
    if (address < page_address || at > page.size() || page.size() - at < gate_bytes)
        return false;
    gate = decode(page.data() + at);
    return true;
}

inline Fault check(const Gate& gate, const Attempt& attempt, unsigned cpl)
{
    if (gate.type != Gate::Type::interrupt && gate.type != Gate::Type::trap)
        return {exc_gp, idt_error(attempt)};
    if (software(attempt.event) && gate.dpl < cpl)
        return {exc_gp, idt_error(attempt)};
    if (!gate.present)
        return {exc_np, idt_error(attempt)};
    if ((gate.selector & ~3u) == 0)
        return {exc_gp, software(attempt.event) ? 0 : selector_error::Ext::mask};
    return no_fault;
}

[[gnu::always_inline]] inline Fault find_gate(Cpu& cpu, std::span<const u8> page, u64 page_address,
                                              const Attempt& attempt, Gate& gate)
{
    const u32 at = attempt.vector * gate_bytes;
    if (at + gate_bytes - 1 > cpu.idtr.limit)
        return {exc_gp, idt_error(attempt)};
    const u64 address = cpu.idtr.base + at;
    if (!fetch(page, page_address, address, gate)) {
        cpu.cr2 = address;
        return {exc_pf, 0}; // A supervisor read of a page that is not there.
    }
    return check(gate, attempt, cpu.cs & 3u);
}

/// Faults that restart their instruction push RF set, so that an instruction breakpoint does not hit twice.
/// [SDM3] "RF (resume) flag": not interrupts, not traps (#DB as a step, #BP, #OF), not aborts.
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

[[gnu::always_inline]] inline void enter(Cpu& cpu, const Gate& gate, const Attempt& attempt, u64 sp,
                                         Delivered& result)
{
    const bool has_error_code = attempt.event == Event::exception && pushes_error_code(attempt.vector);
    result.vector = attempt.vector;
    result.ist = gate.ist;
    result.offset = gate.offset;
    const u64 flags = cpu.rflags | (pushes_rf(attempt) ? rflags::Rf::mask : 0);
    result.frame = {attempt.ip,     cpu.cs,        flags, sp, cpu.ss, has_error_code ? attempt.error_code : 0,
                    attempt.vector, has_error_code};
    cpu.rflags &= ~(rflags::Tf::mask | rflags::Nt::mask | rflags::Rf::mask | rflags::Vm::mask);
    if (gate.type == Gate::Type::interrupt)
        cpu.rflags &= ~rflags::If::mask;
    if ((gate.selector & 3u) != (cpu.cs & 3u))
        cpu.ss = gate.selector & 3u; // Null, with the new CPL. [SDM3] "Stack Switching in IA-32e Mode".
    cpu.cs = gate.selector;
}

/// What is delivered next, after `attempt` met `fault`. An INT n restarts: its fault points at the
/// instruction.
Attempt next_attempt(const Attempt& attempt, Fault fault, Delivered::Outcome& outcome)
{
    const Class first = class_of(attempt.vector, attempt.event);
    u64 ip = attempt.ip;
    if (attempt.event == Event::software_int)
        ip -= int_n_bytes;
    else if (attempt.event == Event::software_exception)
        ip -= int3_bytes;
    if (first == Class::double_fault) {
        outcome = Delivered::Outcome::triple_fault;
        return attempt;
    }
    if (doubles(first, class_of(fault.vector, Event::exception))) {
        outcome = Delivered::Outcome::double_fault;
        return {exc_df, Event::exception, 0, ip};
    }
    return {fault.vector, Event::exception, fault.error_code, ip};
}

/// Each round is of a graver class than the last: a benign event, a fault, #DF, shutdown.
[[gnu::noinline]] void deliver_faulting(Cpu& cpu, std::span<const u8> page, u64 page_address, Attempt attempt,
                                        Fault fault, u64 sp, Delivered& result)
{
    Gate gate{};
    while (fault.vector != 0) {
        attempt = next_attempt(attempt, fault, result.outcome);
        if (result.outcome == Delivered::Outcome::triple_fault) {
            cpu.state = CpuState::shutdown;
            result.vector = attempt.vector;
            result.ist = 0;
            result.offset = 0;
            result.frame = {attempt.ip, cpu.cs, cpu.rflags, sp, cpu.ss, 0, attempt.vector, false};
            return;
        }
        fault = find_gate(cpu, page, page_address, attempt, gate);
    }
    enter(cpu, gate, attempt, sp, result);
}

} // namespace

bool pushes_error_code(u8 vector)
{
    switch (vector) {
    case exc_df:
    case exc_ts:
    case exc_np:
    case exc_ss:
    case exc_gp:
    case exc_pf:
    case exc_ac:
    case exc_cp: return true;
    default: return false;
    }
}

Gate read_gate(std::span<const u8, gate_bytes> bytes) { return decode(bytes.data()); }

void write_gate(std::span<u8, gate_bytes> bytes, const Gate& gate)
{
    u64 low = (gate.offset & 0xffff) | u64{gate.selector} << 16 | u64{gate.ist & 7u} << 32;
    low |= u64{static_cast<u8>(gate.type) & 0xfu} << 40 | u64{gate.dpl & 3u} << 45 | u64{gate.present} << 47;
    low |= (gate.offset >> 16 & 0xffff) << 48;
    const u64 high = gate.offset >> 32;
    std::memcpy(bytes.data(), &low, sizeof low);
    std::memcpy(bytes.data() + sizeof low, &high, sizeof high);
}

void reset(Cpu& cpu, bool bsp)
{
    cpu = {};
    cpu.rflags = rflags::at_reset;
    cpu.cs = kernel_cs;
    cpu.ss = kernel_ss;
    cpu.state = bsp ? CpuState::running : CpuState::wait_for_sipi;
}

Delivered deliver(Cpu& cpu, std::span<const u8> page, u64 page_address, u8 vector, Event event,
                  u32 error_code, u64 ip, u64 sp)
{
    Delivered result;
    result.outcome = Delivered::Outcome::entered;
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
    cpu.state = CpuState::running;
    if (event == Event::nmi) {
        cpu.nmi_blocked = true;
        cpu.nmi_latched = static_cast<u8>(cpu.nmi_latched - (cpu.nmi_latched != 0));
        if (cpu.nmi_latched > 1)
            cpu.nmi_latched = 1;
    }
    Gate gate;
    const Attempt first{vector, event, error_code, ip};
    const Fault fault = find_gate(cpu, page, page_address, first, gate);
    if (fault.vector == 0) [[likely]]
        enter(cpu, gate, first, sp, result);
    else
        deliver_faulting(cpu, page, page_address, first, fault, sp, result);
    return result;
}

void iret(Cpu& cpu, const Frame& frame)
{
    cpu.rflags = frame.flags | rflags::Fixed::mask;
    cpu.cs = static_cast<u16>(frame.cs);
    cpu.ss = static_cast<u16>(frame.ss);
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
    cpu.nmi_blocked = false;
}

} // namespace irqlab::hw

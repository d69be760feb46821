// Messages to CPUs that take more than a bit in IRR: special modes, several destinations, IPIs. See the
// header.
#include "hw/board/apic_bus.hpp"

namespace irqlab::hw {
namespace {

void diagnose(Diagnosis what, u32 value, Signals& signals)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(what), value});
}

/// INIT: the CPU starts over, the bootstrap one at the reset vector and others by waiting for a SIPI.
void init_cpu(Core& core, unsigned cpu, Signals& signals)
{
    signals.push({SignalKind::init, static_cast<u8>(cpu), 0, 0});
    init_reset(core.lapic);
    const bool nmi_blocked = core.cpu.nmi_blocked;
    reset(core.cpu, apic_base::Bsp::test(core.lapic.base));
    core.cpu.nmi_blocked = nmi_blocked;
    core.cpu.init_pending = true;
}

/// A SIPI counts only while the CPU waits for it.
void start_cpu(Core& core, u8 vector, unsigned cpu, Signals& signals)
{
    if (core.cpu.state != CpuState::wait_for_sipi)
        return;
    signals.push({SignalKind::startup, static_cast<u8>(cpu), 0, vector});
    core.cpu.state = CpuState::running;
    core.cpu.startup_pending = true;
    core.cpu.startup_vector = vector;
}

bool has_destination(const Core& core, ApicMessage message)
{
    return hardware_enabled(core.lapic) && matches(core.lapic, message.destination, message.logical);
}

/// The winner of a lowest-priority message, or -1.
int lowest_of(const Machine& machine, ApicMessage message)
{
    int winner = -1;
    u8 lowest = 0;
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const Core& core = machine.core[cpu];
        if (!has_destination(core, message) || !software_enabled(core.lapic))
            continue;
        const u8 priority = processor_priority(core.lapic);
        if (winner >= 0 && priority >= lowest)
            continue;
        winner = static_cast<int>(cpu);
        lowest = priority;
    }
    return winner;
}

/// An IPI with a shorthand.
void send_shorthand(Machine& machine, unsigned from, Shorthand to, ApicMessage ipi, Signals& signals)
{
    if (ipi.delivery == Delivery::lowest)
        ipi.delivery = Delivery::fixed; // Every CPU named gets it.
    const Sender sender{SignalKind::ipi_send, static_cast<u16>(from)};
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const bool named = cpu == from ? to != Shorthand::all_but_self : to != Shorthand::self;
        if (named && hardware_enabled(machine.core[cpu].lapic))
            deliver_to(machine, cpu, ipi, sender, signals);
    }
}

void send_ipi(Machine& machine, unsigned from, Signals& signals)
{
    const u64 icr = machine.core[from].lapic.icr;
    const ApicMessage ipi = icr_message(icr);
    if (const Shorthand to = icr_shorthand(icr); to != Shorthand::none)
        return send_shorthand(machine, from, to, ipi, signals);
    route(machine, ipi, {SignalKind::ipi_send, static_cast<u16>(from)}, signals);
}

/// An ID was written: physical destinations are searched for unless every CPU has its index again.
bool any_id_changed(const Machine& machine)
{
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu)
        if (machine.core[cpu].lapic.id != cpu)
            return true;
    return false;
}

/// LDR or DFR was written: is a flat destination of one bit still one CPU's alone?
bool ids_are_flat(const Machine& machine)
{
    constexpr u32 flat_model = 0xf0000000;
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const Lapic& apic = machine.core[cpu].lapic;
        const u32 own = cpu < 8 ? bit<u32>(24 + cpu) : 0;
        if ((apic.dfr & flat_model) != flat_model ||
            ((apic.ldr >> 24) != 0 && (apic.ldr & 0xff000000) != own))
            return false;
    }
    return true;
}

} // namespace

void apply(Core& core, LocalEvent event, unsigned cpu, Signals& signals)
{
    switch (event) {
    case LocalEvent::none: return;
    case LocalEvent::nmi:
        signals.push({SignalKind::nmi, static_cast<u8>(cpu), 0, 0});
        latch_nmi(core.cpu);
        return;
    case LocalEvent::smi:
        signals.push({SignalKind::smi, static_cast<u8>(cpu), 0, 0});
        core.cpu.smi_pending = true;
        return;
    case LocalEvent::init: init_cpu(core, cpu, signals); return;
    }
}

bool deliver_special(Core& core, ApicMessage message, unsigned cpu, Signals& signals)
{
    if (!hardware_enabled(core.lapic))
        return false;
    switch (message.delivery) {
    case Delivery::nmi: apply(core, LocalEvent::nmi, cpu, signals); return true;
    case Delivery::smi: apply(core, LocalEvent::smi, cpu, signals); return true;
    case Delivery::init: apply(core, LocalEvent::init, cpu, signals); return true;
    case Delivery::startup: start_cpu(core, message.vector, cpu, signals); return true;
    case Delivery::ext_int: core.lapic.ext_int = true; return true;
    default: return false;
    }
}

bool route_slow(Machine& machine, ApicMessage message, Sender sender, Signals& signals)
{
    if (message.delivery == Delivery::lowest) {
        const int winner = lowest_of(machine, message);
        return winner >= 0 && deliver_to(machine, static_cast<unsigned>(winner), message, sender, signals);
    }
    bool accepted = false;
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu)
        if (has_destination(machine.core[cpu], message))
            accepted |= deliver_to(machine, cpu, message, sender, signals);
    return accepted;
}

void send_any(Machine& machine, unsigned pin, Signals& signals)
{
    const ApicMessage m = message(machine.ioapic, pin);
    if (m.delivery == Delivery::reserved || m.delivery == Delivery::startup)
        return diagnose(Diagnosis::ioapic_reserved_mode, static_cast<u32>(m.delivery), signals);
    if (m.delivery <= Delivery::lowest && m.vector < apic_vector_first)
        diagnose(Diagnosis::ioapic_reserved_vector, m.vector, signals);
    sent(machine.ioapic, pin, route(machine, m, {SignalKind::ioapic_send, static_cast<u16>(pin)}, signals));
}

void service(Machine& machine, u32 pins, Signals& signals)
{
    for (; pins != 0; pins &= pins - 1)
        send_pin(machine, static_cast<unsigned>(std::countr_zero(pins)), signals);
}

void carry_out(Machine& machine, unsigned cpu, LapicEffect effect, Signals& signals)
{
    switch (effect.kind) {
    case LapicEffect::Kind::none: return;
    case LapicEffect::Kind::eoi:
        if (effect.level)
            service(machine, end_of_interrupt(machine.ioapic, effect.vector, signals), signals);
        return;
    case LapicEffect::Kind::send: send_ipi(machine, cpu, signals); return;
    case LapicEffect::Kind::timer: machine.deadline_ns = 0; return;
    case LapicEffect::Kind::rerouted:
        machine.ids_changed = any_id_changed(machine);
        machine.flat_ids = ids_are_flat(machine);
        service(machine, waiting(machine.ioapic), signals);
        return;
    }
}

} // namespace irqlab::hw

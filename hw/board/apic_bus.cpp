// Messages to CPUs that take more than a bit in IRR: special modes, several destinations. See the header.
#include "hw/board/apic_bus.hpp"

#include "hw/board/remapping.hpp"

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

/// The n-th bit that is set.
unsigned nth_bit(u32 bits, unsigned n)
{
    for (; n > 0; --n)
        bits &= bits - 1;
    return static_cast<unsigned>(std::countr_zero(bits));
}

/// One of the logical IDs that the message names, by its vector; whether anyone has it or not. All that are
/// on have the model of `one`.
u32 logical_by_vector(const Lapic& one, ApicMessage message)
{
    const bool x2 = in_x2apic_mode(one);
    const bool flat = !x2 && one.dfr >> 28 == 0xf;
    const u32 members = x2 ? 0xffff : flat ? 0xff : 0xf;
    const u32 named = message.destination & members;
    if (named == 0)
        return 0;
    const unsigned chosen = nth_bit(named, message.vector % static_cast<unsigned>(std::popcount(named)));
    return (message.destination & ~members) | bit<u32>(chosen);
}

/// KVM's choice, which takes no account of priorities.
int lowest_by_vector(const Machine& machine, const Vectors& named, ApicMessage message)
{
    unsigned count = 0, last = 0;
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu)
        if (named.test(static_cast<u8>(cpu))) {
            ++count;
            last = cpu;
        }
    if (count == 0)
        return -1;
    const bool by_id = message.logical && message.destination != apic_broadcast;
    const u32 id = by_id ? logical_by_vector(machine.core[last].lapic, message) : 0;
    unsigned left = message.vector % count;
    for (unsigned cpu = 0; cpu <= last; ++cpu) {
        if (!named.test(static_cast<u8>(cpu)))
            continue;
        if (by_id ? matches(machine.core[cpu].lapic, id, true) : left-- == 0)
            return static_cast<int>(cpu);
    }
    return -1;
}

/// An ID was written: physical destinations are searched for unless every CPU has its index again.
bool any_id_changed(const Machine& machine)
{
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu)
        if (physical_id(machine.core[cpu].lapic) != cpu)
            return true;
    return false;
}

/// LDR, DFR or a mode was written: is a flat destination of one bit still one CPU's alone?
bool ids_are_flat(const Machine& machine)
{
    constexpr u32 flat_model = 0xf0000000;
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const Lapic& apic = machine.core[cpu].lapic;
        const u32 own = cpu < 8 ? bit<u32>(24 + cpu) : 0;
        if (in_x2apic_mode(apic) || (apic.dfr & flat_model) != flat_model ||
            ((apic.ldr >> 24) != 0 && (apic.ldr & 0xff000000) != own))
            return false;
    }
    return true;
}

/// The software-enabled local APICs that the message names.
Vectors named_by(const Machine& machine, ApicMessage message)
{
    Vectors named{};
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu)
        if (has_destination(machine.core[cpu], message) && software_enabled(machine.core[cpu].lapic))
            named.set(static_cast<u8>(cpu));
    return named;
}

/// ExtINT is an edge here, and like a vector not for the software-disabled.
bool take_ext_int(Lapic& apic)
{
    if (!software_enabled(apic) || lapic_quirk::NoExtIntMessage::test(apic.quirks))
        return false;
    apic.ext_int |= ext_int::Message::mask;
    return true;
}

/// `source` is what the remapping unit knows the I/O APIC by.
void send_entry(Machine& machine, Ioapic& chip, unsigned pin, Sender sender, u16 source, Signals& signals)
{
    if (machine.remapping) {
        sent(chip, pin, send_remapped(machine, chip.entry[pin], sender, source, signals));
        return;
    }
    ApicMessage m = message(chip, pin);
    m.destination = widen_destination(m.destination);
    if (m.delivery == Delivery::reserved || m.delivery == Delivery::startup) {
        diagnose(Diagnosis::ioapic_reserved_mode, static_cast<u32>(m.delivery), signals);
        if (!ioapic_quirk::ServiceInAnyMode::test(chip.quirks))
            return;
    }
    if (m.delivery <= Delivery::lowest && m.vector < apic_vector_first)
        diagnose(Diagnosis::ioapic_reserved_vector, m.vector, signals);
    sent(chip, pin, route(machine, m, sender, signals));
}

} // namespace

bool has_destination(const Core& core, ApicMessage message)
{
    const Lapic& apic = core.lapic;
    if (message.logical && message.destination != apic_broadcast && !software_enabled(apic) &&
        lapic_quirk::LogicalSkipsDisabled::test(apic.quirks))
        return false;
    return hardware_enabled(apic) && matches(apic, message.destination, message.logical);
}

bool picks_one(const Machine& machine, ApicMessage message, Sender sender)
{
    if (message.delivery != Delivery::lowest)
        return false;
    const Lapic& first = machine.core[0].lapic;
    const bool wide = sender.kind == SignalKind::ipi_send && in_x2apic_mode(first);
    const bool to_ff = !message.logical && message.destination == (wide ? 0xff : apic_broadcast);
    return !(to_ff && lapic_quirk::LowestByVector::test(first.quirks));
}

int lowest_of(const Machine& machine, const Vectors& named, ApicMessage message)
{
    const u32 quirks = machine.core[0].lapic.quirks;
    if (lapic_quirk::LowestByVector::test(quirks))
        return lowest_by_vector(machine, named, message);
    int winner = -1;
    u8 lowest = 0;
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const u8 priority = processor_priority(machine.core[cpu].lapic);
        if (!named.test(static_cast<u8>(cpu)) || (winner >= 0 && priority >= lowest))
            continue;
        winner = static_cast<int>(cpu);
        lowest = priority;
        if (lapic_quirk::LowestIsFirst::test(quirks))
            break;
    }
    return winner;
}

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
    case Delivery::ext_int: return take_ext_int(core.lapic);
    case Delivery::reserved: return true; // With a quirk of the I/O APIC only; it does nothing.
    default: return false;
    }
}

bool route_slow(Machine& machine, ApicMessage message, Sender sender, Signals& signals)
{
    if (picks_one(machine, message, sender)) {
        const int winner = lowest_of(machine, named_by(machine, message), message);
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
    send_entry(machine, machine.ioapic, pin, {SignalKind::ioapic_send, static_cast<u16>(pin)}, ioapic_source,
               signals);
}

void send_ioapic2(Machine& machine, unsigned pin, Signals& signals)
{
    send_entry(machine, machine.ioapic2.chip, pin,
               {SignalKind::ioapic_send, static_cast<u16>(lines_max + pin)}, ioapic2_source, signals);
}

void service(Machine& machine, u32 pins, Signals& signals)
{
    for (; pins != 0; pins &= pins - 1)
        send_pin(machine, static_cast<unsigned>(std::countr_zero(pins)), signals);
}

void service_ioapic2(Machine& machine, u32 pins, Signals& signals)
{
    for (; pins != 0; pins &= pins - 1)
        send_ioapic2(machine, static_cast<unsigned>(std::countr_zero(pins)), signals);
}

void drive_ioapic2_line(Machine& m, unsigned line, Source source, bool high, Signals& signals)
{
    CHECK(line < lines_of(m));
    const unsigned pin = line - lines_max;
    if (!hold(m.ioapic2.line_sources[pin], source, high))
        return;
    signals.push({SignalKind::line, 0, static_cast<u16>(line), high});
    service_ioapic2(m, drive(m.ioapic2.chip, pin, high, signals), signals);
}

void remember_ids(Machine& machine)
{
    machine.ids_changed = any_id_changed(machine);
    machine.flat_ids = ids_are_flat(machine);
}

void readdress(Machine& machine, Signals& signals)
{
    remember_ids(machine);
    service(machine, waiting(machine.ioapic), signals);
    if (machine.has_ioapic2)
        service_ioapic2(machine, waiting(machine.ioapic2.chip), signals);
}

/// The EOI message goes to every I/O APIC.
static void broadcast_eoi(Machine& machine, u8 vector, Signals& signals)
{
    service(machine, end_of_interrupt(machine.ioapic, vector, signals), signals);
    if (machine.has_ioapic2)
        service_ioapic2(machine, end_of_interrupt(machine.ioapic2.chip, vector, signals), signals);
}

void carry_out(Machine& machine, unsigned cpu, LapicEffect effect, Signals& signals)
{
    switch (effect.kind) {
    case LapicEffect::Kind::none: return;
    case LapicEffect::Kind::eoi:
        if (effect.level)
            broadcast_eoi(machine, effect.vector, signals);
        return;
    case LapicEffect::Kind::send: send_ipi(machine, cpu, signals); return;
    case LapicEffect::Kind::self: send_self_ipi(machine, cpu, effect.vector, signals); return;
    case LapicEffect::Kind::timer: machine.deadline_ns = 0; return;
    case LapicEffect::Kind::rerouted: readdress(machine, signals); return;
    }
}

} // namespace irqlab::hw

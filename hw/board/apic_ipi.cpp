// Interprocessor interrupts: what an ICR holds goes to those whom it names. See apic_bus.hpp.
#include "hw/board/apic_bus.hpp"

namespace irqlab::hw {
namespace {

bool named(Shorthand to, unsigned from, unsigned cpu)
{
    return cpu == from ? to != Shorthand::all_but_self : to != Shorthand::self;
}

/// An IPI with a shorthand. Of lowest priority, it goes to one of those.
bool send_shorthand(Machine& machine, unsigned from, Shorthand to, ApicMessage ipi, Signals& signals)
{
    Vectors able{};
    bool accepted = false;
    const Sender sender{SignalKind::ipi_send, static_cast<u16>(from)};
    const bool one = picks_one(machine, ipi, sender);
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const Lapic& apic = machine.core[cpu].lapic;
        if (!named(to, from, cpu) || !hardware_enabled(apic))
            continue;
        if (!one)
            accepted |= deliver_to(machine, cpu, ipi, sender, signals);
        else if (software_enabled(apic))
            able.set(static_cast<u8>(cpu));
    }
    if (!one)
        return accepted;
    ipi.destination = apic_broadcast;
    const int winner = lowest_of(machine, able, ipi);
    return winner >= 0 && deliver_to(machine, static_cast<unsigned>(winner), ipi, sender, signals);
}

/// The register of the first local APIC that the message names.
void read_remotely(Machine& machine, Lapic& asker, ApicMessage question)
{
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu) {
        const Core& core = machine.core[cpu];
        if (has_destination(core, question))
            return finish_remote_read(asker, true,
                                      peek(core.lapic, remote_register(question.vector), machine.now_ns));
    }
    finish_remote_read(asker, false, 0);
}

/// Nobody took it: the sender has an error, and so has each one whom it names.
void reject(Machine& machine, unsigned from, ApicMessage ipi, Signals& signals)
{
    for (unsigned cpu = 0; cpu < machine.cpu_count; ++cpu)
        if (has_destination(machine.core[cpu], ipi))
            error(machine.core[cpu].lapic, esr::ReceiveAccept::mask, cpu, signals);
    error(machine.core[from].lapic, esr::SendAccept::mask, from, signals);
}

} // namespace

void send_ipi(Machine& machine, unsigned from, Signals& signals)
{
    Lapic& apic = machine.core[from].lapic;
    const ApicMessage ipi = icr_message(apic);
    if (ipi.delivery == Delivery::reserved)
        return read_remotely(machine, apic, ipi);
    const Shorthand to = icr_shorthand(apic.icr);
    const bool accepted = to != Shorthand::none
                              ? send_shorthand(machine, from, to, ipi, signals)
                              : route(machine, ipi, {SignalKind::ipi_send, static_cast<u16>(from)}, signals);
    if (!accepted && lapic_quirk::P6::test(apic.quirks) && to == Shorthand::none)
        reject(machine, from, ipi, signals);
}

void send_self_ipi(Machine& machine, unsigned from, u8 vector, Signals& signals)
{
    Lapic& apic = machine.core[from].lapic;
    if (vector < apic_vector_first && !lapic_quirk::NoErrors::test(apic.quirks))
        return illegal_vector(apic, vector, esr::SendIllegalVector::mask, from, signals);
    signals.push({SignalKind::ipi_send, static_cast<u8>(from), static_cast<u16>(from), vector});
    request(apic, vector, false, from, signals);
}

} // namespace irqlab::hw

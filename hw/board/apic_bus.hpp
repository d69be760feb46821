// Inside hw/board: carries messages between the IO-APIC, the local APICs and the CPUs. Inline: this is the
// hot path.
//
// A lowest-priority message goes to the matching, enabled APIC of the lowest PPR; of equals, to the first
// CPU. A mixed system is well-defined here: each CPU compares destinations by its own mode. Source: [SDM3]
// "Determining IPI Destination", "Arbitration Priority"; "Local APIC State After It Has Been Software
// Disabled" (NMI, SMI, INIT and SIPI are heeded still).
#pragma once
#include <bit>

#include "hw/base/check.hpp"
#include "hw/board/machine.hpp"
#include "hw/irq/lapic_accept.hpp"
#include "hw/irq/lapic_ipi.hpp"
#include "hw/irq/lapic_lvt.hpp"

namespace irqlab::hw {

/// Who sends: the signal that is pushed for each CPU reached.
struct Sender {
    SignalKind kind;
    u16 number;
};

/// NMI, SMI, INIT, SIPI and ExtINT: what a message does to a CPU beside its IRR.
bool deliver_special(Core& core, ApicMessage message, unsigned cpu, Signals& signals);

/// What an LVT entry asked of its own CPU.
void apply(Core& core, LocalEvent event, unsigned cpu, Signals& signals);

/// A local APIC that `message` names, and that is there at all.
bool has_destination(const Core& core, ApicMessage message);

/// A lowest-priority message, that goes to one of those whom it names. KVM broadcasts one to physical FFh.
bool picks_one(const Machine& machine, ApicMessage message, Sender sender);

/// Who gets a lowest-priority message, of the CPUs in `named` (all of them software-enabled): -1, nobody.
int lowest_of(const Machine& machine, const Vectors& named, ApicMessage message);

/// Messages that go to several CPUs or are searched for. True when one accepted.
bool route_slow(Machine& machine, ApicMessage message, Sender sender, Signals& signals);

[[gnu::always_inline]] inline bool deliver_to(Machine& machine, unsigned cpu, ApicMessage message,
                                              Sender sender, Signals& signals)
{
    Core& core = machine.core[cpu];
    signals.push({sender.kind, static_cast<u8>(cpu), sender.number, message.vector});
    if (message.delivery <= Delivery::lowest) [[likely]]
        return request(core.lapic, message.vector, message.level, cpu, signals);
    return deliver_special(core, message, cpu, signals);
}

[[gnu::always_inline]] inline bool route(Machine& machine, ApicMessage message, Sender sender,
                                         Signals& signals)
{
    const bool one = !message.logical && !machine.ids_changed && message.destination < machine.cpu_count;
    if (!one)
        return route_slow(machine, message, sender, signals);
    return deliver_to(machine, message.destination, message, sender, signals);
}

/// Sends the message of a pin of the first or second IO-APIC, whatever it is.
void send_any(Machine& machine, unsigned pin, Signals& signals);
void send_ioapic2(Machine& machine, unsigned pin, Signals& signals);

/// The one CPU that a destination names, or cpus_max when it must be searched for.
[[gnu::always_inline]] inline unsigned one_cpu(const Machine& machine, u8 destination, bool logical)
{
    if (machine.remapping) [[unlikely]]
        return cpus_max;
    if (!logical)
        return machine.ids_changed || destination >= machine.cpu_count ? cpus_max : destination;
    if (!machine.flat_ids || !std::has_single_bit(destination))
        return cpus_max;
    const unsigned cpu = static_cast<unsigned>(std::countr_zero(destination));
    return cpu < machine.cpu_count && machine.core[cpu].lapic.ldr >> 24 == destination ? cpu : cpus_max;
}

/// Sends the message of an IO-APIC pin. The plain one, fixed or lowest-priority to one CPU, goes straight.
[[gnu::always_inline]] inline void send_pin(Machine& machine, unsigned pin, Signals& signals)
{
    constexpr u64 not_plain = rte::DeliveryMode::mask & ~rte::DeliveryMode::put(0, 1);
    const u64 entry = machine.ioapic.entry[pin];
    const u8 vector = static_cast<u8>(rte::Vector::get(entry));
    const unsigned cpu =
        one_cpu(machine, static_cast<u8>(rte::Destination::get(entry)), rte::Logical::test(entry));
    if ((entry & not_plain) != 0 || cpu == cpus_max || vector < apic_vector_first)
        return send_any(machine, pin, signals);
    signals.push({SignalKind::ioapic_send, static_cast<u8>(cpu), static_cast<u16>(pin), vector});
    sent(machine.ioapic, pin,
         request(machine.core[cpu].lapic, vector, rte::Level::test(entry), cpu, signals));
}

/// Sends the messages of these IO-APIC pins, lowest pin first.
void service(Machine& machine, u32 pins, Signals& signals);
void service_ioapic2(Machine& machine, u32 pins, Signals& signals);

/// `source` holds the line or lets go of it. True when that changed the line's level.
inline bool hold(u16& sources, Source source, bool high)
{
    const u16 mine = bit<u16>(static_cast<unsigned>(source));
    const u16 before = sources;
    sources = static_cast<u16>(high ? before | mine : before & ~mine);
    return (before != 0) != (sources != 0);
}

/// drive_line() of a line of the second IO-APIC.
void drive_ioapic2_line(Machine& machine, unsigned line, Source source, bool high, Signals& signals);

/// Carries out what a local APIC's register write or EOI asked for.
void carry_out(Machine& machine, unsigned cpu, LapicEffect effect, Signals& signals);

/// Some ID, LDR, DFR, SVR or mode has changed: how destinations are found, and whom a waiting message finds.
void readdress(Machine& machine, Signals& signals);
/// How destinations are found, worked out from all IDs.
void remember_ids(Machine& machine);

/// What the ICR of CPU `from` holds now.
void send_ipi(Machine& machine, unsigned from, Signals& signals);
/// The self-IPI register: fixed, edge.
void send_self_ipi(Machine& machine, unsigned from, u8 vector, Signals& signals);

/// The 8259's INT may have changed: LINT0 of the bootstrap CPU follows.
void settle_intr(Machine& machine, Signals& signals);

/// The NMI pin, port 61h or port 70h may have changed: LINT1 of each CPU follows, or in PIC mode the CPU.
void settle_nmi(Machine& machine, Signals& signals);

/// Writes the IMCR's register: INT and NMI move between the local APICs and the bootstrap CPU itself.
void set_imcr(Machine& machine, u8 value, Signals& signals);

/// The HPET's outputs or routes may have changed, or messages wait.
void settle_hpet(Machine& machine, Signals& signals);
/// Some timer of the HPET can reach software.
bool hpet_reachable(const Machine& machine);

/// True when a line's edge can reach software: not masked in the 8259s, or not in the IO-APIC.
bool reachable(const Machine& machine, unsigned line);

/// The device's outputs may have changed: its lines follow.
void settle_device(Machine& machine, BoardDevice device, Signals& signals);

} // namespace irqlab::hw

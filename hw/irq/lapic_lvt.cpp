// Local APIC: the local vector table and the LINT pins. See the header.
#include "hw/irq/lapic_lvt.hpp"

#include "hw/base/check.hpp"
#include "hw/irq/lapic_accept.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

constexpr u32 plain = lvt::Vector::mask | lvt::Masked::mask;
constexpr u32 with_mode = plain | lvt::DeliveryMode::mask;
constexpr u32 with_pin = with_mode | lvt::ActiveLow::mask | lvt::Level::mask;

/// Writable bits by entry. [SDM3] "Local Vector Table (LVT)".
constexpr std::array<u32, lvt_entries> writable = {
    plain | lvt::Periodic::mask, with_mode, with_mode, with_pin, with_pin, plain};

constexpr unsigned index(LvtEntry entry) { return static_cast<unsigned>(entry); }

Delivery mode_of(u32 entry) { return static_cast<Delivery>(lvt::DeliveryMode::get(entry)); }

bool pin_active(const Lapic& apic, unsigned pin)
{
    const u32 entry = apic.lvt[index(LvtEntry::lint0) + pin];
    return ((apic.lint >> pin & 1) != 0) != lvt::ActiveLow::test(entry);
}

bool level_fixed(u32 entry) { return mode_of(entry) == Delivery::fixed && lvt::Level::test(entry); }

/// LINT0 in level mode requests while it is active, unmasked, and not in service.
void request_lint0(Lapic& apic, unsigned cpu, Signals& signals)
{
    u32& entry = apic.lvt[index(LvtEntry::lint0)];
    if (!level_fixed(entry) || lvt::Masked::test(entry) || lvt::RemoteIrr::test(entry) ||
        !pin_active(apic, 0))
        return;
    const u8 vector = static_cast<u8>(lvt::Vector::get(entry));
    if (request(apic, vector, true, cpu, signals) && vector >= apic_vector_first)
        entry |= lvt::RemoteIrr::mask;
}

/// TSC-deadline mode and an active-low ExtINT pin are not modelled. They are said, not silently dropped.
bool not_modelled(LvtEntry entry, u32 value)
{
    using TscDeadline = Field<u32, 18>;
    if (entry == LvtEntry::timer)
        return TscDeadline::test(value);
    return entry == LvtEntry::lint0 && mode_of(value) == Delivery::ext_int && lvt::ActiveLow::test(value);
}

} // namespace

void mask_all(Lapic& apic)
{
    for (u32& entry : apic.lvt)
        entry |= lvt::Masked::mask;
}

void write_lvt(Lapic& apic, LvtEntry entry, u32 value, u64 now_ns, unsigned cpu, Signals& signals)
{
    if (entry == LvtEntry::timer)
        catch_up(apic, now_ns); // By the old mode.
    if (not_modelled(entry, value))
        signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                      static_cast<u16>(Diagnosis::lapic_bad_register),
                      lapic_lvt_timer + 0x10u * index(entry)});
    const u32 bits = writable[index(entry)];
    u32& reg = apic.lvt[index(entry)];
    reg = (reg & lvt::RemoteIrr::mask) | (value & bits);
    if (!software_enabled(apic))
        reg |= lvt::Masked::mask;
    if (entry != LvtEntry::lint0)
        return;
    if (!level_fixed(reg))
        reg &= ~lvt::RemoteIrr::mask;
    request_lint0(apic, cpu, signals);
}

LocalEvent fire(Lapic& apic, LvtEntry entry, unsigned cpu, Signals& signals)
{
    const u32 reg = apic.lvt[index(entry)];
    if (lvt::Masked::test(reg))
        return LocalEvent::none;
    switch (mode_of(reg)) {
    case Delivery::fixed: request(apic, static_cast<u8>(lvt::Vector::get(reg)), false, cpu, signals); break;
    case Delivery::nmi: return LocalEvent::nmi;
    case Delivery::smi: return LocalEvent::smi;
    case Delivery::init: return LocalEvent::init;
    default: break; // ExtINT is a level; the rest are reserved.
    }
    return LocalEvent::none;
}

LocalEvent drive_lint(Lapic& apic, unsigned pin, bool high, unsigned cpu, Signals& signals)
{
    CHECK(pin < 2);
    const u8 pin_bit = bit<u8>(pin);
    if (((apic.lint & pin_bit) != 0) == high)
        return LocalEvent::none;
    apic.lint = static_cast<u8>(apic.lint ^ pin_bit);
    if (!hardware_enabled(apic)) // The pins are INTR and NMI of a CPU without an APIC.
        return pin == 1 && high ? LocalEvent::nmi : LocalEvent::none;
    if (!pin_active(apic, pin))
        return LocalEvent::none;
    const LvtEntry entry = pin == 0 ? LvtEntry::lint0 : LvtEntry::lint1;
    if (pin == 0 && level_fixed(apic.lvt[index(entry)])) {
        request_lint0(apic, cpu, signals);
        return LocalEvent::none;
    }
    return fire(apic, entry, cpu, signals);
}

void end_lint0(Lapic& apic, u8 vector, unsigned cpu, Signals& signals)
{
    u32& entry = apic.lvt[index(LvtEntry::lint0)];
    if (!lvt::RemoteIrr::test(entry) || lvt::Vector::get(entry) != vector)
        return;
    entry &= ~lvt::RemoteIrr::mask;
    request_lint0(apic, cpu, signals);
}

} // namespace irqlab::hw

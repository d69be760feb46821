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
    plain | lvt::TimerMode::mask, with_mode, with_mode, with_pin, with_pin, plain, with_mode};
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

u16 offset_of(LvtEntry entry)
{
    return entry == LvtEntry::cmci ? u16{lapic_lvt_cmci}
                                   : static_cast<u16>(lapic_lvt_timer + 0x10 * index(entry));
}

void diagnose(LvtEntry entry, unsigned cpu, Signals& signals)
{
    signals.push({SignalKind::diagnosis, static_cast<u8>(cpu),
                  static_cast<u16>(Diagnosis::lapic_bad_register), offset_of(entry)});
}

/// Bits that hardware alone sets.
u32 status_bits(LvtEntry entry)
{
    const bool pin = entry == LvtEntry::lint0 || entry == LvtEntry::lint1;
    return pin ? lvt::Pending::mask | lvt::RemoteIrr::mask : lvt::Pending::mask;
}

/// Sensors, counters and machine checks cannot INIT their own CPU.
bool takes_init(LvtEntry entry) { return entry == LvtEntry::lint0 || entry == LvtEntry::lint1; }

} // namespace

u32 lvt_writable(const Lapic& apic, LvtEntry entry)
{
    const bool all = lapic_quirk::LvtStatus::test(apic.quirks);
    return writable[index(entry)] | (all ? status_bits(entry) : 0);
}

void settle_lint0(Lapic& apic)
{
    const u32 entry = apic.lvt[index(LvtEntry::lint0)];
    bool asks = (apic.lint & 1) != 0; // INTR of a CPU without an APIC.
    if (hardware_enabled(apic))
        asks = !lvt::Masked::test(entry) && mode_of(entry) == Delivery::ext_int && pin_active(apic, 0);
    apic.ext_int = ext_int::Wire::put(apic.ext_int, asks);
}

void mask_all(Lapic& apic)
{
    for (u32& entry : apic.lvt)
        entry |= lvt::Masked::mask;
    settle_lint0(apic);
}

void write_lvt(Lapic& apic, LvtEntry entry, u32 value, u64 now_ns, unsigned cpu, Signals& signals)
{
    if (entry == LvtEntry::timer) {
        const TimerMode mode = static_cast<TimerMode>(lvt::TimerMode::get(value));
        change_mode(apic, mode, now_ns);
        if (mode == TimerMode::reserved)
            diagnose(entry, cpu, signals);
    }
    const u32 bits = lvt_writable(apic, entry);
    u32& reg = apic.lvt[index(entry)];
    reg = (reg & lvt::RemoteIrr::mask & ~bits) | (value & bits);
    if (!software_enabled(apic))
        reg |= lvt::Masked::mask;
    if (entry != LvtEntry::lint0)
        return;
    if (!level_fixed(reg))
        reg &= ~(lvt::RemoteIrr::mask & ~bits);
    settle_lint0(apic);
    request_lint0(apic, cpu, signals);
}

LocalEvent fire(Lapic& apic, LvtEntry entry, unsigned cpu, Signals& signals)
{
    const u32 reg = apic.lvt[index(entry)];
    if (lvt::Masked::test(reg))
        return LocalEvent::none;
    if (entry == LvtEntry::pmc)
        apic.lvt[index(entry)] |= lvt::Masked::mask;
    const bool fixed_only = entry == LvtEntry::timer || entry == LvtEntry::error;
    switch (fixed_only ? Delivery::fixed : mode_of(reg)) {
    case Delivery::fixed: request(apic, static_cast<u8>(lvt::Vector::get(reg)), false, cpu, signals); break;
    case Delivery::nmi: return LocalEvent::nmi;
    case Delivery::smi: return LocalEvent::smi;
    case Delivery::init:
        if (takes_init(entry))
            return LocalEvent::init;
        break;
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
    if (pin == 0)
        settle_lint0(apic);
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
    if (!lvt::RemoteIrr::test(entry) || lvt::Vector::get(entry) != vector ||
        lapic_quirk::LvtStatus::test(apic.quirks))
        return;
    entry &= ~lvt::RemoteIrr::mask;
    request_lint0(apic, cpu, signals);
}

} // namespace irqlab::hw

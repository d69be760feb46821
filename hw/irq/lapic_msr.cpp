// Local APIC: modes and MSRs. See the header.
#include "hw/irq/lapic_msr.hpp"

#include "hw/irq/lapic_accept.hpp"
#include "hw/irq/lapic_ipi.hpp"
#include "hw/irq/lapic_lvt.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

using Kind = LapicEffect::Kind;

enum Access : u8 { none = 0, r = 1, w = 2, rw = r | w };

/// A register in x2APIC mode, and the bits that a write may set without #GP.
struct MsrRule {
    u16 first, last; // MSR less 800h
    Access access;
    u64 allowed;
};

constexpr u64 lvt_plain = lvt::Vector::mask | lvt::Pending::mask | lvt::Masked::mask;
constexpr u64 lvt_with_mode = lvt_plain | lvt::DeliveryMode::mask;
constexpr u64 lvt_with_pin = lvt_with_mode | lvt::ActiveLow::mask | lvt::RemoteIrr::mask | lvt::Level::mask;
constexpr u64 icr_allowed = icr::writable_low | icr::Pending::mask | icr::Destination32::mask;

/// [SDM3] "Local APIC Register Address Map Supported by x2APIC"
constexpr std::array rules{
    MsrRule{0x02, 0x03, r, 0},                                 // ID, version
    MsrRule{0x08, 0x08, rw, 0xff},                             // TPR
    MsrRule{0x0a, 0x0a, r, 0},                                 // PPR
    MsrRule{0x0b, 0x0b, w, 0},                                 // EOI
    MsrRule{0x0d, 0x0d, r, 0},                                 // LDR
    MsrRule{0x0f, 0x0f, rw, svr::writable},                    // SVR
    MsrRule{0x10, 0x27, r, 0},                                 // ISR, TMR, IRR
    MsrRule{0x28, 0x28, rw, 0},                                // ESR
    MsrRule{0x2f, 0x2f, rw, lvt_with_mode},                    // LVT CMCI
    MsrRule{0x30, 0x30, rw, icr_allowed},                      // ICR
    MsrRule{0x32, 0x32, rw, lvt_plain | lvt::TimerMode::mask}, // LVT timer
    MsrRule{0x33, 0x34, rw, lvt_with_mode},                    // LVT thermal, performance counters
    MsrRule{0x35, 0x36, rw, lvt_with_pin},                     // LVT LINT0, LINT1
    MsrRule{0x37, 0x37, rw, lvt_plain},                        // LVT error
    MsrRule{0x38, 0x38, rw, 0xffffffff},                       // TMICT
    MsrRule{0x39, 0x39, r, 0},                                 // TMCCT
    MsrRule{0x3e, 0x3e, rw, 0b1011},                           // DCR
    MsrRule{0x3f, 0x3f, w, 0xff},                              // SELF IPI
};

MsrRule rule_of(const Lapic& apic, u32 msr)
{
    const u16 index = static_cast<u16>(msr - msr_x2apic);
    for (MsrRule rule : rules) {
        if (index < rule.first || index > rule.last)
            continue;
        const bool six = lapic_quirk::SixEntries::test(apic.quirks);
        if (six && rule.first == 0x2f)
            return {};
        if (six && rule.first == 0x0f)
            rule.allowed &= ~u64{svr::EoiQuiet::mask};
        return rule;
    }
    return {};
}

/// Reserved bits that are set. Lenient models look at them in the ICR and the self-IPI register alone, at ESR
/// as a whole, and at no upper half but the ICR's.
bool is_reserved(const Lapic& apic, u32 msr, const MsrRule& rule, u64 value)
{
    if ((value & ~rule.allowed) == 0)
        return false;
    const u16 index = static_cast<u16>(msr - msr_x2apic);
    const bool strict = index == 0x28 || index == 0x30 || index == 0x3f || (value >> 32) != 0;
    return strict || !lapic_quirk::LenientMsr::test(apic.quirks);
}

u16 offset_of(u32 msr) { return static_cast<u16>((msr - msr_x2apic) << 4); }

/// [SDM3] "x2APIC State Transitions"
bool legal(u64 from, u64 to)
{
    const bool was_on = apic_base::Enabled::test(from), on = apic_base::Enabled::test(to);
    const bool was_x2 = apic_base::X2apic::test(from), x2 = apic_base::X2apic::test(to);
    if (x2)
        return on && was_on;
    return !(was_x2 && on);
}

/// The state is lost, in part already when it is disabled.
void forget(Lapic& apic)
{
    if (hardware_enabled(apic))
        apic.id = static_cast<u8>(apic.x2apic_id);
    if (lapic_quirk::KeepsWhenDisabled::test(apic.quirks))
        settle_lint0(apic);
    else
        init_reset(apic);
}

} // namespace

bool write_base(Lapic& apic, u64 value)
{
    constexpr u64 writable =
        apic_base::Bsp::mask | apic_base::X2apic::mask | apic_base::Enabled::mask | apic_base::Page::mask;
    if ((value & ~writable) != 0 || !legal(apic.base, value))
        return false;
    const u64 before = apic.base;
    apic.base = value;
    if (((before ^ value) & apic_base::Enabled::mask) != 0)
        forget(apic);
    else if (((before ^ value) & apic_base::X2apic::mask) != 0)
        apic.icr &= 0xffffffff;
    return true;
}

bool read_msr(const Lapic& apic, u32 msr, u64 now_ns, u64& value)
{
    const MsrRule rule = rule_of(apic, msr);
    if (!in_x2apic_mode(apic) || (rule.access & r) == 0)
        return false;
    value = msr == msr_x2apic_icr ? apic.icr : peek(apic, offset_of(msr), now_ns);
    return true;
}

bool write_msr(Lapic& apic, u32 msr, u64 value, u64 now_ns, unsigned cpu, Signals& signals,
               LapicEffect& effect)
{
    const MsrRule rule = rule_of(apic, msr);
    if (!in_x2apic_mode(apic) || (rule.access & w) == 0 || is_reserved(apic, msr, rule, value))
        return false;
    if (msr == msr_x2apic_self_ipi)
        effect = {Kind::self, static_cast<u8>(value), false};
    else if (msr == msr_x2apic_icr)
        effect = write_icr(apic, value, cpu, signals);
    else
        effect = write(apic, offset_of(msr), static_cast<u32>(value), now_ns, cpu, signals);
    return true;
}

} // namespace irqlab::hw

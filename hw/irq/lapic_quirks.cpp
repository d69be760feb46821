// Local APIC: where other models and processors differ, and which states it can be in.
#include "hw/irq/lapic.hpp"
#include "hw/irq/lapic_lvt.hpp"

namespace irqlab::hw {
namespace {

namespace q = lapic_quirk;

constexpr std::array rows{
    Quirk{q::NoErrors::mask, false, true, "lapic.no-errors", "[SDM3] Error Handling",
          "ESR stays 0: vectors below 10h are sent, and wait in IRR; reserved registers read 0."},
    Quirk{q::LevelIpi::mask, false, true, "lapic.level-ipi", "[SDM3] Interrupt Command Register (ICR)",
          "The trigger mode of a fixed IPI counts: it sets TMR, and a de-asserted one is not sent."},
    Quirk{q::LowestByVector::mask, false, true, "lapic.lowest-by-vector",
          "[SDM3] Lowest Priority Delivery Mode",
          "Of the CPUs named, the vector modulo their number says which one gets a lowest-priority message; "
          "one to "
          "physical FFh is a broadcast."},
    Quirk{q::LowestIsFirst::mask, true, false, "lapic.lowest-is-first",
          "[SDM3] Lowest Priority Delivery Mode",
          "The first CPU named gets a lowest-priority message, whatever its priority."},
    Quirk{q::NoApr::mask, true, true, "lapic.no-apr", "[SDM3] Arbitration Priority Register", "APR reads 0."},
    Quirk{q::LvtStatus::mask, false, true, "lapic.lvt-status", "[SDM3] Local Vector Table",
          "Delivery status and remote IRR of LVT entries keep what software writes."},
    Quirk{q::LenientMsr::mask, false, true, "lapic.lenient-msr", "[SDM3] Reserved Bit Checking",
          "Reserved bits below bit 32 raise #GP in ESR, ICR and SELF IPI alone; so EOI takes any value."},
    Quirk{q::SixEntries::mask, true, true, "lapic.six-entries", "[SDM3] Local APIC Version Register",
          "Version 14h: no CMCI entry, no EOI-broadcast suppression."},
    Quirk{q::IcrKeepsAll::mask, true, true, "lapic.icr-keeps-all", "[SDM3] Interrupt Command Register (ICR)",
          "Reserved bits of ICR's low half keep what software writes."},
    Quirk{q::NoExtIntMessage::mask, false, true, "lapic.no-extint-message",
          "[SDM3] Message Data Register Format", "An ExtINT message does nothing."},
    Quirk{q::KeepsWhenDisabled::mask, false, true, "lapic.keeps-when-disabled",
          "[SDM3] Enabling or Disabling the Local APIC",
          "A local APIC that is disabled and enabled again has its registers still."},
    Quirk{q::MsiAlwaysAsserts::mask, false, true, "lapic.msi-always-asserts",
          "[SDM3] Message Data Register Format", "The Level bit of a level-triggered MSI is not looked at."},
    Quirk{q::LogicalSkipsDisabled::mask, false, true, "lapic.logical-skips-disabled",
          "[SDM3] Local APIC State After It Has Been Software Disabled",
          "No message in logical destination mode, NMI or INIT either, reaches a software-disabled local "
          "APIC."},
    Quirk{q::Lint0ExtInt::mask, true, true, "lapic.lint0-extint",
          "[SDM3] Local APIC State After Power-Up or Reset",
          "LINT0 of the bootstrap processor is ExtINT, and not masked, after reset and INIT."},
    Quirk{
        q::NoLowestIpi::mask, false, false, "lapic.no-lowest-ipi", "[SDM3] Error Handling",
        "Some Intel Core and Xeon processors: a lowest-priority IPI is not sent, and sets Redirectable IPI."},
    Quirk{
        q::P6::mask, false, false, "lapic.p6", "[SDM3] Error Status Register (ESR)",
        "P6 family: the reserved delivery mode of ICR is a remote read, and a message nobody takes sets the "
        "accept errors."},
};

bool valid_lvt(const Lapic& apic)
{
    for (unsigned i = 0; i < lvt_entries; ++i) {
        const LvtEntry entry = static_cast<LvtEntry>(i);
        const bool pin = entry == LvtEntry::lint0 || entry == LvtEntry::lint1;
        const u32 allowed = lvt_writable(apic, entry) | (pin ? lvt::RemoteIrr::mask : 0);
        if ((apic.lvt[i] & ~allowed) != 0)
            return false;
        const bool may_be_open = entry == LvtEntry::lint0 && q::Lint0ExtInt::test(apic.quirks);
        if (!software_enabled(apic) && !lvt::Masked::test(apic.lvt[i]) && !may_be_open)
            return false;
    }
    return true;
}

/// Reserved vectors wait nowhere, unless their errors go unseen.
bool valid_vectors(const Lapic& apic)
{
    constexpr u64 reserved = 0xffff;
    return q::NoErrors::test(apic.quirks) ||
           ((apic.irr.word[0] | apic.isr.word[0] | apic.tmr.word[0]) & reserved) == 0;
}

bool valid_base(const Lapic& apic)
{
    constexpr u64 known =
        apic_base::Bsp::mask | apic_base::X2apic::mask | apic_base::Enabled::mask | apic_base::Page::mask;
    return (apic.base & ~known) == 0 && (hardware_enabled(apic) || !in_x2apic_mode(apic));
}

bool valid_timer(const Lapic& apic)
{
    constexpr u64 furthest_ns = u64{1} << 62;
    const LapicTimer& t = apic.timer;
    const bool deadline = timer_mode(apic) == TimerMode::tsc_deadline;
    return t.base_ns <= furthest_ns && (t.divide & ~0b1011u) == 0 && t.unused == 0 &&
           (deadline ? t.count == 0 : apic.tsc_deadline == 0) &&
           (t.count == 0 || timer_mode(apic) <= TimerMode::periodic);
}

bool valid_wire(const Lapic& apic)
{
    Lapic settled = apic;
    settle_lint0(settled);
    return (apic.lint & ~0b11) == 0 && settled.ext_int == apic.ext_int &&
           (apic.ext_int & ~(ext_int::Wire::mask | ext_int::Message::mask | ext_int::Bypass::mask)) == 0;
}

} // namespace

std::span<const Quirk> lapic_quirks() { return rows; }

bool valid(const Lapic& apic)
{
    constexpr u32 low_24 = 0x00ffffff, dfr_ones = 0x0fffffff;
    return (apic.svr & ~svr::writable) == 0 && (apic.quirks & ~q::all) == 0 && apic.x2apic_id < 0xff &&
           (apic.ldr & low_24) == 0 && (apic.dfr & dfr_ones) == dfr_ones &&
           ((apic.esr | apic.esr_next) & ~esr::all) == 0 && valid_base(apic) && valid_lvt(apic) &&
           valid_vectors(apic) && valid_timer(apic) && valid_wire(apic);
}

} // namespace irqlab::hw

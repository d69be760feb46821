// Local APIC (xAPIC): the state and its registers.
//
// 32-bit registers every 10h bytes from the base (FEE00000h after reset), one page per CPU. Its other
// concerns have files of their own: lapic_accept (priorities, acceptance, EOI), lapic_timer (the timer),
// lapic_lvt (the local vector table and LINT pins), lapic_ipi (ICR and destinations). IRR, ISR and TMR are
// 256 bits each, vector n in bit n.
//
// A local APIC sends nothing by itself: write() returns what the write caused (an EOI message, an IPI) and
// the board carries it.
//
// Not modelled: x2APIC, TSC-deadline mode, EOI-broadcast suppression (the version register says it is
// absent), the CMCI entry, remote read, the APIC bus and its arbitration IDs, focus processors (the version's
// CPUs have none), an active-low ExtINT pin. Time: the bus clock is lapic_bus_hz. Sources: [SDM3] "Advanced
// Programmable Interrupt Controller (APIC)".
#pragma once
#include <array>
#include <bit>

#include "hw/base/signal.hpp"
#include "hw/irq/apic_message.hpp"

namespace irqlab::hw {

inline constexpr u64 lapic_address = 0xfee00000;
inline constexpr u64 lapic_bus_hz = 1'000'000'000; // One count each nanosecond, before the divider.
inline constexpr u32 lapic_version = 0x00050014;   // Version 14h, six LVT entries: what QEMU and KVM report.

/// Register offsets. [SDM3] "Local APIC Register Address Map".
enum LapicRegister : u16 {
    lapic_id = 0x20,
    lapic_version_register = 0x30,
    lapic_tpr = 0x80,
    lapic_apr = 0x90,
    lapic_ppr = 0xa0,
    lapic_eoi_register = 0xb0,
    lapic_rrd = 0xc0,
    lapic_ldr = 0xd0,
    lapic_dfr = 0xe0,
    lapic_svr = 0xf0,
    lapic_isr = 0x100,
    lapic_tmr = 0x180,
    lapic_irr = 0x200,
    lapic_esr = 0x280,
    lapic_icr_low = 0x300,
    lapic_icr_high = 0x310,
    lapic_lvt_timer = 0x320,
    lapic_lvt_thermal = 0x330,
    lapic_lvt_pmc = 0x340,
    lapic_lvt_lint0 = 0x350,
    lapic_lvt_lint1 = 0x360,
    lapic_lvt_error = 0x370,
    lapic_timer_initial = 0x380,
    lapic_timer_current = 0x390,
    lapic_timer_divide = 0x3e0,
};

/// Spurious-interrupt vector register.
namespace svr {
using Vector = Field<u32, 0, 8>;
using Enabled = Field<u32, 8>;       // APIC software enable.
using FocusDisabled = Field<u32, 9>; // Focus processor checking.
inline constexpr u32 at_reset = 0xff;
inline constexpr u32 writable = Vector::mask | Enabled::mask | FocusDisabled::mask;
} // namespace svr

/// Local vector table entry. Not every entry has every field.
namespace lvt {
using Vector = Field<u32, 0, 8>;
using DeliveryMode = Field<u32, 8, 3>;
using Pending = Field<u32, 12>;
using ActiveLow = Field<u32, 13>;
using RemoteIrr = Field<u32, 14>;
using Level = Field<u32, 15>;
using Masked = Field<u32, 16>;
using Periodic = Field<u32, 17>; // Timer only.
inline constexpr u32 at_reset = Masked::mask;
} // namespace lvt

/// Error status register.
namespace esr {
using SendIllegalVector = Field<u32, 5>;
using ReceiveIllegalVector = Field<u32, 6>;
using IllegalRegister = Field<u32, 7>;
} // namespace esr

/// Interrupt command register, both halves.
namespace icr {
using Vector = Field<u64, 0, 8>;
using DeliveryMode = Field<u64, 8, 3>;
using Logical = Field<u64, 11>;
using Pending = Field<u64, 12>; // Read-only; a send is over before the write is.
using Assert = Field<u64, 14>;
using Level = Field<u64, 15>;
using Shorthand = Field<u64, 18, 2>;
using Destination = Field<u64, 56, 8>;
inline constexpr u64 writable_low = 0x000ccfff;
inline constexpr u64 writable_high = Destination::mask;
} // namespace icr

/// IA32_APIC_BASE.
namespace apic_base {
using Bsp = Field<u64, 8>;
using X2apic = Field<u64, 10>;
using Enabled = Field<u64, 11>;
using Page = Field<u64, 12, 24>;
} // namespace apic_base

/// 256 bits, one for each vector.
struct Vectors {
    std::array<u64, 4> word;

    bool test(u8 v) const { return ((word[v >> 6] >> (v & 63)) & 1) != 0; }
    void set(u8 v) { word[v >> 6] |= u64{1} << (v & 63); }
    void clear(u8 v) { word[v >> 6] &= ~(u64{1} << (v & 63)); }
    bool any() const { return (word[0] | word[1] | word[2] | word[3]) != 0; }
    /// Highest vector that is set, or -1.
    int highest() const
    {
        // Selections, not branches: which word holds it is not predictable.
        const u64 upper = word[3] != 0 ? word[3] : word[2];
        const u64 lower = word[1] != 0 ? word[1] : word[0];
        const int upper_base = word[3] != 0 ? 255 : 191;
        const int lower_base = word[1] != 0 ? 127 : 63;
        const int base = upper != 0 ? upper_base : lower_base;
        return base - std::countl_zero(upper != 0 ? upper : lower); // countl_zero(0) is 64: -1.
    }
    bool operator==(const Vectors&) const = default;
};

enum class LvtEntry : u8 { timer, thermal, pmc, lint0, lint1, error };
inline constexpr unsigned lvt_entries = 6;

/// The down counter: `count` at time `base_ns`, one step each `1 << shift` ns. 0: stopped.
struct LapicTimer {
    u64 base_ns;
    u32 initial; // TMICT
    u32 count;
    u32 divide; // Divide configuration register: bits 0, 1 and 3.
    u32 reserved;
    bool operator==(const LapicTimer&) const = default;
};

/// Plain state: no default values, so that a machine of many cores costs nothing until reset().
struct Lapic {
    Vectors irr, isr;
    u32 svr;
    u8 id; // Bits 31:24 of the ID register.
    u8 tpr;
    u8 lint;      // Bit n: LINTn is high.
    bool ext_int; // An ExtINT message (edge) waits for INTA.
    u32 ldr, dfr;
    std::array<u32, lvt_entries> lvt;
    Vectors tmr;
    LapicTimer timer;
    u64 base; // IA32_APIC_BASE
    u64 icr;
    u32 esr, esr_next; // What software reads, and what its next write will latch.
    bool operator==(const Lapic&) const = default;
};

/// State after power-up. `bsp`: this is the bootstrap processor.
void reset(Lapic& apic, u8 id, bool bsp);
/// INIT: as reset, but ID and base stay. [SDM3] "Local APIC State After an INIT Reset".
void init_reset(Lapic& apic);

/// What a register write asks the board to do.
struct LapicEffect {
    /// eoi: `vector` ended, broadcast it when `level`. send: the ICR holds a message. rerouted: ID, LDR, DFR
    /// or SVR changed, so that a message that nobody took may find its way now. timer: its deadline may have
    /// changed.
    enum class Kind : u8 { none, eoi, send, rerouted, timer };
    Kind kind;
    u8 vector;
    bool level;
};

/// Registers by offset (LapicRegister). Unknown offsets: diagnosis, illegal-register error, reads give 0.
u32 read(Lapic& apic, u16 offset, u64 now_ns, unsigned cpu, Signals& signals);
u32 peek(const Lapic& apic, u16 offset, u64 now_ns);
LapicEffect write(Lapic& apic, u16 offset, u32 value, u64 now_ns, unsigned cpu, Signals& signals);

/// Records an error bit of ESR; the error LVT entry fires on the first since software last wrote ESR.
void error(Lapic& apic, u32 esr_bit, unsigned cpu, Signals& signals);

inline bool hardware_enabled(const Lapic& apic) { return apic_base::Enabled::test(apic.base); }
inline bool software_enabled(const Lapic& apic) { return svr::Enabled::test(apic.svr); }

/// LINT0 is ExtINT, unmasked and high, or an ExtINT message waits: the 8259 is to be asked.
inline bool ext_int_wanted(const Lapic& apic)
{
    if (((apic.lint & 1) | static_cast<unsigned>(apic.ext_int)) == 0)
        return false;
    if (!hardware_enabled(apic))
        return (apic.lint & 1) !=
               0; // LINT0 is plain INTR then. [SDM3] "Enabling or Disabling the Local APIC".
    const u32 entry = apic.lvt[static_cast<unsigned>(LvtEntry::lint0)];
    const bool wired = (apic.lint & 1) != 0 && (entry & lvt::Masked::mask) == 0 &&
                       static_cast<Delivery>(lvt::DeliveryMode::get(entry)) == Delivery::ext_int;
    return wired || apic.ext_int;
}

/// Something waits in IRR or for ExtINT, whatever its priority: false is certain, and what is asked most.
inline bool anything_requested(const Lapic& apic)
{
    return apic.irr.any() || ((apic.lint & 1) | static_cast<unsigned>(apic.ext_int)) != 0;
}

} // namespace irqlab::hw

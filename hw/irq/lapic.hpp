// Local APIC: the state and its registers, as xAPIC and as x2APIC.
//
// xAPIC mode: 32-bit registers every 10h bytes from the base (FEE00000h after reset), one page per CPU.
// x2APIC mode: the same registers as MSRs, 800h + offset / 10h; the page is gone. IA32_APIC_BASE says which.
//
//     xAPIC  MSR        register                       xAPIC  MSR        register
//     020h   802h       ID                             280h   828h       ESR, error status
//     030h   803h       version                        2F0h   82Fh       LVT CMCI
//     080h   808h       TPR, task priority             300h   830h       ICR, command (x2APIC: 64 bits)
//     090h              APR, arbitration priority      310h              ICR, high half
//     0A0h   80Ah       PPR, processor priority        320h   832h       LVT timer
//     0B0h   80Bh       EOI                            330h   833h       LVT thermal sensor
//     0C0h              RRD, remote read               340h   834h       LVT performance counters
//     0D0h   80Dh       LDR, logical destination       350h   835h..836h LVT LINT0, LINT1
//     0E0h              DFR, destination format        370h   837h       LVT error
//     0F0h   80Fh       SVR, spurious vector           380h   838h       TMICT, initial count
//     100h   810h..817h ISR, in service                390h   839h       TMCCT, current count
//     180h   818h..81Fh TMR, trigger mode              3E0h   83Eh       DCR, divide configuration
//     200h   820h..827h IRR, requested                        83Fh       SELF IPI
//
// Its other concerns have files of their own: lapic_accept (priorities, acceptance, EOI), lapic_timer (the
// timer), lapic_lvt (the local vector table and LINT pins), lapic_ipi (ICR and destinations), lapic_msr
// (modes and the MSR interface). IRR, ISR and TMR are 256 bits each, vector n in bit n.
//
// A local APIC sends nothing by itself: write() returns what the write caused (an EOI message, an IPI) and
// the board carries it.
//
// Accesses are of 32 bits at multiples of 10h. Others are undefined on silicon; here they are answered like
// those to a reserved register.
//
// Not modelled: the three-wire APIC bus, its arbitration IDs and checksums (error() takes the bits from
// whoever has such a bus), focus processors (the version's CPUs have none), extended registers from 400h.
// Processors of the P6 family, and those that cannot send lowest-priority IPIs, are quirks. Time: the bus
// clock is lapic_bus_hz, the time stamp counter tsc_hz. Sources: [SDM3] "Advanced Programmable Interrupt
// Controller (APIC)".
#pragma once
#include <array>
#include <bit>
#include <span>
#include <type_traits>

#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"
#include "hw/irq/apic_message.hpp"

namespace irqlab::hw {

inline constexpr u64 lapic_address = 0xfee00000;
inline constexpr u64 lapic_bus_hz = 1'000'000'000; // One count each nanosecond, before the divider.
inline constexpr u64 tsc_hz = 2'600'000'000;     // The time stamp counter is 0 at time 0: 13 ticks each 5 ns.
inline constexpr u32 lapic_version = 0x01060015; // Version 15h, seven LVT entries, EOI-broadcast suppression.

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
    lapic_lvt_cmci = 0x2f0,
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
using EoiQuiet = Field<u32, 12>; // EOI-broadcast suppression: software writes the I/O APIC's EOI register.
inline constexpr u32 at_reset = 0xff;
inline constexpr u32 writable = Vector::mask | Enabled::mask | FocusDisabled::mask | EoiQuiet::mask;
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
using TimerMode = Field<u32, 17, 2>; // Timer only. enum TimerMode
inline constexpr u32 at_reset = Masked::mask;
} // namespace lvt

/// How the timer counts.
enum class TimerMode : u8 { one_shot, periodic, tsc_deadline, reserved };

/// Error status register. The first four are those of a bus that is not modelled, and of the P6 family.
namespace esr {
using SendChecksum = Field<u32, 0>;
using ReceiveChecksum = Field<u32, 1>;
using SendAccept = Field<u32, 2>;    // Nobody accepted the message that this one sent.
using ReceiveAccept = Field<u32, 3>; // Nor did this one, whom it names.
using RedirectableIpi = Field<u32, 4>;
using SendIllegalVector = Field<u32, 5>;
using ReceiveIllegalVector = Field<u32, 6>;
using IllegalRegister = Field<u32, 7>;
inline constexpr u32 all = 0xff;
} // namespace esr

/// Interrupt command register, both halves.
namespace icr {
using Vector = Field<u64, 0, 8>;
using DeliveryMode = Field<u64, 8, 3>;
using Logical = Field<u64, 11>;
using Pending = Field<u64, 12>; // Read-only; a send is over before the write is.
using Assert = Field<u64, 14>;
using Level = Field<u64, 15>;
using RemoteRead = Field<u64, 16, 2>; // Read-only: 0 invalid, 1 in progress, 2 RRD is valid.
using Shorthand = Field<u64, 18, 2>;
using Destination = Field<u64, 56, 8>;
using Destination32 = Field<u64, 32, 32>; // x2APIC
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

/// Where other models and other processors are known to differ.
namespace lapic_quirk {
using NoErrors = Field<u32, 0>;
using LevelIpi = Field<u32, 1>;
using LowestByVector = Field<u32, 2>;
using LowestIsFirst = Field<u32, 3>;
using NoApr = Field<u32, 4>;
using LvtStatus = Field<u32, 5>;
using LenientMsr = Field<u32, 6>;
using SixEntries = Field<u32, 7>;
using IcrKeepsAll = Field<u32, 8>;
using NoExtIntMessage = Field<u32, 9>;
using KeepsWhenDisabled = Field<u32, 10>;
using MsiAlwaysAsserts = Field<u32, 11>;
using LogicalSkipsDisabled = Field<u32, 12>;
using Lint0ExtInt = Field<u32, 13>;
using NoLowestIpi = Field<u32, 14>;
using P6 = Field<u32, 15>;
inline constexpr u32 all = 0xffff;
} // namespace lapic_quirk
std::span<const Quirk> lapic_quirks();

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

enum class LvtEntry : u8 { timer, thermal, pmc, lint0, lint1, error, cmci };
inline constexpr unsigned lvt_entries = 7;

/// The down counter: `count` at time `base_ns`, one step each `1 << shift` ns. 0: stopped.
struct LapicTimer {
    u64 base_ns;
    u32 initial; // TMICT
    u32 count;
    u32 divide; // Divide configuration register: bits 0, 1 and 3.
    u32 unused;
    bool operator==(const LapicTimer&) const = default;
};

/// Why the 8259 is to be asked.
namespace ext_int {
using Wire =
    Field<u8, 0>; // LINT0 is ExtINT, not masked, and active; or INTR of a disabled local APIC is high.
using Message = Field<u8, 1>; // An ExtINT message (edge) waits for INTA.
using Bypass = Field<u8, 2>;  // The board leads INTR past the local APIC, and it is high. [MP] "PIC Mode"
} // namespace ext_int

/// Plain state: no default values, so that a machine of many cores costs nothing until reset().
struct Lapic {
    Vectors irr, isr, tmr;
    u64 base; // IA32_APIC_BASE
    u32 svr;
    u8 tpr;
    u8 id;      // xAPIC: bits 31:24 of the ID register.
    u8 lint;    // Bit n: LINTn is high.
    u8 ext_int; // Fields ext_int. Wire follows from LINT0 and its entry.
    u32 ldr;    // xAPIC only, as is DFR: x2APIC's follows from the ID.
    u32 dfr;
    u32 quirks;    // Fields lapic_quirk. Outlives reset.
    u32 x2apic_id; // The ID that hardware gave; INIT, and software, leave it.
    u64 icr;
    u64 tsc_deadline; // IA32_TSC_DEADLINE. 0: disarmed.
    LapicTimer timer;
    std::array<u32, lvt_entries> lvt;
    u32 rrd;
    u32 esr, esr_next; // What software reads, and what its next write will latch.
    bool operator==(const Lapic&) const = default;
};
static_assert(std::has_unique_object_representations_v<Lapic>);

/// True when the chip can be in this state.
bool valid(const Lapic& apic);

/// State after power-up. `bsp`: this is the bootstrap processor. The quirks stay.
void reset(Lapic& apic, u8 id, bool bsp);
/// INIT: as reset, but IDs and base (so the mode) stay. [SDM3] "Local APIC State After an INIT Reset".
void init_reset(Lapic& apic);

/// What a register write asks the board to do.
struct LapicEffect {
    /// eoi: `vector` ended, broadcast it when `level`. send: the ICR holds a message. self: `vector` is for
    /// this one itself. rerouted: ID, LDR, DFR or SVR changed, so that a message that nobody took may find
    /// its way now. timer: its deadline may have changed.
    enum class Kind : u8 { none, eoi, send, self, rerouted, timer };
    Kind kind;
    u8 vector;
    bool level;
};

/// Registers by offset (LapicRegister), for software in xAPIC mode. Reserved offsets: diagnosis,
/// illegal-register error, reads give 0. Writes to read-only registers: diagnosis.
u32 read(Lapic& apic, u16 offset, u64 now_ns, unsigned cpu, Signals& signals);
LapicEffect write(Lapic& apic, u16 offset, u32 value, u64 now_ns, unsigned cpu, Signals& signals);
/// What read() gives, without its side effects, in either mode.
u32 peek(const Lapic& apic, u16 offset, u64 now_ns);

/// Records an error bit of ESR; the error LVT entry fires on the first since software last wrote ESR.
void error(Lapic& apic, u32 esr_bit, unsigned cpu, Signals& signals);

inline bool hardware_enabled(const Lapic& apic) { return apic_base::Enabled::test(apic.base); }
inline bool software_enabled(const Lapic& apic) { return svr::Enabled::test(apic.svr); }
inline bool in_x2apic_mode(const Lapic& apic) { return apic_base::X2apic::test(apic.base); }

/// The ID that a physical destination names.
inline u32 physical_id(const Lapic& apic) { return in_x2apic_mode(apic) ? apic.x2apic_id : apic.id; }
/// LDR of x2APIC mode. [SDM3] "Deriving Logical x2APIC ID from the Local x2APIC ID".
inline u32 logical_x2apic_id(u32 id) { return id >> 4 << 16 | bit<u32>(id & 0xf); }

inline TimerMode timer_mode(const Lapic& apic)
{
    return static_cast<TimerMode>(lvt::TimerMode::get(apic.lvt[static_cast<unsigned>(LvtEntry::timer)]));
}

/// LINT0 or an ExtINT message wants the 8259 to be asked.
inline bool ext_int_wanted(const Lapic& apic) { return apic.ext_int != 0; }

/// Something waits in IRR or for ExtINT, whatever its priority: false is certain, and what is asked most.
inline bool anything_requested(const Lapic& apic) { return apic.irr.any() || apic.ext_int != 0; }

} // namespace irqlab::hw

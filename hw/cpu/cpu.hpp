// The interrupt side of a CPU: flags, shadows, NMI blocking, pending debug conditions, table registers.
//
// Instructions are not modelled: whoever runs code calls sti(), cli(), hlt(), mov_ss() and iret() for those,
// and retire() when any other instruction has completed, and asks can_take_interrupt() at each boundary, or
// next_event() (priority.hpp) when several things may wait. deliver.hpp takes an event through the IDT, in
// 64-bit, protected or real mode.
//
// A CPU whose GDTR has limit 0 is flat: its code segments are there without a GDT, 64-bit ones whose DPL is
// the selector's RPL, and stacks are the caller's. So a 64-bit kernel can be modelled without its tables.
//
// Debug: conditions that an instruction met (note_debug) wait in pending_debug while MOV SS's shadow lasts,
// and survive an INT n or a fault in it; take_debug() moves them to DR6. A single step over MOV SS itself is
// not held but lost, as TF is looked at again one instruction later.
//
// Not modelled: virtual-8086 mode, task switches (both are told by a Diagnosis), SMM (smi_pending is set, and
// whoever runs the CPU clears it), breakpoint registers, shadow stacks, FRED, machine-check banks. Sources:
// [SDM3] "Interrupt and Exception Handling", "Masking Exceptions and Interrupts When Switching Stacks",
// "Handling Multiple NMIs", "Debug Status Register (DR6)"; [SDM2] "STI", "MOV", "HLT".
#pragma once
#include <type_traits>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// RFLAGS, the bits that interrupts look at.
namespace rflags {
using Fixed = Field<u64, 1>; // Always 1.
using Tf = Field<u64, 8>;
using If = Field<u64, 9>;
using Iopl = Field<u64, 12, 2>;
using Nt = Field<u64, 14>;
using Rf = Field<u64, 16>;
using Vm = Field<u64, 17>;
using Ac = Field<u64, 18>;
using Vif = Field<u64, 19>;
using Vip = Field<u64, 20>;
using Id = Field<u64, 21>;
inline constexpr u64 at_reset = Fixed::mask;
inline constexpr u64 defined = 0x3f7fd7;
} // namespace rflags

/// DR6. [SDM3] "Debug Status Register (DR6)".
namespace dr6 {
using B = Field<u32, 0, 4>; // breakpoint conditions
using Bd = Field<u32, 13>;  // access to a debug register
using Bs = Field<u32, 14>;  // single step
using Bt = Field<u32, 15>;  // task switch
inline constexpr u32 at_reset = 0xffff0ff0;
inline constexpr u32 conditions = B::mask | Bd::mask | Bs::mask | Bt::mask;
} // namespace dr6

/// Exceptions that delivery itself raises or looks at.
enum Exception : u8 {
    exc_de = 0,
    exc_db = 1,
    exc_nmi = 2,
    exc_bp = 3,
    exc_of = 4,
    exc_br = 5,
    exc_ud = 6,
    exc_nm = 7,
    exc_df = 8,
    exc_ts = 10,
    exc_np = 11,
    exc_ss = 12,
    exc_gp = 13,
    exc_pf = 14,
    exc_mf = 16,
    exc_ac = 17,
    exc_mc = 18,
    exc_xm = 19,
    exc_ve = 20,
    exc_cp = 21,
};

/// GDTR and IDTR.
struct TableRegister {
    u64 base;  // Linear address.
    u64 limit; // In bytes, less one: 16 bits.
    bool operator==(const TableRegister&) const = default;
};

/// LDTR and TR, with what is cached of their descriptors.
struct SystemSegment {
    u64 base;
    u32 limit;
    u16 selector;
    u16 type; // SystemType; 0: nothing was loaded.
    bool operator==(const SystemSegment&) const = default;
};

enum class CpuState : u8 { running, halted, wait_for_sipi, shutdown };
enum class CpuMode : u8 { ia32e, protected_mode, real };

struct Cpu {
    u64 rflags;
    u64 cr2;
    TableRegister idtr, gdtr;
    SystemSegment ldtr, tr;
    u32 dr6;
    u32 pending_debug; // Conditions, as bits of DR6, that wait for their #DB.
    u16 cs, ss;
    CpuMode mode;
    CpuState state;
    bool sti_shadow;    // The instruction after STI has not completed.
    bool mov_ss_shadow; // The same after MOV SS or POP SS; holds NMI and #DB back too.
    bool nmi_blocked;   // From NMI's delivery to IRET.
    u8 nmi_latched;     // NMIs that wait: two at most, one while blocked.
    bool smi_pending, init_pending, startup_pending; // Set by messages; whoever runs the CPU clears them.
    u8 startup_vector;                               // Of the last SIPI: code starts at vector * 4096.
    u8 unused[2];
    bool operator==(const Cpu&) const = default;
};
static_assert(std::is_trivial_v<Cpu> && std::has_unique_object_representations_v<Cpu>);

/// The state in which firmware leaves the bootstrap processor to a 64-bit kernel: running, IF clear, no IDT.
/// Others wait for a SIPI.
void reset(Cpu& cpu, bool bsp);

/// The state after RESET# itself: real mode, CS F000h, the vector table at 0.
void reset_to_real_mode(Cpu& cpu);

/// True for states that the CPU can be in.
bool valid(const Cpu& cpu);

inline bool is_flat(const Cpu& cpu) { return cpu.gdtr.limit == 0; }

/// The current privilege level.
inline unsigned cpl(const Cpu& cpu) { return cpu.mode == CpuMode::real ? 0 : cpu.cs & 3u; }

inline bool interrupts_on(const Cpu& cpu) { return rflags::If::test(cpu.rflags); }

/// An external interrupt would be taken at this instruction boundary.
inline bool can_take_interrupt(const Cpu& cpu)
{
    return rflags::If::test(cpu.rflags) && !cpu.sti_shadow && !cpu.mov_ss_shadow &&
           cpu.state <= CpuState::halted;
}

/// An NMI would be taken at this boundary. The STI shadow holds it back too, as on the CPUs the public suite
/// saw.
inline bool can_take_nmi(const Cpu& cpu)
{
    return !cpu.nmi_blocked && !cpu.sti_shadow && !cpu.mov_ss_shadow &&
           (cpu.state <= CpuState::halted || cpu.state == CpuState::shutdown);
}

/// An NMI arrives. One may wait while one is handled, two when none is (the first is taken at once).
inline void latch_nmi(Cpu& cpu)
{
    const u8 most = cpu.nmi_blocked ? 1 : 2;
    if (cpu.nmi_latched < most)
        ++cpu.nmi_latched;
}

/// STI. If IF was clear, the next instruction completes first: do not call retire() for the STI itself.
inline void sti(Cpu& cpu)
{
    cpu.sti_shadow = !interrupts_on(cpu);
    cpu.mov_ss_shadow = false;
    cpu.rflags |= rflags::If::mask;
}
inline void cli(Cpu& cpu)
{
    cpu.rflags &= ~rflags::If::mask;
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
}
/// HLT completes: shadows end, so that STI; HLT cannot miss a wakeup.
inline void hlt(Cpu& cpu)
{
    cpu.state = CpuState::halted;
    cpu.sti_shadow = cpu.mov_ss_shadow = false;
}
/// MOV SS or POP SS. Of several in a row only the first is sure to shadow.
inline void mov_ss(Cpu& cpu)
{
    cpu.mov_ss_shadow = !cpu.mov_ss_shadow;
    cpu.sti_shadow = false;
}
/// Any other instruction has completed: shadows end.
inline void retire(Cpu& cpu) { cpu.sti_shadow = cpu.mov_ss_shadow = false; }

/// The single-step trap is due at this boundary: TF was set, and no MOV SS shadow holds it. STI's does not.
inline bool step_trap_due(const Cpu& cpu) { return rflags::Tf::test(cpu.rflags) && !cpu.mov_ss_shadow; }

/// The instruction that completed met these conditions (bits of DR6).
inline void note_debug(Cpu& cpu, u32 conditions) { cpu.pending_debug |= conditions & dr6::conditions; }

/// A debug trap is due at this boundary.
inline bool debug_trap_due(const Cpu& cpu)
{
    return cpu.pending_debug != 0 && !cpu.mov_ss_shadow && cpu.state <= CpuState::halted;
}

/// The #DB is taken: DR6 gains the conditions, none of its bits is cleared. Deliver it then.
inline void take_debug(Cpu& cpu)
{
    cpu.dr6 |= cpu.pending_debug;
    cpu.pending_debug = 0;
}

} // namespace irqlab::hw

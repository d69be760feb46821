// The interrupt side of a CPU in 64-bit mode: flags, shadows, NMI blocking, IDT gates, delivery and IRET.
//
// Instructions are not modelled: whoever runs code calls sti(), cli(), hlt(), mov_ss() and iret() for those,
// and retire() when any other instruction has completed, and asks can_take_interrupt() at each boundary.
//
// Not modelled: GDT and TSS (a gate's selector is taken as a 64-bit code segment whose RPL is the new CPL;
// which stack an IST number names is the caller's), SMM, shadow stacks, FRED, machine checks. Sources: [SDM3]
// "Interrupt and Exception Handling"; [SDM2] "STI", "MOV", "INT n", "IRET".
#pragma once
#include <span>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// RFLAGS, the bits that interrupts look at.
namespace rflags {
using Fixed = Field<u64, 1>; // Always 1.
using Tf = Field<u64, 8>;
using If = Field<u64, 9>;
using Nt = Field<u64, 14>;
using Rf = Field<u64, 16>;
using Vm = Field<u64, 17>;
inline constexpr u64 at_reset = Fixed::mask;
} // namespace rflags

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

struct Idtr {
    u64 base;  // Linear address.
    u16 limit; // In bytes, less one.
    bool operator==(const Idtr&) const = default;
};

/// A 64-bit gate, 16 bytes in memory. [SDM3] "64-Bit Mode IDT".
struct Gate {
    enum class Type : u8 { interrupt = 14, trap = 15 }; // Others raise #GP.
    u64 offset;
    u16 selector;
    u8 ist; // 0: no stack switch by IST.
    Type type;
    u8 dpl;
    bool present;
    bool operator==(const Gate&) const = default;
};

inline constexpr unsigned gate_bytes = 16;
Gate read_gate(std::span<const u8, gate_bytes> bytes);
void write_gate(std::span<u8, gate_bytes> bytes, const Gate& gate);

enum class CpuState : u8 { running, halted, wait_for_sipi, shutdown };

struct Cpu {
    u64 rflags;
    u64 cr2;
    Idtr idtr;
    u16 cs, ss;
    CpuState state;
    bool sti_shadow;    // The instruction after STI has not completed.
    bool mov_ss_shadow; // The same after MOV SS or POP SS; holds NMI and #DB back too.
    bool nmi_blocked;   // From NMI's delivery to IRET.
    u8 nmi_latched;     // NMIs that wait: two at most, one while blocked.
    bool smi_pending, init_pending, startup_pending; // Set by messages; whoever runs the CPU clears them.
    u8 startup_vector;                               // Of the last SIPI: code starts at vector * 4096.
    bool operator==(const Cpu&) const = default;
};

/// What delivery pushed; IRET takes it back. 64-bit mode pushes ss:sp always.
struct Frame {
    u64 ip, cs, flags, sp, ss;
    u64 error_code;
    u8 vector;
    bool has_error_code;
    bool operator==(const Frame&) const = default;
};

/// software_int: INT n. software_exception: INT3 and INTO. Both check the gate's DPL.
enum class Event : u8 { external, nmi, software_int, exception, software_exception };

struct Delivered {
    enum class Outcome : u8 { entered, double_fault, triple_fault };
    Outcome outcome; ///< triple_fault: nothing was entered, the CPU is in shutdown.
    u8 vector;       ///< The vector really entered: #GP, #NP, #PF or #DF when delivery itself faulted.
    u8 ist;          ///< Of the gate entered.
    u64 offset;      ///< The gate's target.
    Frame frame;
};

/// The state in which firmware leaves the bootstrap processor to a 64-bit kernel: running, IF clear, no IDT.
/// Others wait for a SIPI.
void reset(Cpu& cpu, bool bsp);

/// Delivers `vector` through the IDT. Memory is `page`, mapped at linear address `page_address`; a gate
/// outside of it page-faults. `ip` is the address to push: of the next instruction, but for a fault of the
/// faulting one. When INT n (2 bytes) or INT3 (1 byte) faults itself, the address pushed is that of the
/// instruction: ip less its length. `error_code` counts for exceptions that have one only. For #PF set cr2
/// before.
Delivered deliver(Cpu& cpu, std::span<const u8> page, u64 page_address, u8 vector, Event event,
                  u32 error_code, u64 ip, u64 sp);

/// IRET: takes flags, cs and ss back and ends NMI blocking.
void iret(Cpu& cpu, const Frame& frame);

/// True for exceptions that push an error code.
bool pushes_error_code(u8 vector);

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

} // namespace irqlab::hw

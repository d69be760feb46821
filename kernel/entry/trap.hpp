// Traps: what the host's CPU refused to a driver is executed on the modelled CPU, or becomes an Oops.
//
// A signal handler saves the registers into a TrapFrame and returns into a trampoline on the interrupted stack, so
// that trap_enter() runs in ordinary context: interrupts can land there and fibers can switch.
#pragma once
#include <cstddef>

#include "hw/base/bits.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

struct Kernel;

/// The registers of the trapped code, restored when trap_enter() returns. The assembly knows the order.
struct alignas(64) TrapFrame {
    abi::pt_regs regs;
    u64 link[2];   // saved rbp and return address, as a frame pointer points at: the trace goes on through it
    u64 trap;      // as the host's kernel gives it: an x86 exception, or trap_watchdog
    u64 error;     // error code
    u64 address;   // of a page fault
    alignas(16) u8 fpu[512]; // FXSAVE area
};
inline constexpr u64 trap_watchdog = 256;

/// Installs the process-wide handlers (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP), once; what is not the lab's goes on to
/// those that were there. Gives the calling host thread its signal stack and watchdog timer, once for each.
void traps_install();

/// For the trampoline only.
extern "C" void irqlab_trap_enter(TrapFrame* frame);

/// The time stamp counter of the CPU that steps: hw::tsc_hz, from the World's birth.
u64 modelled_tsc(Kernel& k);

/// While set, a fault on this host thread is our own: the report of an Oops is being made.
extern constinit thread_local bool making_report;

} // namespace irqlab::kernel

// Exceptions of the modelled CPU: delivery through its IDT, and what Linux's handler for each does in kernel mode.
//
// Simplified: a machine check has no banks, and is the one that Linux calls fatal from an unknown source. Of the
// exceptions that the recordings' kernel has no gate for (#VE, #CP and the reserved ones) the gates are empty, so that
// the CPU raises #GP in their place; so is #VC's, which needs AMD's memory encryption.
// Sources: [LX arch/x86/kernel/traps.c], [LX arch/x86/kernel/idt.c], [LX arch/x86/kernel/cpu/mce/core.c].
#pragma once
#include "hw/board/machine.hpp"

namespace irqlab::kernel {

struct Kernel;
struct TrapFrame;

/// This CPU takes exception `vector` at frame.regs.ip, as if an instruction there had raised it, and Linux's handler
/// runs. For #PF, frame.address goes to CR2; for #DB, `error` has the conditions for DR6. Returns when the handler does.
void take_exception(Kernel& k, TrapFrame& frame, u8 vector, u32 error);

/// Linux's handler of an exception that was entered: vectors 0 to 31, the NMI too, or a triple fault.
void exception_entered(Kernel& k, TrapFrame& frame, const hw::Delivered& delivered);

/// As above for one that the delivery of an interrupt met: all that is known is what the CPU pushed.
void exception_of_delivery(Kernel& k, const hw::Delivered& delivered);

/// Has Linux's IDT a gate for it?
bool has_exception_gate(u8 vector);

} // namespace irqlab::kernel

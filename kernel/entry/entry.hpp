// Interrupt entry: from a vector that the CPU took to the code that serves it, and back.
#pragma once
#include "hw/board/machine.hpp"

namespace irqlab::kernel {

struct Kernel;

/// Where the gates of the kernel's IDT point: entry_text + 16 * vector, in the kernel's own text.
inline constexpr u64 entry_text = 0xffffffff81c00000;
inline constexpr unsigned entry_bytes = 16;

/// Builds the IDT in the machine's memory, and loads the boot CPU's tables.
void idt_init(Kernel& k);
/// Gives a CPU its GDT and TSS, and loads them and the IDT.
void tables_load(Kernel& k, unsigned cpu);

/// Serves an external, software or system interrupt that hw::deliver() entered (vector 32 and above),
/// on this CPU, nested on the current stack, up to and including IRET. May run softirqs.
/// What an Oops drops inside ends here: the interrupt is ended and the interrupted code goes on.
void enter_vector(Kernel& k, const hw::Delivered& delivered);

/// The NMI.
void enter_nmi(Kernel& k, const hw::Delivered& delivered);

} // namespace irqlab::kernel

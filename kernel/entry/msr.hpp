// RDMSR and WRMSR of the kernel itself, and of drivers that ask it: an access that the CPU refuses does not
// oops, as one by a driver's own instruction does, but is told once and goes on.
// Source: [LX arch/x86/mm/extable.c].
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;

/// On the CPU `cpu`. Refused: reads 0.
u64 native_read_msr(Kernel& k, unsigned cpu, u32 msr);
void native_write_msr(Kernel& k, unsigned cpu, u32 msr, u64 value);

} // namespace irqlab::kernel

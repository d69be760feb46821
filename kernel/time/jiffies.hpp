// The tick counter of the World.
#pragma once

namespace irqlab::kernel {

struct Kernel;

/// Linux's jiffies: ticks of 1/HZ, starting five minutes before the 32-bit wrap.
unsigned long jiffies(Kernel& k);

} // namespace irqlab::kernel

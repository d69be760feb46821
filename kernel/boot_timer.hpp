// The timer at boot: the 8254's interrupts prove that the way from a pin to a handler works, and the
// local APIC's timer is measured against them.
#pragma once
#include "hw/base/bits.hpp"
#include "linux/abi/irq.h"

namespace irqlab::kernel {

struct Kernel;

/// Handler of IRQ 0. After boot it drives the tick where there is no local APIC.
abi::irqreturn_t timer_interrupt(int irq, void* dev_id);
/// Starts the 8254, checks that its interrupts arrive, measures the local APIC timer and hands the tick
/// over to it. Says so in the log.
void timer_start(Kernel& k);
/// Prepares this CPU's local APIC timer: one-shot, divided by 16.
void local_timer_setup(Kernel& k);

} // namespace irqlab::kernel

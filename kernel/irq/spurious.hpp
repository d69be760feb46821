// What the command line asks of interrupts that nobody handles: noirqdebug, irqfixup, irqpoll.
#pragma once

namespace irqlab::kernel {

struct Kernel;

/// Linux's words about those that were given, once the log is there.
void irq_say_options(Kernel& k);

} // namespace irqlab::kernel

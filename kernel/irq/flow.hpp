// What flow handlers in more than one file share.
#pragma once
#include "linux/abi/irq.h"

namespace irqlab::kernel {

struct Kernel;

/// One more interrupt of the line, on this CPU.
void kstat_incr(abi::irq_desc& desc);
/// Puts an action whose request was checked onto its line. @return 0 or errno: it is the caller's again then.
int irq_install(Kernel& k, abi::irq_desc& desc, abi::irqaction& fresh);

} // namespace irqlab::kernel

// Within kernel/printk: putting records into the ring.
#pragma once
#include <string_view>

#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;

/// A closed record becomes visible: to the log, to the stream of events and, if urgent enough, on the
/// console.
void log_store(Kernel& k, int level, u64 time_ns, std::string_view text);
/// Whoever waits for records may look again. Not for use within the scheduler's wake-up itself.
void log_wake_readers(Kernel& k);

} // namespace irqlab::kernel

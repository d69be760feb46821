// What the watchdog remembers of a World.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct WatchState {
    const void* who = nullptr; // the guarded call or task that is watched
    u64 instance = 0;          // tells two calls at the same place apart
    u64 accesses_then = 0;     // driver_accesses when the watch began
};

} // namespace irqlab::kernel

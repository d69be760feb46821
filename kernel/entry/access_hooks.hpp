// The runtime of the compiler's memory-access instrumentation: what a driver calls before each of its accesses.
//
// On the quiet path a hook counts the budget down (access_budget.hpp). When it is used up, access_slow() tells the
// observer, if there is one, and lets the scheduler step: an interrupt may land here.
#pragma once
#include <cstddef>

#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;

enum class AccessKind : u8 { read, write, volatile_read, volatile_write, atomic, call };

struct Access {
    const void* address; // the function entered, for AccessKind::call
    std::size_t size;    // bytes
    AccessKind kind;
    const void* ip;      // where in the driver
};

/// A detector that wants to see accesses. It sees those at which the budget is used up: all, when the chooser's
/// quiet_accesses() is 0. Of this host thread's World.
using AccessObserver = void (*)(Kernel& k, const Access& access);
extern constinit thread_local AccessObserver access_observer;

/// Accesses of drivers on this host thread so far, up to the last one that took the slow path.
extern constinit thread_local u64 driver_accesses;

/// For the headers' own atomics and inline assembly, and for kernel functions that touch a driver's memory for it.
void note_access(const void* address, std::size_t size, AccessKind kind, const void* ip);

} // namespace irqlab::kernel

// How many memory accesses a driver may still make before the scheduler is asked.
//
// The access hooks count this down; at zero they call the slow path (sched_step), where time passes,
// interrupts land and other CPUs step. On the quiet path an access costs one decrement and one branch.
// One access takes access_ns of virtual time.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::kernel {

inline constexpr u64 access_ns = 1;

struct AccessBudget {
    i64 left = 0;  // accesses until the slow path
    i64 given = 0; // what `left` was when the CPU's clock was last brought up to date
};
extern constinit thread_local AccessBudget access_budget;

inline u64 budget_used_ns() { return static_cast<u64>(access_budget.given - access_budget.left) * access_ns; }

} // namespace irqlab::kernel

// Exact conversion between virtual nanoseconds and the ticks of a crystal.
//
// Both directions start from the absolute time, so that no remainder is ever lost: tick `t` of a clock of
// `hz` is the first nanosecond at which `ticks_at` gives `t`. No floating point, no 128-bit arithmetic.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::hw {

inline constexpr u64 ns_per_second = 1'000'000'000;
inline constexpr u64 never_ns = ~u64{0};

/// Whole ticks of a clock of `hz` (below 2^34) that have passed at `now_ns`.
constexpr u64 ticks_at(u64 now_ns, u64 hz)
{
    return now_ns / ns_per_second * hz + now_ns % ns_per_second * hz / ns_per_second;
}

/// The first nanosecond at which `ticks_at` gives `tick`, or `never_ns` when that lies beyond 64 bits.
constexpr u64 ns_of_tick(u64 tick, u64 hz)
{
    const u64 seconds = tick / hz;
    if (seconds >= never_ns / ns_per_second)
        return never_ns;
    return seconds * ns_per_second + (tick % hz * ns_per_second + hz - 1) / hz;
}

static_assert(ticks_at(ns_per_second, 1'193'182) == 1'193'182);
static_assert(ticks_at(ns_of_tick(1'193'181, 1'193'182), 1'193'182) == 1'193'181);

} // namespace irqlab::hw

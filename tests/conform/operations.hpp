// The tables of operations, one for each part of the machine. operations.cpp joins them.
#pragma once
#include "tests/conform/step.hpp"

namespace irqlab::conform {

/// What `take` answers when nothing waits.
inline constexpr u64 nothing_to_take = 0x100;

/// The 8259 pair alone: its INT, and INTA pulse by pulse.
std::span<const Operation> pic_operations();

} // namespace irqlab::conform

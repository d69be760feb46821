// Addresses as numbers that are the same in each run, though the host places memory where it likes.
#pragma once
#include <cstdint>

#include "hw/base/bits.hpp"

namespace irqlab::kernel {

/// What %p is computed from: the offset within the World's memory, the name of a symbol, or the address
/// itself.
u64 stable_address(std::uintptr_t address);
/// What %px shows: where the address would lie in Linux's own address space.
u64 displayed_address(std::uintptr_t address);

} // namespace irqlab::kernel

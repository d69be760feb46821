// The size of a page, for whoever places memory.
#pragma once
#include <cstddef>

namespace irqlab::kernel {

inline constexpr std::size_t page_bytes = 4096;

} // namespace irqlab::kernel

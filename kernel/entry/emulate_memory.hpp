// Device memory that a driver reads and writes without readl() and its kin: on x86 a plain pointer will do.
#pragma once
#include <span>

#include "hw/base/bits.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

struct Kernel;

/// Executes the move that `code` begins with, when the `address` that it was refused lies in a mapping of ioremap().
/// Not modelled: arithmetic on memory, string and vector moves; a compiler makes none of a volatile access.
/// @return false: it is none of these, or nothing is mapped there.
bool move_device_memory(Kernel& k, abi::pt_regs& regs, u64 address, std::span<const u8> code);

} // namespace irqlab::kernel

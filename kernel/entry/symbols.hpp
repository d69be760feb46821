// Code addresses as names, and addresses as a report shows them.
#pragma once
#include <cstddef>
#include <cstdint>

#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;

/// Where an address lies: `name`+`offset`/`size` [`module`].
struct CodeSymbol {
    const char* name = nullptr;   // as Linux calls the function
    const char* module = nullptr; // null: the kernel
    u64 offset = 0, size = 0;
    bool of_linux = false;        // Linux has a function of this name; false: ours alone, left out of traces
};

/// @param returns  `address` is a return address: it belongs to the function of the byte before it.
/// @return false for an address in no known function.
bool find_symbol(Kernel& k, std::uintptr_t address, bool returns, CodeSymbol& out);

/// "name+0x12/0x34 [module]", or with_offset false: "name [module]". @return whether the address is known.
bool symbolize(std::uintptr_t address, char* out, std::size_t size, bool with_offset);

/// The address as Linux would show it, the same in each run: modules at 0xffffffffc0000000, the kernel's text at
/// 0xffffffff81000000, the current task's stack and the World's memory where Linux has its own. Others unchanged.
u64 shown_address(Kernel& k, std::uintptr_t address);

} // namespace irqlab::kernel

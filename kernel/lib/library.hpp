// The library that drivers link against: strings, numbers, sorting, random numbers, queues, trees.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;

/// State of the library in a World.
struct Library {
    u64 random; // of a SplitMix64 generator: the same numbers in each run
};

void library_init(Kernel& k);

} // namespace irqlab::kernel

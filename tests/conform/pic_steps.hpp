// Random operations on the 8259 pair, for each of its witnesses.
#pragma once
#include "tests/conform/chip.hpp"

namespace irqlab::conform {

/// Both chips initialised as Linux does it, all lines low, edge-triggered.
std::vector<Step> pic_preamble();
/// A line that changes, a command word, a poll, a mask, ELCR, or a whole initialisation in a mode of chance.
Step pic_next(Random& random, const hw::Machine& ours);
/// INT, and what both chips show at each port.
std::vector<Step> pic_observe(const Step& after, const hw::Machine& ours);

} // namespace irqlab::conform

// The quirks of all chips of a machine: their rows, and the profile that switches them.
#pragma once
#include "hw/base/quirk.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

/// A chip that has quirks, and where a machine keeps its switches.
struct QuirkedChip {
    const char* name;
    std::span<const Quirk> rows;
    u32& (*switches)(Machine&);
    /// Where the machine has several of the chip: gives the others the switches of the first.
    void (*spread)(Machine&) = nullptr;
};
std::span<const QuirkedChip> quirked_chips();

void set_quirks(Machine& machine, const QuirkedChip& chip, u32 on);

/// Switches each chip's quirks as `profile` has them. power_on() leaves all off.
void set_profile(Machine& machine, Profile profile);

} // namespace irqlab::hw

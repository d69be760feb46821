// Which chips have quirks. See the header.
#include "hw/board/quirks.hpp"

namespace irqlab::hw {

std::span<const QuirkedChip> quirked_chips() { return {}; }

void set_profile(Machine& machine, Profile profile)
{
    for (const QuirkedChip& chip : quirked_chips())
        chip.switches(machine) = quirks_of(chip.rows, profile);
}

} // namespace irqlab::hw

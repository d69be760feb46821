// Which chips have quirks. See the header.
#include "hw/board/quirks.hpp"

namespace irqlab::hw {

std::span<const QuirkedChip> quirked_chips()
{
    static const QuirkedChip chips[] = {
        {"pit", i8254_quirks(), [](Machine& m) -> u32& { return m.pit.quirks; }},
        {"hpet", hpet_quirks(), [](Machine& m) -> u32& { return m.hpet.quirks; }},
        {"lpt", lpt_quirks(), [](Machine& m) -> u32& { return m.lpt.quirks; }},
    };
    return chips;
}

void set_profile(Machine& machine, Profile profile)
{
    for (const QuirkedChip& chip : quirked_chips())
        chip.switches(machine) = quirks_of(chip.rows, profile);
}

} // namespace irqlab::hw

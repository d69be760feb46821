// Which chips have quirks. See the header.
#include "hw/board/quirks.hpp"

namespace irqlab::hw {
namespace {

const QuirkedChip chips[] = {
    {"rtc", mc146818_quirks(), [](Machine& m) -> u32& { return m.rtc.quirks; }},
    {"uart0", uart16550_quirks(), [](Machine& m) -> u32& { return m.uart[0].quirks; }},
    {"uart1", uart16550_quirks(), [](Machine& m) -> u32& { return m.uart[1].quirks; }},
};

} // namespace

std::span<const QuirkedChip> quirked_chips() { return chips; }

void set_profile(Machine& machine, Profile profile)
{
    for (const QuirkedChip& chip : quirked_chips())
        chip.switches(machine) = quirks_of(chip.rows, profile);
}

} // namespace irqlab::hw

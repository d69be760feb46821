// What QEMU's model of the 8254 does otherwise.
#include "hw/device/i8254.hpp"

namespace irqlab::hw {
namespace {

constexpr Quirk rows[] = {
    {pit_quirk::LoadsAtOnce::mask, true, false, "pit.loads-at-once",
     "[8254] \"Mode Definitions\": the counter is loaded on the clock pulse after the count is written",
     "A count that is written shows at once, a control word leaves the old one in the counter, and NULL "
     "COUNT is 0."},
    {pit_quirk::NoBcd::mask, true, false, "pit.no-bcd",
     "[8254] \"Control Word Format\": BCD counts in decades", "The BCD bit is kept, and counting is binary."},
    {pit_quirk::LatchLowFirst::mask, true, false, "pit.latch-low-first",
     "[8254] \"Counter Latch Command\": reads go on with the byte that is due",
     "A latched count is read low byte first, whichever byte was due."},
    {pit_quirk::PulsesAreHigh::mask, true, false, "pit.pulses-are-high",
     "[8254] \"Mode Definitions\": OUT of modes 2, 4 and 5 is high but for one clock",
     "The status byte shows OUT of modes 2, 4 and 5 as low but for one clock."},
};

} // namespace

std::span<const Quirk> i8254_quirks() { return rows; }

} // namespace irqlab::hw

// All chips of the differential run.
#include "tests/conform/chip.hpp"

namespace irqlab::conform {

std::vector<Chip> all_chips() { return {pic_against_qemu(), rtc_against_qemu()}; }

} // namespace irqlab::conform

// Quirks: where another model of a chip is known to differ from the datasheet, and a switch that does as it
// does.
//
// A chip that has some keeps the switches in its member `quirks` (bit masks named in its header, outliving
// reset), and lists them as rows of text, so that each is documented where it is implemented. By default all
// are off and the datasheet decides.
#pragma once
#include <span>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// Whose behaviour a machine has where it is known to differ: nobody's but the datasheet's, QEMU's device
/// models, or the interrupt controllers inside Linux's KVM.
enum class Profile : u8 { datasheet, qemu, kvm };

/// One known difference.
struct Quirk {
    u32 mask;           // the bit of the chip's `quirks`
    bool qemu, kvm;     // who does it
    const char* name;   // as `--quirk` and the differential run print it: "pic.edge-outlives-line"
    const char* clause; // the source that the default follows: "[8259A] Edge and Level Triggered Modes"
    const char* theirs; // what they do, in one sentence
};

/// The switches that `profile` has on.
constexpr u32 quirks_of(std::span<const Quirk> rows, Profile profile)
{
    u32 on = 0;
    for (const Quirk& row : rows)
        if ((profile == Profile::qemu && row.qemu) || (profile == Profile::kvm && row.kvm))
            on |= row.mask;
    return on;
}

} // namespace irqlab::hw

// Fuzz target: the parallel port. Any accesses and any levels at its pins.
#include <cstddef>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/device/lpt.hpp"

namespace irqlab::hw {
namespace {

void step(Lpt& chip, Input& in)
{
    const u8 what = in.byte();
    const u16 reg = what >> 5;
    const u8 value = in.byte();
    switch (what & 7) {
    case 0:
    case 1: {
        const Lpt before = chip;
        write(chip, reg, value);
        CHECK(reg == 0 || reg == 2 || chip == before); // Status is read-only, and the rest is not there.
        CHECK(reg != 2 || (read(chip, 2) & lpt::control_writable) == (value & lpt::control_writable));
        break;
    }
    case 2: CHECK(read(chip, reg) == peek(chip, reg)); break;
    case 3: drive_data(chip, value); break;
    case 4: reset(chip); break;
    default: drive(chip, static_cast<LptInput>(3 + reg % 5), (value & 1) != 0); break;
    }
}

void check_invariants(const Lpt& chip)
{
    CHECK(valid(chip));
    CHECK(!output(chip, LptOutput::irq) ||
          (lpt::IrqEnable::test(read(chip, 2)) && !lpt::Ack::test(read(chip, 1))));
    CHECK(read(chip, 0) == (lpt::Inwards::test(read(chip, 2)) ? chip.data_in : chip.data));
    CHECK(lpt::Busy::test(read(chip, 1)) != lpt::Busy::test(chip.inputs));
    CHECK(output(chip, LptOutput::strobe) != lpt::Strobe::test(read(chip, 2)));
    CHECK(output(chip, LptOutput::init) == lpt::Init::test(read(chip, 2)));
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    Lpt chip;
    chip.quirks = in.byte() & lpt_quirk::LowBitsZero::mask;
    while (!in.empty()) {
        step(chip, in);
        check_invariants(chip);
    }
    return 0;
}

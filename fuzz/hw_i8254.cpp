// Fuzz target: any accesses to the 8254, gates, and time in steps of any size.
#include <cstddef>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/device/i8254.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 longest_step_ns = u64{1} << 38;

void check_jump(I8254 chip, u64 now_ns, u64 step_ns)
{
    I8254 two = chip;
    advance(chip, now_ns + step_ns);
    advance(two, now_ns + step_ns / 3);
    advance(two, now_ns + step_ns);
    CHECK(chip == two);
}

/// OUT changes when next_event_ns() says, and not before.
void check_event(const I8254& chip, unsigned channel, u64 now_ns)
{
    const u64 due = next_event_ns(chip, channel);
    CHECK(due > now_ns);
    I8254 at = chip;
    if (due == never_ns)
        return;
    advance(at, due - 1);
    CHECK(output(at, channel) == output(chip, channel));
    advance(at, due);
    CHECK(output(at, channel) != output(chip, channel));
}

void step(I8254& chip, u64& now_ns, Input& in)
{
    Signals signals;
    const u8 what = in.byte();
    const u16 reg = what >> 6;
    switch (what & 7) {
    case 0:
    case 1:
    case 2: write(chip, reg, in.byte(), now_ns, signals); break;
    case 3: {
        const u8 seen = peek(chip, reg, now_ns);
        CHECK(read(chip, reg, now_ns, signals) == seen);
        break;
    }
    case 4: gate(chip, reg % 3, (what & 8) != 0, now_ns); break;
    default: {
        const u64 ns = (what & 8) != 0 ? in.half() : in.word() * u64{in.byte()} % longest_step_ns;
        check_jump(chip, now_ns, ns);
        advance(chip, now_ns += ns);
        break;
    }
    }
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    I8254 chip;
    chip.quirks = in.byte() & 0xf;
    irqlab::u64 now_ns = 0;
    while (!in.empty()) {
        step(chip, now_ns, in);
        CHECK(valid(chip));
        for (unsigned n = 0; n < 3; ++n)
            check_event(chip, n, now_ns);
    }
    return 0;
}

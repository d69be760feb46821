// Fuzz target: any accesses to the MC146818A, with any quirks, and time in steps of any size.
#include <cstddef>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/device/mc146818.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 longest_step_ns = u64{1} << 46; // 19 hours

/// The line rises when next_event_ns() says, and not before; where alarms are computed ahead, not before.
void check_event(const Mc146818& chip, u64 now_ns)
{
    const u64 due = next_event_ns(chip);
    CHECK(due > now_ns);
    if (due == never_ns || due - now_ns > longest_step_ns)
        return;
    Mc146818 at = chip;
    advance(at, due - 1);
    CHECK(output(at) == output(chip));
    advance(at, due);
    CHECK(output(at) || chip.quirks != 0 || chip.ram[rtc::seconds] != at.ram[rtc::seconds]);
    CHECK(next_event_ns(at) > due);
}

void read_as_seen(Mc146818& chip, u16 reg, u64 now_ns)
{
    Signals signals;
    const u8 seen = peek(chip, reg, now_ns);
    CHECK(read(chip, reg, now_ns, signals) == seen);
}

void check_jump(Mc146818 chip, u64 now_ns, u64 step_ns)
{
    Mc146818 two = chip;
    advance(chip, now_ns + step_ns);
    advance(two, now_ns + step_ns / 3);
    advance(two, now_ns + step_ns);
    CHECK(chip == two);
}

void step(Mc146818& chip, u64& now_ns, Input& in)
{
    Signals signals;
    const u8 what = in.byte();
    switch (what & 7) {
    case 0: write(chip, 0, in.byte(), now_ns, signals); break;
    case 1:
    case 2:
        write(chip, 0, what >> 3 & 15, now_ns, signals);
        write(chip, 1, in.byte(), now_ns, signals);
        break;
    case 3: write(chip, 1, in.byte(), now_ns, signals); break;
    case 4: read_as_seen(chip, (what & 0x80) != 0 ? 0 : 1, now_ns); break;
    case 5: reset(chip); break;
    default: {
        const u64 ns =
            (what & 8) != 0 ? in.half() * u64{30'517} : in.word() * u64{in.byte()} * 61 % longest_step_ns;
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
    Mc146818 chip;
    power_on(chip, in.word());
    chip.quirks = in.half() & mc146818_quirk::all;
    irqlab::u64 now_ns = 0;
    while (!in.empty()) {
        step(chip, now_ns, in);
        CHECK(valid(chip));
        check_event(chip, now_ns);
        (void)output(chip, 1);
    }
    return 0;
}

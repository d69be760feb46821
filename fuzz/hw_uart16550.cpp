// Fuzz target: any accesses to the 16550A, with any quirks, what comes in on its pins, and time.
#include <cstddef>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/device/uart16550.hpp"

namespace irqlab::hw {
namespace {

void check_jump(Uart16550 chip, u64 now_ns, u64 step_ns)
{
    Uart16550 two = chip;
    advance(chip, now_ns + step_ns);
    advance(two, now_ns + step_ns / 3);
    advance(two, now_ns + step_ns);
    CHECK(chip == two);
}

/// Nothing changes on its own before next_event_ns().
void check_event(const Uart16550& chip, u64 now_ns)
{
    const u64 due = next_event_ns(chip);
    CHECK(due > now_ns);
    if (due == never_ns)
        return;
    Uart16550 at = chip;
    advance(at, due - 1);
    at.tick = chip.tick;
    CHECK(at == chip);
    advance(at, due);
    CHECK(next_event_ns(at) > due);
}

void step(Uart16550& chip, u64& now_ns, Input& in)
{
    Signals signals;
    const u8 what = in.byte();
    const u16 reg = what >> 5;
    switch (what & 7) {
    case 0:
    case 1:
    case 2: write(chip, reg, in.byte(), now_ns, signals); break;
    case 3: {
        const u8 seen = peek(chip, reg, now_ns);
        CHECK(read(chip, reg, now_ns, signals) == seen);
        break;
    }
    case 4: receive(chip, in.byte(), now_ns, what & 0x1C); break;
    case 5: modem(chip, what >> 3, now_ns); break;
    case 6:
        if (u8 byte = 0; what < 0xF0)
            take_transmitted(chip, byte);
        else
            reset(chip);
        break;
    default: {
        const u64 ns = in.half() * u64{1} << (what >> 3);
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
    Uart16550 chip;
    chip.quirks = in.byte() & uart16550_quirk::all;
    irqlab::u64 now_ns = 0;
    while (!in.empty()) {
        step(chip, now_ns, in);
        CHECK(valid(chip));
        check_event(chip, now_ns);
        CHECK(!output(chip) || (peek(chip, 2, now_ns) & 1) == 0);
    }
    return 0;
}

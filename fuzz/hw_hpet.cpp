// Fuzz target: any accesses to the HPET, of any width and place, and time in steps of any size.
//
// What must hold afterwards is in check_invariants(); a chip that is advanced at once to where another went
// in two steps has the same state.
#include <cstddef>
#include <iterator>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/device/hpet.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 longest_step_ns = u64{1} << 40;
constexpr unsigned widths[] = {4, 8, 1, 2};
constexpr u32 all_quirks = hpet_quirk::ShortPeriod::mask * 2 - 1;

void check_invariants(const Hpet& chip, u64 now_ns)
{
    CHECK(valid(chip));
    CHECK(next_event_ns(chip) > now_ns - now_ns % hpet::ns_per_tick);
    for (unsigned n = 0; n < hpet::timers; ++n)
        CHECK(!output(chip, n) || enabled(chip));
}

void check_jump(Hpet chip, u64 now_ns, u64 step_ns)
{
    if (hpet_quirk::PastFires::test(chip.quirks)) // Is told at the next look, wherever that is.
        return;
    Hpet two = chip;
    advance(chip, now_ns + step_ns);
    advance(two, now_ns + step_ns / 3);
    advance(two, now_ns + step_ns);
    CHECK(chip == two);
}

void step(Hpet& chip, u64& now_ns, Input& in)
{
    Signals signals;
    const u8 what = in.byte();
    const u16 offset = static_cast<u16>((what & 0x80) != 0 ? in.half() & 0x3ff : (in.byte() & 0x7f) * 4);
    const unsigned width = widths[what >> 4 & 3];
    switch (what & 7) {
    case 0:
    case 1:
    case 2: write(chip, offset, width, in.word() | u64{in.word()} << 32, now_ns, signals); break;
    case 3: {
        const u64 seen = peek(chip, offset, width, now_ns);
        CHECK(read(chip, offset, width, now_ns, signals) == seen);
        break;
    }
    case 4: take_strikes(chip); break;
    case 5: {
        HpetMessage message{};
        next_message(chip, message);
        break;
    }
    default: {
        const u64 ns = in.word() * u64{in.byte()} % longest_step_ns;
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
    Hpet chip;
    chip.quirks = in.byte() & all_quirks;
    reset(chip, {{0xf00000, 0xff0104, 0x4}, (in.byte() & 1) != 0}, 0);
    irqlab::u64 now_ns = 0;
    while (!in.empty()) {
        step(chip, now_ns, in);
        check_invariants(chip, now_ns);
    }
    return 0;
}

// The HPET's registers against QEMU's hpet, with time. Lines are not compared: QEMU's edges are pulses of no
// width.
//
// What QEMU does at the very tick of a match is left out by keeping looks and matches on different ticks: it
// calls a periodic timer twice then. So are routes without the FSB, whose messages would go into its memory.
#include <initializer_list>

#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

using namespace hw;

constexpr u64 ticks_a_look = 10; // looks are at multiples of it, matches in between
constexpr u64 match_offset = 5;
constexpr u64 first_count =
    100'000; // no comparator behind it is negative: QEMU adds such periods with a sign

constexpr u64 timer_at(u64 n, u16 reg)
{
    return hpet::address + hpet::first_timer + n * hpet::timer_stride + reg;
}
Step put(u64 address, u64 value) { return step("write", {address, value & 0xffffffff}); }

/// Halted, no timer armed, comparators as after reset. A period is forgotten in periodic mode only.
std::vector<Step> preamble()
{
    std::vector<Step> steps{put(hpet::address + hpet::configuration, 0)};
    for (u64 n = 0; n < hpet::timers; ++n)
        for (const auto& [reg, value] :
             std::initializer_list<std::pair<u16, u64>>{{hpet::timer_config, 8},
                                                        {hpet::timer_comparator, 0},
                                                        {hpet::timer_comparator + 4, 0},
                                                        {hpet::timer_config, 0},
                                                        {hpet::timer_comparator, ~0ull},
                                                        {hpet::timer_comparator + 4, ~0ull}})
            steps.push_back(put(timer_at(n, reg), value));
    steps.push_back(put(hpet::address + hpet::main_counter, first_count));
    steps.push_back(put(hpet::address + hpet::main_counter + 4, 0));
    steps.push_back(put(hpet::address + hpet::interrupt_status, 7));
    return steps;
}

/// A timer's trigger and mode stay as they are while it is on.
Step configure(Random& random, u64 n, const Hpet& chip)
{
    constexpr u64 choices = hpet::Level::mask | hpet::Mode32::mask | hpet::Route::mask;
    const u64 on = hpet::IntEnable::mask;
    const u64 mode = random.one_in(2) ? hpet::Periodic::mask | hpet::ValueSet::mask : 0;
    const bool is_on = hpet::IntEnable::test(chip.timer[n].config);
    return put(timer_at(n, hpet::timer_config), is_on ? 0 : on | mode | (random.below(0x10000) & choices));
}

/// A comparator near the counter, before or behind it; a period.
Step compare(Random& random, u64 n, const Hpet& chip)
{
    const Hpet::Timer& t = chip.timer[n];
    if (hpet::Periodic::test(t.config) && !hpet::ValueSet::test(t.config))
        return put(timer_at(n, hpet::timer_comparator), ticks_a_look * (1 + random.below(400)));
    const u64 now = chip.counter / ticks_a_look * ticks_a_look;
    return put(timer_at(n, hpet::timer_comparator), now + match_offset + ticks_a_look * random.below(400) -
                                                        (random.one_in(4) ? 1000 * ticks_a_look : 0));
}

Step next(Random& random, const Machine& ours)
{
    const Hpet& chip = ours.hpet;
    const u64 n = random.below(hpet::timers);
    switch (random.below(8)) {
    case 0: return put(hpet::address + hpet::configuration, !enabled(chip));
    case 1: return put(hpet::address + hpet::interrupt_status, random.below(8));
    case 2:
    case 3: return configure(random, n, chip);
    case 4:
    case 5: return compare(random, n, chip);
    case 6:
        if (!enabled(chip))
            return put(hpet::address + hpet::main_counter, first_count + ticks_a_look * random.below(1000));
        [[fallthrough]];
    default: return step("advance", {hpet::ns_per_tick * ticks_a_look * (1 + random.below(300))});
    }
}

std::vector<Step> observe(const Step&, const Machine&)
{
    std::vector<Step> looks;
    for (const u64 offset : {0x000, 0x004, 0x010, 0x020, 0x0f0, 0x0f4})
        looks.push_back(step("read", {hpet::address + offset}));
    for (u64 n = 0; n < hpet::timers; ++n)
        for (const u16 reg : {u16{0x00}, u16{0x04}, u16{0x08}})
            looks.push_back(step("read", {timer_at(n, reg)}));
    return looks;
}

std::unique_ptr<Witness> start()
{
    return std::make_unique<QemuWitness>(std::vector<std::string>{"-M", "pc"}, nullptr, Qtest::Clock::ours);
}

} // namespace

Chip hpet_against_qemu()
{
    return {"hpet", "qemu", Profile::qemu, 60, BoardId::pc, 1, start, preamble, next, observe};
}

} // namespace irqlab::conform

// The MC146818 against QEMU's, in a time of ours: clock and calendar, alarms, all three interrupts.
//
// Programs behave: they set the time with SET set or the divider in reset, to a date that exists from 1970
// on, in the format of register B. They change the format with both, and only then a byte of the time of day
// or of the alarm may be no time. The divider's test modes are left out. Steps happen at multiples of 64
// ticks of the crystal, whole nanoseconds; between them only looks at registers.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

namespace rtc = hw::rtc;

constexpr u64 grid_ns = 1'953'125; // 64 ticks
constexpr u64 second_ns = 512 * grid_ns;
constexpr u64 near_update_ns = 150'000; // within the 244 us of UIP; no tap of the divider changes then
constexpr u8 memory[] = {0x0E, 0x10, 0x31, 0x33, 0x3F, 0x40, 0x7F};
constexpr u8 alarms[] = {rtc::seconds_alarm, rtc::minutes_alarm, rtc::hours_alarm};

Step out(u16 port, u8 value) { return step("out", {port, value}); }

u8 b(const hw::Machine& m) { return m.rtc.ram[rtc::reg_b]; }
bool divider_held(const hw::Machine& m) { return rtc::Dv::get(m.rtc.ram[rtc::reg_a]) >= 6; }
bool time_stands(const hw::Machine& m) { return rtc::Set::test(b(m)) || divider_held(m); }

/// Formats and counters as register B has them.
struct Format {
    bool binary, h24;
    explicit Format(u8 reg_b) : binary(rtc::Dm::test(reg_b)), h24(rtc::H24::test(reg_b)) {}
    u8 code(unsigned value) const { return static_cast<u8>(binary ? value : value / 10 * 16 + value % 10); }
    u8 hour(unsigned value) const
    {
        if (h24)
            return code(value);
        return static_cast<u8>(code((value + 11) % 12 + 1) | (value >= 12 ? 0x80 : 0));
    }
    /// What `raw` stands for, or 255.
    unsigned value(u8 raw) const
    {
        for (unsigned v = 0; v < 100; ++v)
            if (code(v) == raw)
                return v;
        return 255;
    }
};

struct Range {
    u8 index;
    unsigned first, last;
};
constexpr Range ranges[] = {{rtc::seconds, 0, 59}, {rtc::minutes, 0, 59}, {rtc::day, 1, 28},
                            {rtc::month, 1, 12},   {rtc::year, 0, 99},    {rtc::weekday, 1, 7},
                            {rtc::century, 20, 21}};

/// A code that the byte may have, near a carry more often than not.
u8 some_value(Random& random, u8 index, const Format& format)
{
    if (index == rtc::hours || index == rtc::hours_alarm) {
        constexpr unsigned near[] = {0, 11, 12, 13, 23};
        return format.hour(
            static_cast<unsigned>(random.one_in(2) ? random.below(24) : random.pick<unsigned>(near)));
    }
    const u8 time = index == rtc::seconds_alarm || index == rtc::minutes_alarm ? index - 1 : index;
    for (const Range& r : ranges)
        if (r.index == time) {
            const unsigned below = static_cast<unsigned>(random.below(std::min(r.last - r.first + 1, 3u)));
            const unsigned any = static_cast<unsigned>(random.below(r.last - r.first + 1));
            return format.code(random.one_in(2) ? r.last - below : r.first + any);
        }
    return random.byte();
}

bool exists(const hw::Mc146818& chip, u8 index, const Format& f)
{
    if (index == rtc::hours) {
        for (unsigned h = 0; h < 24; ++h)
            if (f.hour(h) == chip.ram[index])
                return true;
        return false;
    }
    const unsigned value = f.value(chip.ram[index]);
    if (index == rtc::day) {
        const int year =
            static_cast<int>(f.value(chip.ram[rtc::century]) * 100 + f.value(chip.ram[rtc::year]));
        const std::chrono::year_month_day date{std::chrono::year{year},
                                               std::chrono::month{f.value(chip.ram[rtc::month])},
                                               std::chrono::day{value}};
        return date.ok();
    }
    for (const Range& r : ranges)
        if (r.index == index)
            return value >= r.first && value <= r.last;
    return true;
}

/// The first byte of the time of day or of the alarm that is no time, or reg_d: all are.
u8 wrong_clock(const hw::Mc146818& chip)
{
    const Format f(chip.ram[rtc::reg_b]);
    for (const u8 index : {rtc::seconds, rtc::minutes, rtc::hours}) {
        hw::Mc146818 at_alarm = chip;
        at_alarm.ram[index] = chip.ram[index + 1];
        if (!exists(chip, index, f))
            return index;
        if (chip.ram[index + 1] < 0xC0 && !exists(at_alarm, index, f))
            return static_cast<u8>(index + 1);
    }
    return rtc::reg_d;
}

/// The same of all bytes of time.
u8 wrong_byte(const hw::Mc146818& chip)
{
    const Format f(chip.ram[rtc::reg_b]);
    for (const u8 index : {rtc::weekday, rtc::century, rtc::year, rtc::month, rtc::day})
        if (!exists(chip, index, f))
            return index;
    return wrong_clock(chip);
}

/// One of them; often the one that the index is at already, so that something comes of it.
u8 one_of(Random& random, const hw::Machine& m, std::span<const u8> indices)
{
    const bool there = std::ranges::find(indices, m.rtc.index) != indices.end();
    return there && !random.one_in(3) ? m.rtc.index : random.pick<u8>(indices);
}

Step to_index(const hw::Machine& m, u8 index, u8 value)
{
    return m.rtc.index == index ? out(0x71, value) : out(0x70, index);
}

u8 some_b(Random& random, const hw::Machine& m)
{
    constexpr u8 format = rtc::Dm::mask | rtc::H24::mask;
    const u8 value = random.byte() & ~rtc::Dse::mask;
    const bool stays_set = rtc::Set::test(b(m)) && rtc::Set::test(value);
    return stays_set && divider_held(m) ? value : static_cast<u8>((value & ~format) | (b(m) & format));
}

Step write_b(Random& random, const hw::Machine& m)
{
    const u8 value = some_b(random, m);
    if (!rtc::Set::test(value) && !divider_held(m))
        if (const u8 wrong = wrong_byte(m.rtc); wrong != rtc::reg_d)
            return to_index(m, wrong, some_value(random, wrong, Format(b(m))));
    return to_index(m, rtc::reg_b, value);
}

Step write_a(Random& random, const hw::Machine& m)
{
    constexpr u8 dividers[] = {0x00, 0x10, 0x20, 0x20, 0x20, 0x60, 0x70};
    const u8 value = static_cast<u8>(random.pick<u8>(dividers) | (random.byte() & 0x8F));
    if (divider_held(m) && rtc::Dv::get(value) < 6)
        if (const u8 wrong = wrong_byte(m.rtc); wrong != rtc::reg_d)
            return to_index(m, wrong, some_value(random, wrong, Format(b(m))));
    return to_index(m, rtc::reg_a, value);
}

Step write_time(Random& random, const hw::Machine& m)
{
    constexpr u8 bytes[] = {rtc::seconds, rtc::minutes, rtc::hours, rtc::weekday,
                            rtc::day,     rtc::month,   rtc::year,  rtc::century};
    const u8 index = one_of(random, m, bytes);
    return to_index(m, index,
                    divider_held(m) && random.one_in(4) ? random.byte()
                                                        : some_value(random, index, Format(b(m))));
}

Step write_alarm(Random& random, const hw::Machine& m)
{
    const u8 index = one_of(random, m, alarms);
    const u8 any = static_cast<u8>(0xC0 | random.byte());
    const u8 soon = m.rtc.ram[index - 1];
    const u8 value = random.one_in(2) ? any : some_value(random, index, Format(b(m)));
    return to_index(m, index, random.one_in(4) && wrong_byte(m.rtc) == rtc::reg_d ? soon : value);
}

/// Time: mostly a part of a second, sometimes to just before the update, sometimes minutes.
Step pass(Random& random, const hw::Machine& m)
{
    const u64 to_second = second_ns - m.now_ns % (second_ns / 2);
    const bool fast = rtc::Pie::test(b(m)) && rtc::Rs::get(m.rtc.ram[rtc::reg_a]) < 8;
    if (random.one_in(4) && to_second > near_update_ns)
        return step("advance", {to_second - near_update_ns});
    if (random.one_in(2) || fast)
        return step("advance", {grid_ns * (1 + random.below(300))});
    if (random.one_in(40))
        return step("advance", {second_ns * (1 + random.below(300))});
    return step("advance", {second_ns * (1 + random.below(3))});
}

Step look(Random& random, const hw::Machine& m)
{
    constexpr u8 registers[] = {rtc::reg_a, rtc::reg_c,   rtc::reg_c,
                                rtc::reg_d, rtc::century, rtc::century_ps2};
    const u8 index = random.one_in(2)   ? random.pick<u8>(registers)
                     : random.one_in(3) ? random.pick<u8>(memory)
                                        : static_cast<u8>(random.below(rtc::reg_d));
    return m.rtc.index == index ? step("in", {0x71})
                                : out(0x70, static_cast<u8>(index | (random.byte() & 0x80)));
}

Step next(Random& random, const hw::Machine& m)
{
    if (const u64 over = m.now_ns % grid_ns; over != 0)
        return random.one_in(2) ? look(random, m) : step("advance", {grid_ns - over});
    switch (random.below(12)) {
    case 0: return write_a(random, m);
    case 1:
    case 2: return write_b(random, m);
    case 3:
    case 4: return time_stands(m) ? write_time(random, m) : write_b(random, m);
    case 5: return write_alarm(random, m);
    case 6: return to_index(m, one_of(random, m, memory), random.byte());
    case 7:
    case 8: return pass(random, m);
    default: return look(random, m);
    }
}

/// The evening of 28 February 2100.
std::vector<Step> preamble()
{
    std::vector<Step> steps;
    const auto set = [&](u8 index, u8 value) {
        steps.push_back(out(0x70, index));
        steps.push_back(out(0x71, value));
    };
    set(rtc::reg_b, 0x82);
    set(rtc::reg_a, 0x66);
    for (const auto& [index, value] : std::initializer_list<std::pair<u8, u8>>{{rtc::seconds, 0x57},
                                                                               {rtc::minutes, 0x59},
                                                                               {rtc::hours, 0x23},
                                                                               {rtc::weekday, 0x04},
                                                                               {rtc::day, 0x28},
                                                                               {rtc::month, 0x02},
                                                                               {rtc::year, 0x00},
                                                                               {rtc::century, 0x21},
                                                                               {rtc::seconds_alarm, 0x00},
                                                                               {rtc::minutes_alarm, 0xC0},
                                                                               {rtc::hours_alarm, 0x12}})
        set(index, value);
    for (const u8 index : memory)
        set(index, index);
    set(rtc::reg_b, 0x02);
    set(rtc::reg_a, 0x26); // the divider starts now
    steps.push_back(out(0x70, rtc::reg_c));
    steps.push_back(step("in", {0x71}));
    return steps;
}

/// What the first lines promise.
bool allowed(const Step& s, const hw::Machine& m)
{
    if (s.name() != "out" || s.argument[0] != 0x71)
        return true;
    const u8 index = m.rtc.index;
    hw::Mc146818 after = m.rtc;
    after.ram[index] = static_cast<u8>(s.argument[1]);
    const unsigned dv = rtc::Dv::get(after.ram[rtc::reg_a]);
    const u8 now_b = after.ram[rtc::reg_b];
    const bool format_stays = ((now_b ^ b(m)) & (rtc::Dm::mask | rtc::H24::mask)) == 0;
    const bool is_time = index <= rtc::year || index == rtc::century || index == rtc::century_ps2;
    const bool is_alarm = std::ranges::find(alarms, index) != std::end(alarms);
    if (m.now_ns % grid_ns != 0 || (dv > 2 && dv < 6) || (is_time && !is_alarm && !time_stands(m)))
        return false;
    if (dv >= 6)
        return format_stays || (rtc::Set::test(b(m)) && rtc::Set::test(now_b));
    const u8 wrong = rtc::Set::test(now_b) ? wrong_clock(after) : wrong_byte(after);
    return format_stays && wrong == rtc::reg_d;
}

std::vector<Step> observe(const Step&, const hw::Machine& m)
{
    std::vector<Step> looks{step("level", {8})};
    if (m.rtc.index == rtc::reg_c)
        return looks;
    looks.push_back(step("in", {0x71}));
    for (const u8 index : {rtc::seconds, rtc::minutes, rtc::hours, rtc::day, rtc::weekday, rtc::reg_a}) {
        looks.push_back(out(0x70, index));
        looks.push_back(step("in", {0x71}));
    }
    const bool moved = m.rtc.index == rtc::century_ps2; // by the look itself
    looks.push_back(out(0x70, moved ? u8{rtc::century} : m.rtc.index));
    return looks;
}

std::unique_ptr<Witness> start()
{
    auto witness = std::make_unique<QemuWitness>(
        std::vector<std::string>{"-M", "pc,hpet=off", "-rtc", "clock=vm,base=2026-01-01T00:00:00"},
        [](Qtest& qtest, const Step& s) {
            if (s.name() != "level")
                return Reply::nothing;
            qtest.queue("readb 0");
            return Reply::line;
        },
        Qtest::Clock::ours);
    Qtest& qtest = witness->qtest();
    for (const char* quiet : {"outb 0x43 0x30", "outb 0x40 0", "outb 0x40 0"}) // the 8254 counts once
        qtest.queue(quiet);
    // Whatever ran before: the divider in reset, no interrupt enabled, no flag.
    witness->begin_with(
        {"outb 0x70 0xb", "outb 0x71 0x82", "outb 0x70 0xa", "outb 0x71 0x66", "outb 0x70 0xc", "inb 0x71"});
    qtest.intercept_inputs(qtest.paths_of("isa-i8259").at(1));
    return witness;
}

} // namespace

Chip rtc_against_qemu()
{
    return {"rtc",    "qemu", hw::Profile::qemu, 200,    hw::BoardId::pc, 1, start,
            preamble, next,   observe,           allowed};
}

} // namespace irqlab::conform

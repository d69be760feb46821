// Each quirk of QEMU's real-time clock: what software sees without it and with it.
#include <gtest/gtest.h>
#include <vector>

#include "hw/device/mc146818.hpp"

namespace irqlab::hw {
namespace {

namespace quirk = mc146818_quirk;
using Bytes = std::vector<u8>;

constexpr u64 second = ns_per_second;

struct Bench {
    Mc146818 chip;
    Signals signals;
    u64 now = 0;

    u8 get(u8 index)
    {
        write(chip, 0, index, now, signals);
        return read(chip, 1, now, signals);
    }
    void set(u8 index, u8 value)
    {
        write(chip, 0, index, now, signals);
        write(chip, 1, value, now, signals);
    }
    void pass(u64 ns) { advance(chip, now += ns); }
    explicit Bench(u32 quirks)
    {
        power_on(chip, 4'107'542'398); // 2100-02-28 23:59:58, a Sunday
        chip.quirks = quirks;
        set(rtc::reg_b, 0x02);
        get(rtc::reg_c);
    }
};

struct Row {
    u32 mask;
    Bytes (*run)(Bench&);
    Bytes ours, theirs;
};

const Row rows[] = {
    {quirk::OwnPeriod::mask,
     [](Bench& b) {
         b.pass(second / 2);
         const u8 without_pie = b.get(rtc::reg_c);
         b.set(rtc::reg_b, 0x42);
         b.set(rtc::reg_a, 0x66);
         b.pass(second);
         return Bytes{without_pie, b.get(rtc::reg_c)};
     },
     {0x40, 0x00},
     {0x00, 0xC0}},
    {quirk::OneTimeBase::mask,
     [](Bench& b) {
         b.set(rtc::reg_a, 0x06);
         b.pass(second);
         return Bytes{b.get(rtc::seconds)};
     },
     {0x58},
     {0x59}},
    {quirk::NoUpdateCycle::mask,
     [](Bench& b) {
         b.pass(second - 1'000'000);
         const u8 in_the_cycle = b.get(rtc::reg_a);
         b.pass(800'000);
         return Bytes{in_the_cycle, b.get(rtc::reg_a)};
     },
     {0xA6, 0xA6},
     {0x26, 0xA6}},
    {quirk::CenturyAlias::mask,
     [](Bench& b) {
         return Bytes{b.get(rtc::century_ps2), b.chip.index};
     },
     {0x00, 0x37},
     {0x21, 0x32}},
    {quirk::AlarmAhead::mask,
     [](Bench& b) {
         b.set(rtc::reg_b, 0x80); // 12 hours, 11:59:59 AM
         b.set(rtc::seconds, 0x59);
         b.set(rtc::hours, 0x11);
         b.set(rtc::hours_alarm, 0x92); // noon
         b.set(rtc::minutes_alarm, 0x00);
         b.set(rtc::seconds_alarm, 0x00);
         b.set(rtc::reg_b, 0x20);
         b.pass(second);
         return Bytes{b.get(rtc::hours), static_cast<u8>(b.get(rtc::reg_c) & 0x20)};
     },
     {0x92, 0x20},
     {0x92, 0x00}},
    {quirk::FlagsWhileSet::mask,
     [](Bench& b) {
         b.set(rtc::reg_b, 0x82);
         b.pass(second);
         return Bytes{static_cast<u8>(b.get(rtc::reg_c) & 0x10), b.get(rtc::seconds)};
     },
     {0x00, 0x58},
     {0x10, 0x58}},
    {quirk::SetKeepsPhase::mask,
     [](Bench& b) {
         b.set(rtc::reg_b, 0x82);
         b.set(rtc::reg_a, 0x66);
         b.pass(second / 4);
         b.set(rtc::reg_a, 0x26);
         b.set(rtc::reg_b, 0x02);
         b.pass(second * 5 / 8);
         const u8 after_half_a_second = b.get(rtc::seconds);
         b.pass(second / 8);
         return Bytes{after_half_a_second, b.get(rtc::seconds)};
     },
     {0x59, 0x59},
     {0x58, 0x59}},
    {quirk::GregorianCentury::mask,
     [](Bench& b) {
         b.pass(2 * second);
         return Bytes{b.get(rtc::day), b.get(rtc::month)};
     },
     {0x29, 0x02},
     {0x01, 0x03}},
    {quirk::WeekdayOfDate::mask,
     [](Bench& b) {
         b.set(rtc::reg_b, 0x82);
         b.set(rtc::weekday, 0x05);
         b.set(rtc::reg_b, 0x02);
         return Bytes{b.get(rtc::weekday)};
     },
     {5},
     {1}},
    {quirk::SecondsWritable::mask,
     [](Bench& b) {
         b.set(rtc::reg_b, 0x82);
         b.set(rtc::seconds, 0xFF);
         return Bytes{b.get(rtc::seconds)};
     },
     {0x7F},
     {0xFF}},
};

TEST(Mc146818Quirks, EachShows)
{
    ASSERT_EQ(std::size(rows), mc146818_quirks().size());
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        const Quirk& listed = mc146818_quirks()[i];
        ASSERT_EQ(rows[i].mask, listed.mask) << "in the order of the list";
        Bench ours(0), theirs(listed.mask);
        EXPECT_EQ(rows[i].run(ours), rows[i].ours) << listed.clause;
        EXPECT_EQ(rows[i].run(theirs), rows[i].theirs) << listed.name;
        EXPECT_TRUE(valid(theirs.chip));
    }
}

/// An alarm whose second is now comes in a day, though it does not care for the minute; a read of C mends it.
TEST(Mc146818Quirks, AlarmOfThisSecond)
{
    Bench b(quirk::AlarmAhead::mask);
    b.pass(2 * second); // 00:00:00, and UF set
    b.set(rtc::minutes_alarm, 0xC0);
    b.set(rtc::hours_alarm, 0xC0);
    b.set(rtc::seconds_alarm, 0x00);
    b.chip.ram[rtc::reg_c] = rtc::Uf::mask;
    b.set(rtc::seconds_alarm, 0x00);
    b.pass(61 * second);
    EXPECT_EQ(b.get(rtc::reg_c) & 0x20, 0x00);
    b.pass(60 * second);
    EXPECT_EQ(b.get(rtc::reg_c) & 0x20, 0x20);
}

} // namespace
} // namespace irqlab::hw

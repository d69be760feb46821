// MC146818: the calendar, the update cycle, and the three interrupts.
#include "hw/device/mc146818.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<Mc146818>);

constexpr u64 second = ns_per_second;

u8 get(Mc146818& chip, u8 index, u64 now = 0)
{
    Signals signals;
    write(chip, 0, index, now, signals);
    return read(chip, 1, now, signals);
}

void set(Mc146818& chip, u8 index, u8 value, u64 now = 0)
{
    Signals signals;
    write(chip, 0, index, now, signals);
    write(chip, 1, value, now, signals);
}

Mc146818 at_date(u64 unix_seconds)
{
    Mc146818 chip;
    power_on(chip, unix_seconds);
    return chip;
}

TEST(Mc146818, Calendar)
{
    struct Row {
        const char* clause;
        u64 start, after; // unix seconds, seconds later
        u8 century, year, month, day, weekday, hours, minutes, seconds;
    };
    constexpr Row rows[] = {
        {"MC146818/time: the epoch, a Thursday", 0, 0, 0x19, 0x70, 0x01, 0x01, 5, 0x00, 0x00, 0x00},
        {"MC146818/time: one second", 0, 1, 0x19, 0x70, 0x01, 0x01, 5, 0x00, 0x00, 0x01},
        {"MC146818/time: minute and hour carry", 3599, 1, 0x19, 0x70, 0x01, 0x01, 5, 0x01, 0x00, 0x00},
        {"MC146818/leap: 2024 has a 29th of February", 1709164799, 1, 0x20, 0x24, 0x02, 0x29, 5, 0x00, 0x00,
         0x00},
        {"MC146818/leap: 2023 has none", 1677628799, 1, 0x20, 0x23, 0x03, 0x01, 4, 0x00, 0x00, 0x00},
        {"MC146818/time: the year carries", 1704067199, 1, 0x20, 0x24, 0x01, 0x01, 2, 0x00, 0x00, 0x00},
        {"MC146818/time: the century carries", 946684799, 1, 0x20, 0x00, 0x01, 0x01, 7, 0x00, 0x00, 0x00},
        {"MC146818/time: 400 days in one jump", 1704067199, 400 * 86400, 0x20, 0x25, 0x02, 0x03, 2, 0x23,
         0x59, 0x59},
    };
    for (const Row& row : rows) {
        Mc146818 chip = at_date(row.start);
        advance(chip, row.after * second);
        EXPECT_EQ(chip.ram[rtc::century], row.century) << row.clause;
        EXPECT_EQ(chip.ram[rtc::year], row.year) << row.clause;
        EXPECT_EQ(chip.ram[rtc::month], row.month) << row.clause;
        EXPECT_EQ(chip.ram[rtc::day], row.day) << row.clause;
        EXPECT_EQ(chip.ram[rtc::weekday], row.weekday) << row.clause;
        EXPECT_EQ(chip.ram[rtc::hours], row.hours) << row.clause;
        EXPECT_EQ(chip.ram[rtc::minutes], row.minutes) << row.clause;
        EXPECT_EQ(chip.ram[rtc::seconds], row.seconds) << row.clause;
    }
}

TEST(Mc146818, DataModes)
{
    struct Row {
        const char* clause;
        u8 b, before, after; // hours, one hour later
    };
    constexpr Row rows[] = {
        {"MC146818/24 hours, BCD", 0x02, 0x09, 0x10},
        {"MC146818/24 hours, binary", 0x06, 9, 10},
        {"MC146818/12 hours, BCD: noon", 0x00, 0x11, 0x92},
        {"MC146818/12 hours: after noon", 0x00, 0x92, 0x81},
        {"MC146818/12 hours: midnight", 0x00, 0x91, 0x12},
        {"MC146818/12 hours, binary: noon", 0x04, 11, 0x8C},
        {"MC146818/24 hours: midnight", 0x02, 0x23, 0x00},
    };
    for (const Row& row : rows) {
        Mc146818 chip = at_date(0);
        set(chip, rtc::reg_b, row.b);
        set(chip, rtc::hours, row.before);
        EXPECT_EQ(get(chip, rtc::hours, 3600 * second), row.after) << row.clause;
    }
}

TEST(Mc146818, PeriodicRates)
{
    struct Row {
        const char* clause;
        u8 a;
        u64 per_second;
    };
    constexpr Row rows[] = {
        {"MC146818/periodic: rate 1 is 256 Hz", 0x21, 256},
        {"MC146818/periodic: rate 2 is 128 Hz", 0x22, 128},
        {"MC146818/periodic: rate 3 is 8192 Hz", 0x23, 8192},
        {"MC146818/periodic: rate 6 is 1024 Hz", 0x26, 1024},
        {"MC146818/periodic: rate 15 is 2 Hz", 0x2F, 2},
        {"MC146818/periodic: rate 0 is none", 0x20, 0},
        {"MC146818/divider: held in reset", 0x66, 0},
    };
    for (const Row& row : rows) {
        Mc146818 chip = at_date(0);
        set(chip, rtc::reg_a, row.a);
        set(chip, rtc::reg_b, 0x42);
        u64 rises = 0;
        for (u64 now = next_event_ns(chip); now <= second; now = next_event_ns(chip)) {
            advance(chip, now);
            ASSERT_TRUE(output(chip)) << row.clause;
            EXPECT_EQ(next_event_ns(chip), never_ns) << "the line stays high until C is read";
            EXPECT_EQ(get(chip, rtc::reg_c, now) & 0xC0, 0xC0) << row.clause;
            ASSERT_FALSE(output(chip)) << row.clause;
            ++rises;
        }
        EXPECT_EQ(rises, row.per_second) << row.clause;
    }
}

TEST(Mc146818, Alarm)
{
    struct Row {
        const char* clause;
        u8 hours, minutes, seconds;
        u64 first; // seconds after 12:34:56
    };
    constexpr Row rows[] = {
        {"MC146818/alarm: later in this minute", 0x12, 0x34, 0x58, 2},
        {"MC146818/alarm: in the next minute", 0x12, 0x35, 0x00, 4},
        {"MC146818/alarm: tomorrow", 0x12, 0x34, 0x56, 86400},
        {"MC146818/alarm: tomorrow, an hour that has passed", 0x00, 0x00, 0x00, 11 * 3600 + 25 * 60 + 4},
        {"MC146818/alarm: each second", 0xC0, 0xFF, 0xC0, 1},
        {"MC146818/alarm: each minute", 0xC0, 0xC0, 0x56, 60},
        {"MC146818/alarm: each hour", 0xC0, 0x34, 0x55, 3599},
        {"MC146818/alarm: any second of one minute, tomorrow", 0x12, 0x33, 0xC0, 86400 - 116},
    };
    for (const Row& row : rows) {
        Mc146818 chip = at_date(12 * 3600 + 34 * 60 + 56);
        set(chip, rtc::hours_alarm, row.hours);
        set(chip, rtc::minutes_alarm, row.minutes);
        set(chip, rtc::seconds_alarm, row.seconds);
        set(chip, rtc::reg_b, 0x22);
        EXPECT_EQ(next_event_ns(chip), row.first * second) << row.clause;
        advance(chip, row.first * second - 1);
        EXPECT_FALSE(output(chip)) << row.clause;
        advance(chip, row.first * second);
        EXPECT_TRUE(output(chip)) << row.clause;
        EXPECT_EQ(get(chip, rtc::reg_c, row.first * second) & 0xA0, 0xA0) << row.clause;
    }
    Mc146818 chip = at_date(0);
    set(chip, rtc::minutes_alarm, 0x77);
    set(chip, rtc::reg_b, 0x22);
    EXPECT_EQ(next_event_ns(chip), never_ns) << "MC146818/alarm: no time looks like that";
}

TEST(Mc146818, UpdateEnded)
{
    Mc146818 chip = at_date(0);
    set(chip, rtc::reg_b, 0x12);
    EXPECT_EQ(next_event_ns(chip), second);
    const u64 begins = ns_of_tick(rtc::hz - (rtc::before_update_ticks + rtc::update_ticks), rtc::hz);
    EXPECT_EQ(peek_index(chip, rtc::reg_a, begins - 1) & 0x80, 0)
        << "MC146818/UIP: clear for the rest of the second";
    EXPECT_EQ(peek_index(chip, rtc::reg_a, begins) & 0x80, 0x80) << "MC146818/UIP: before and in the update";
    EXPECT_EQ(peek_index(chip, rtc::reg_a, second) & 0x80, 0);
    advance(chip, second);
    EXPECT_TRUE(output(chip));
    EXPECT_EQ(get(chip, rtc::reg_c, second), 0xD0)
        << "MC146818/C: IRQF and UF, and PF of the rate that is selected";
    EXPECT_EQ(get(chip, rtc::reg_c, second), 0) << "MC146818/C: a read clears";
}

TEST(Mc146818, FlagsWithoutEnablesAndSet)
{
    Mc146818 chip = at_date(0);
    set(chip, rtc::reg_a, 0x20);
    advance(chip, second);
    EXPECT_FALSE(output(chip));
    EXPECT_EQ(get(chip, rtc::reg_c, second) & 0x90, 0x10) << "MC146818/C: UF is set without UIE, IRQF not";
    set(chip, rtc::reg_b, 0x92, second);
    EXPECT_EQ(get(chip, rtc::reg_b, second), 0x82) << "MC146818/B: SET clears UIE";
    EXPECT_EQ(get(chip, rtc::seconds, 5 * second), 0x01) << "MC146818/B: SET stops the updates";
    EXPECT_EQ(peek_index(chip, rtc::reg_a, 6 * second - 1000) & 0x80, 0) << "MC146818/UIP: none while SET";
    set(chip, rtc::reg_b, 0x02, 5 * second);
    EXPECT_EQ(get(chip, rtc::seconds, 6 * second), 0x02);
}

TEST(Mc146818, RegistersAndMemory)
{
    Mc146818 chip = at_date(0);
    Signals signals;
    EXPECT_EQ(get(chip, rtc::reg_d), 0x80) << "MC146818/D: VRT";
    set(chip, rtc::reg_d, 0);
    EXPECT_EQ(get(chip, rtc::reg_d), 0x80);
    set(chip, rtc::reg_a, 0xA6);
    EXPECT_EQ(get(chip, rtc::reg_a), 0x26) << "MC146818/A: UIP is read-only";
    for (u8 i = 0x0E; i < 0x80; ++i)
        set(chip, i, static_cast<u8>(i * 3));
    for (u8 i = 0x0E; i < 0x80; ++i)
        EXPECT_EQ(get(chip, i), static_cast<u8>(i * 3)) << "MC146818/memory";
    write(chip, 0, 0x8E, 0, signals);
    EXPECT_EQ(peek(chip, 1, 0), static_cast<u8>(0x0E * 3))
        << "PIIX/70h: bit 7 is the NMI mask, not the index";
    EXPECT_EQ(read(chip, 0, 0, signals), 0xFF) << "PIIX/70h: write only";
}

TEST(Mc146818, DividerReset)
{
    Mc146818 chip = at_date(0);
    set(chip, rtc::reg_a, 0x70, second / 4);
    EXPECT_EQ(next_event_ns(chip), never_ns);
    EXPECT_EQ(get(chip, rtc::seconds, 5 * second), 0x00) << "MC146818/A: held in reset, no time passes";
    set(chip, rtc::reg_a, 0x26, 5 * second);
    const u64 begins = ns_of_tick(5 * rtc::hz + rtc::hz / 2, rtc::hz);
    const u64 ends = ns_of_tick(5 * rtc::hz + rtc::hz / 2 + rtc::update_ticks, rtc::hz);
    EXPECT_EQ(get(chip, rtc::reg_a, begins - 250'000), 0x26);
    EXPECT_EQ(get(chip, rtc::reg_a, begins - 240'000), 0xA6) << "MC146818/UIP: 244 us before the cycle";
    EXPECT_EQ(get(chip, rtc::seconds, ends - 1), 0x00);
    EXPECT_EQ(get(chip, rtc::reg_a, ends - 1), 0xA6) << "MC146818/UIP: to the end of the cycle, of 1984 us";
    EXPECT_EQ(get(chip, rtc::seconds, ends), 0x01)
        << "MC146818/A: the first update cycle begins after 500 ms";
    EXPECT_EQ(get(chip, rtc::reg_a, ends), 0x26);
}

TEST(Mc146818, OtherTimeBases)
{
    struct Row {
        const char* clause;
        u8 a;
        u64 period; // ticks of the crystal
        u64 slower;
    };
    constexpr Row rows[] = {
        {"MC146818/DV 2: rate 1 is 256 Hz", 0x21, 128, 1},
        {"MC146818/DV 2: rate 2 is 128 Hz", 0x22, 256, 1},
        {"MC146818/DV 0: rate 1 is 32768 Hz of 4.194304 MHz", 0x01, 128, 128},
        {"MC146818/DV 0: rate 2", 0x02, 256, 128},
        {"MC146818/DV 0: rate 3 is as with DV 2", 0x03, 4 * 128, 128},
        {"MC146818/DV 1: rate 1 is 32768 Hz of 1.048576 MHz", 0x11, 32, 32},
        {"MC146818/DV 1: rate 15 is 2 Hz", 0x1F, 16384 * 32, 32},
    };
    for (const Row& row : rows) {
        Mc146818 chip = at_date(0);
        set(chip, rtc::reg_a, row.a);
        set(chip, rtc::reg_b, 0x42);
        EXPECT_EQ(next_event_ns(chip), ns_of_tick(row.period, rtc::hz)) << row.clause;
        set(chip, rtc::reg_b, 0x12);
        EXPECT_EQ(next_event_ns(chip), row.slower * second) << row.clause;
    }
}

TEST(Mc146818, SquareWave)
{
    Mc146818 chip = at_date(0);
    set(chip, rtc::reg_a, 0x2F);
    advance(chip, second / 4);
    EXPECT_FALSE(output(chip, 1)) << "MC146818/SQWE: off";
    set(chip, rtc::reg_b, 0x0A, second / 4);
    EXPECT_TRUE(output(chip, 1)) << "MC146818/SQW: 2 Hz, the second half of the period";
    advance(chip, second / 2);
    EXPECT_FALSE(output(chip, 1));
    set(chip, rtc::reg_a, 0x20, second / 2);
    advance(chip, 3 * second / 4);
    EXPECT_FALSE(output(chip, 1)) << "MC146818/RS: 0 is no square wave";
}

TEST(Mc146818, ResetPin)
{
    Mc146818 chip = at_date(0);
    set(chip, rtc::reg_b, 0x7E);
    advance(chip, 2 * second);
    EXPECT_TRUE(output(chip));
    reset(chip);
    EXPECT_FALSE(output(chip));
    EXPECT_EQ(get(chip, rtc::reg_b, 2 * second), 0x06) << "MC146818/RESET: PIE, AIE, UIE and SQWE are 0";
    EXPECT_EQ(get(chip, rtc::reg_c, 2 * second), 0x00);
    EXPECT_EQ(get(chip, rtc::seconds, 2 * second), 0x02) << "MC146818/RESET: time goes on";
}

TEST(Mc146818, InterruptIsFlagAndEnable)
{
    for (unsigned flags = 0; flags < 8; ++flags)
        for (unsigned enables = 0; enables < 8; ++enables) {
            Mc146818 chip = at_date(0);
            chip.ram[rtc::reg_c] = static_cast<u8>(flags << 4);
            set(chip, rtc::reg_b, static_cast<u8>(enables << 4 | 2));
            const bool asks = (flags & enables) != 0;
            EXPECT_EQ(output(chip), asks) << "MC146818/IRQF: PF*PIE + AF*AIE + UF*UIE";
            EXPECT_EQ(get(chip, rtc::reg_c), (asks ? 0x80 : 0) | flags << 4);
            EXPECT_FALSE(output(chip)) << "MC146818/C: a read clears";
            EXPECT_EQ(get(chip, rtc::reg_c), 0);
        }
}

TEST(Mc146818, NotModelledIsSaid)
{
    Mc146818 chip = at_date(0);
    for (const auto& [index, value] :
         {std::pair<u8, u8>{rtc::reg_a, 0x36}, {rtc::reg_a, 0x56}, {rtc::reg_b, 0x03}}) {
        Signals signals;
        write(chip, 0, index, 0, signals);
        write(chip, 1, value, 0, signals);
        ASSERT_EQ(signals.size(), 1u);
        EXPECT_EQ(signals[0].number, static_cast<u16>(Diagnosis::rtc_not_modelled));
        EXPECT_EQ(signals[0].value, value);
    }
    set(chip, rtc::reg_a, 0x36);
    EXPECT_EQ(get(chip, rtc::seconds, 5 * second), 0) << "MC146818/DV 3: the clock stands";
}

TEST(Mc146818, SecondsHighBitIsReadOnly)
{
    Mc146818 chip = at_date(0);
    set(chip, rtc::seconds, 0xD9);
    EXPECT_EQ(get(chip, rtc::seconds), 0x59) << "MC146818/address map";
}

TEST(Mc146818, ValidStates)
{
    const auto refused = [](auto spoil) {
        Mc146818 chip = at_date(0);
        EXPECT_TRUE(valid(chip));
        spoil(chip);
        return !valid(chip);
    };
    EXPECT_TRUE(refused([](Mc146818& c) { c.index = 0x80; }));
    EXPECT_TRUE(refused([](Mc146818& c) { c.ram[rtc::reg_a] = 0xA6; }));
    EXPECT_TRUE(refused([](Mc146818& c) { c.ram[rtc::reg_c] = 0x80; }));
    EXPECT_TRUE(refused([](Mc146818& c) { c.tick = ~u64{0}; }));
    EXPECT_TRUE(refused([](Mc146818& c) { c.pf_at = 5; }));
    EXPECT_TRUE(refused([](Mc146818& c) { c.quirks = 1u << 31; }));
    EXPECT_TRUE(refused([](Mc146818& c) { c.unused[0] = 1; }));
}

} // namespace
} // namespace irqlab::hw

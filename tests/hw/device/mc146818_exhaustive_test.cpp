// MC146818A, small spaces whole: all codes of hours, all alarms with bytes that do not care, all days of 130
// years, all dividers and rates. What decides is plain arithmetic, and the C++ calendar.
#include <chrono>
#include <gtest/gtest.h>

#include "hw/device/mc146818.hpp"

namespace irqlab::hw {
namespace {

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

u8 bcd(unsigned value) { return static_cast<u8>(value / 10 * 16 + value % 10); }

/// [MC146818] "Time, Calendar, and Alarm Data Modes": 1 to 12, and 80h in the afternoon.
u8 hour_code(unsigned hour, bool binary, bool h24)
{
    const unsigned number = h24 ? hour : hour % 12 == 0 ? 12 : hour % 12;
    return static_cast<u8>((binary ? number : bcd(number)) | (!h24 && hour >= 12 ? 0x80 : 0));
}

TEST(Mc146818Exhaustive, EveryHourInEveryFormat)
{
    for (const bool binary : {false, true})
        for (const bool h24 : {false, true})
            for (unsigned hour = 0; hour < 24; ++hour) {
                Mc146818 chip;
                power_on(chip, 0);
                set(chip, rtc::reg_b, static_cast<u8>(0x20 | binary << 2 | h24 << 1));
                set(chip, rtc::hours, hour_code(hour, binary, h24));
                set(chip, rtc::hours_alarm, hour_code((hour + 1) % 24, binary, h24));
                EXPECT_EQ(next_event_ns(chip), 3600 * second) << "MC146818/alarm, " << hour;
                EXPECT_EQ(get(chip, rtc::hours, 3600 * second - 1), hour_code(hour, binary, h24));
                EXPECT_EQ(get(chip, rtc::hours, 3600 * second), hour_code((hour + 1) % 24, binary, h24))
                    << "MC146818/data modes, " << hour << (binary ? " binary" : " BCD")
                    << (h24 ? " 24" : " 12");
                EXPECT_TRUE(output(chip));
                EXPECT_EQ(get(chip, rtc::day, 3600 * second), hour == 23 ? 2 : 1);
            }
}

/// The first second after `now` at which hour, minute and second are what the alarm wants, by looking at
/// each.
u64 search(u64 now, const int (&alarm)[3])
{
    for (u64 at = now + 1;; ++at) {
        const int parts[3] = {static_cast<int>(at / 3600 % 24), static_cast<int>(at / 60 % 60),
                              static_cast<int>(at % 60)};
        bool all = true;
        for (int i = 0; i < 3; ++i)
            all = all && (alarm[i] < 0 || alarm[i] == parts[i]);
        if (all)
            return at;
    }
}

TEST(Mc146818Exhaustive, EveryAlarmThatDoesNotCare)
{
    constexpr u64 times[] = {0, 1, 59, 3'599, 3'600, 43'199, 43'200, 46'799, 86'340, 86'399};
    constexpr int wanted[][3] = {{0, 0, 0}, {11, 59, 59}, {12, 0, 1}, {23, 59, 30}};
    constexpr u8 cares[] = {0xC0, 0xFF};
    for (const u64 time : times)
        for (const auto& want : wanted)
            for (unsigned dont = 0; dont < 8; ++dont)
                for (unsigned format = 0; format < 4; ++format) {
                    const bool binary = (format & 1) != 0, h24 = (format & 2) != 0;
                    Mc146818 chip;
                    power_on(chip, time);
                    set(chip, rtc::reg_b, static_cast<u8>(0x20 | binary << 2 | h24 << 1));
                    int alarm[3];
                    for (int i = 0; i < 3; ++i)
                        alarm[i] = (dont >> i & 1) != 0 ? -1 : want[i];
                    const auto code = [&](unsigned v) { return binary ? static_cast<u8>(v) : bcd(v); };
                    const unsigned of_day = static_cast<unsigned>(time), h = of_day / 3600,
                                   m = of_day / 60 % 60, s = of_day % 60;
                    chip.ram[rtc::hours] = hour_code(h, binary, h24);
                    chip.ram[rtc::minutes] = code(m);
                    chip.ram[rtc::seconds] = code(s);
                    const u8 any = cares[time % 2];
                    set(chip, rtc::hours_alarm,
                        alarm[0] < 0 ? any : hour_code(static_cast<unsigned>(want[0]), binary, h24));
                    set(chip, rtc::minutes_alarm, alarm[1] < 0 ? any : code(static_cast<unsigned>(want[1])));
                    set(chip, rtc::seconds_alarm, alarm[2] < 0 ? any : code(static_cast<unsigned>(want[2])));
                    const u64 due = (search(time, alarm) - time) * second;
                    EXPECT_EQ(next_event_ns(chip), due) << "MC146818/alarm at " << time << ", " << dont;
                    advance(chip, due - 1);
                    ASSERT_FALSE(output(chip));
                    advance(chip, due);
                    ASSERT_TRUE(output(chip));
                }
}

TEST(Mc146818Exhaustive, EveryByteAsAnAlarm)
{
    for (unsigned byte = 0; byte < 256; ++byte) {
        Mc146818 chip;
        power_on(chip, 0);
        set(chip, rtc::hours_alarm, 0xC0);
        set(chip, rtc::minutes_alarm, 0xC0);
        set(chip, rtc::seconds_alarm, static_cast<u8>(byte));
        set(chip, rtc::reg_b, 0x22);
        const bool number = byte < 0x60 && (byte & 15) < 10;
        const u64 value = (byte >> 4) * 10 + (byte & 15);
        const u64 due = byte >= 0xC0 ? 1 : number ? (value == 0 ? 60 : value) : 0;
        EXPECT_EQ(next_event_ns(chip), due == 0 ? never_ns : due * second)
            << "MC146818/alarm: C0h to FFh do not care, a code of no second never matches; " << byte;
    }
}

TEST(Mc146818Exhaustive, EveryDayFrom1970To2099)
{
    namespace chrono = std::chrono;
    constexpr chrono::sys_days first{chrono::year{1970} / 1 / 1}, end{chrono::year{2100} / 1 / 1};
    Mc146818 chip;
    power_on(chip, 86'399); // one second before the first midnight
    u64 now = 0;
    for (chrono::sys_days day = first + chrono::days{1}; day < end; day += chrono::days{1}) {
        advance(chip, now += second);
        const chrono::year_month_day date{day};
        const unsigned year = static_cast<unsigned>(static_cast<int>(date.year()));
        ASSERT_EQ(chip.ram[rtc::hours], 0);
        ASSERT_EQ(chip.ram[rtc::day], bcd(static_cast<unsigned>(date.day()))) << "MC146818/calendar " << now;
        ASSERT_EQ(chip.ram[rtc::month], bcd(static_cast<unsigned>(date.month())));
        ASSERT_EQ(chip.ram[rtc::year], bcd(year % 100));
        ASSERT_EQ(chip.ram[rtc::century], bcd(year / 100));
        ASSERT_EQ(chip.ram[rtc::weekday], chrono::weekday{day}.c_encoding() + 1);
        Mc146818 set_now;
        power_on(set_now, static_cast<u64>(day.time_since_epoch().count()) * 86'400);
        for (const u8 index : {rtc::weekday, rtc::day, rtc::month, rtc::year, rtc::century})
            ASSERT_EQ(chip.ram[index], set_now.ram[index]) << "as firmware would set it";
        chip.ram[rtc::hours] = 0x23;
        chip.ram[rtc::minutes] = chip.ram[rtc::seconds] = 0x59;
    }
}

TEST(Mc146818Exhaustive, OneJumpIsManySteps)
{
    for (unsigned b = 0; b < 0x80; b += 2)
        for (const u8 a : {u8{0x26}, u8{0x2F}, u8{0x21}, u8{0x00}, u8{0x16}, u8{0x66}}) {
            Mc146818 jump;
            power_on(jump, 951'782'395); // 2000-02-28 23:59:55
            set(jump, rtc::reg_a, a);
            set(jump, rtc::reg_b, static_cast<u8>(b));
            Mc146818 steps = jump;
            for (u64 now = 0; now <= 20 * second; now += 31'250'000)
                advance(steps, now);
            advance(jump, 20 * second);
            EXPECT_EQ(jump, steps) << "A=" << unsigned{a} << " B=" << b;
        }
}

} // namespace
} // namespace irqlab::hw

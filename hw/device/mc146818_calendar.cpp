// The MC146818's calendar. See the header.
#include "hw/device/mc146818_calendar.hpp"

namespace irqlab::hw::rtc {
namespace {

constexpr u8 pm = 0x80;
constexpr u8 dont_care = 0xC0; // and all above it. [MC146818] "Alarm"
constexpr unsigned seconds_per_day = 86'400;

/// The chip knows only every fourth year. [MC146818] "Automatic Leap Year Compensation".
bool leap(const Mc146818& chip)
{
    const unsigned year = decode(chip, chip.ram[rtc::year]);
    if (mc146818_quirk::GregorianCentury::test(chip.quirks) && year == 0)
        return decode(chip, chip.ram[century]) % 4 == 0;
    return year % 4 == 0;
}

unsigned days_in_month(const Mc146818& chip)
{
    constexpr u8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const unsigned month = decode(chip, chip.ram[rtc::month]);
    if (month < 1 || month > 12)
        return 31;
    return days[month - 1] + (month == 2 && leap(chip) ? 1u : 0u);
}

/// Adds one to a register that runs from `first` to `last`. @return true when it went round.
bool count_up(Mc146818& chip, u8 index, unsigned first, unsigned last)
{
    const unsigned value = decode(chip, chip.ram[index]);
    const bool wraps = value >= last;
    chip.ram[index] = encode(chip, wraps ? first : value + 1);
    return wraps;
}

bool matches(u8 alarm, u8 time) { return alarm >= dont_care || alarm == time; }

/// The value below `size` whose code an alarm byte is.
template <class Encode> unsigned value_of(u8 alarm, unsigned size, Encode encoded)
{
    if (alarm >= dont_care)
        return any;
    for (unsigned value = 0; value < size; ++value)
        if (encoded(value) == alarm)
            return value;
    return nothing;
}

/// Steps from `value` to what the alarm wants, in a counter of `size`.
unsigned distance(unsigned wanted, unsigned value, unsigned size)
{
    return wanted == any ? 0 : (wanted + size - value) % size;
}

/// Days since 0000-03-01: years begin in March, so that the leap day is the last of its year.
struct Date {
    u64 year, month, day;
};

Date date_of(u64 days_since_1970)
{
    const u64 shifted = days_since_1970 + 719'468;
    const u64 era = shifted / 146'097, of_era = shifted % 146'097;
    const u64 year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
    const u64 day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const u64 shifted_month = (5 * day_of_year + 2) / 153;
    const u64 month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month,
            day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

} // namespace

unsigned decode(const Mc146818& chip, u8 raw)
{
    return Dm::test(chip.ram[reg_b]) ? raw : (raw >> 4) * 10u + (raw & 15u);
}

u8 encode(const Mc146818& chip, unsigned value)
{
    return static_cast<u8>(Dm::test(chip.ram[reg_b]) ? value : value / 10 % 10 << 4 | value % 10);
}

unsigned decode_hour(const Mc146818& chip, u8 raw)
{
    if (H24::test(chip.ram[reg_b]))
        return decode(chip, raw);
    return decode(chip, raw & 0x7F) % 12 + ((raw & pm) != 0 ? 12 : 0);
}

u8 encode_hour(const Mc146818& chip, unsigned hour)
{
    if (H24::test(chip.ram[reg_b]))
        return encode(chip, hour);
    const u8 twelve = encode(chip, hour % 12 == 0 ? 12 : hour % 12);
    return hour >= 12 ? static_cast<u8>(twelve | pm) : twelve;
}

void next_day(Mc146818& chip)
{
    const unsigned last = days_in_month(chip);
    count_up(chip, weekday, 1, 7);
    if (count_up(chip, day, 1, last) && count_up(chip, month, 1, 12) && count_up(chip, year, 0, 99))
        count_up(chip, century, 0, 99);
}

void next_second(Mc146818& chip)
{
    if (!count_up(chip, seconds, 0, 59) || !count_up(chip, minutes, 0, 59))
        return;
    const unsigned hour = decode_hour(chip, chip.ram[hours]);
    chip.ram[hours] = encode_hour(chip, hour >= 23 ? 0 : hour + 1);
    if (hour >= 23)
        next_day(chip);
}

void set_time(Mc146818& chip, u64 unix_seconds)
{
    const u64 days = unix_seconds / seconds_per_day, rest = unix_seconds % seconds_per_day;
    const Date date = date_of(days);
    const auto set = [&](u8 index, u64 value) {
        chip.ram[index] = encode(chip, static_cast<unsigned>(value));
    };
    set(seconds, rest % 60);
    set(minutes, rest / 60 % 60);
    chip.ram[hours] = encode_hour(chip, static_cast<unsigned>(rest / 3600));
    set(weekday, (days + 4) % 7 + 1); // 1970-01-01 was a Thursday
    set(day, date.day);
    set(month, date.month);
    set(year, date.year % 100);
    set(century, date.year / 100 % 100);
}

void set_weekday(Mc146818& chip)
{
    // A century of the Gregorian calendar begins on one of four weekdays; 400 years are whole weeks.
    constexpr unsigned offsets[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    const unsigned m = decode(chip, chip.ram[month]);
    if (m < 1 || m > 12)
        return;
    unsigned y = decode(chip, chip.ram[century]) * 100 + decode(chip, chip.ram[year]);
    y = m < 3 && y > 0 ? y - 1 : y;
    const unsigned d = decode(chip, chip.ram[day]);
    chip.ram[weekday] = encode(chip, (y + y / 4 - y / 100 + y / 400 + offsets[m - 1] + d) % 7 + 1);
}

bool alarm_matches(const Mc146818& chip)
{
    return matches(chip.ram[seconds_alarm], chip.ram[seconds]) &&
           matches(chip.ram[minutes_alarm], chip.ram[minutes]) &&
           matches(chip.ram[hours_alarm], chip.ram[hours]);
}

Clock alarm(const Mc146818& chip)
{
    const auto plain = [&](unsigned v) { return encode(chip, v); };
    const auto hour_code = [&](unsigned v) { return encode_hour(chip, v); };
    return {value_of(chip.ram[hours_alarm], 24, hour_code), value_of(chip.ram[minutes_alarm], 60, plain),
            value_of(chip.ram[seconds_alarm], 60, plain)};
}

Clock time_of_day(const Mc146818& chip)
{
    return {decode_hour(chip, chip.ram[hours]), decode(chip, chip.ram[minutes]),
            decode(chip, chip.ram[seconds])};
}

unsigned seconds_until(Clock now, Clock alarm)
{
    if (alarm.hour == nothing || alarm.minute == nothing || alarm.second == nothing)
        return 0;
    const unsigned from = now.hour * 3600 + now.minute * 60 + now.second;
    unsigned at = from + 1;
    // Each turn puts the highest counter that does not match where it does, those below it to 0. Two for each
    // counter: a lower one may carry into it once.
    for (int turn = 0; turn < 6; ++turn) {
        if (const unsigned h = distance(alarm.hour, at / 3600 % 24, 24); h != 0)
            at = (at / 3600 + h) * 3600;
        else if (const unsigned m = distance(alarm.minute, at / 60 % 60, 60); m != 0)
            at = (at / 60 + m) * 60;
        else
            at += distance(alarm.second, at % 60, 60);
    }
    return at - from;
}

} // namespace irqlab::hw::rtc

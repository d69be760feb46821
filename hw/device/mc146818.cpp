// MC146818: calendar, divider, and the three interrupt sources. See the header for the manual.
#include "hw/device/mc146818.hpp"

#include <algorithm>

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

constexpr u8 dv_running = 0b010;
constexpr u8 dv_reset = 0b110; // and 111b
constexpr u8 pm = 0x80;
constexpr u64 seconds_per_day = 86'400;
constexpr u8 enables = rtc::Pie::mask | rtc::Aie::mask | rtc::Uie::mask;

bool binary(const Mc146818& chip) { return rtc::Dm::test(chip.ram[rtc::reg_b]); }
bool stopped(const Mc146818& chip) { return rtc::Set::test(chip.ram[rtc::reg_b]); }
bool divider_runs(const Mc146818& chip) { return rtc::Dv::get(chip.ram[rtc::reg_a]) == dv_running; }

unsigned decode(const Mc146818& chip, u8 raw) { return binary(chip) ? raw : (raw >> 4) * 10u + (raw & 15u); }

u8 encode(const Mc146818& chip, unsigned value)
{
    return static_cast<u8>(binary(chip) ? value : value / 10 % 10 << 4 | value % 10);
}

unsigned decode_hour(const Mc146818& chip, u8 raw)
{
    if (rtc::H24::test(chip.ram[rtc::reg_b]))
        return decode(chip, raw);
    return decode(chip, raw & 0x7F) % 12 + ((raw & pm) != 0 ? 12 : 0);
}

u8 encode_hour(const Mc146818& chip, unsigned hour)
{
    if (rtc::H24::test(chip.ram[rtc::reg_b]))
        return encode(chip, hour);
    const u8 twelve = encode(chip, hour % 12 == 0 ? 12 : hour % 12);
    return hour >= 12 ? static_cast<u8>(twelve | pm) : twelve;
}

unsigned days_in_month(unsigned month, unsigned year)
{
    constexpr u8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 31;
    return days[month - 1] + (month == 2 && year % 4 == 0 ? 1u : 0u); // the chip knows only every fourth year
}

/// Adds one to a register that runs from `first` to `last`. @return true when it went round.
bool count_up(Mc146818& chip, u8 index, unsigned first, unsigned last)
{
    const unsigned value = decode(chip, chip.ram[index]);
    const bool wraps = value >= last;
    chip.ram[index] = encode(chip, wraps ? first : value + 1);
    return wraps;
}

void next_day(Mc146818& chip)
{
    const unsigned month = decode(chip, chip.ram[rtc::month]);
    const unsigned year = decode(chip, chip.ram[rtc::year]);
    count_up(chip, rtc::weekday, 1, 7);
    if (count_up(chip, rtc::day, 1, days_in_month(month, year)) && count_up(chip, rtc::month, 1, 12) &&
        count_up(chip, rtc::year, 0, 99))
        count_up(chip, rtc::century, 0, 99);
}

void next_second(Mc146818& chip)
{
    if (!count_up(chip, rtc::seconds, 0, 59) || !count_up(chip, rtc::minutes, 0, 59))
        return;
    const unsigned hour = decode_hour(chip, chip.ram[rtc::hours]);
    chip.ram[rtc::hours] = encode_hour(chip, hour >= 23 ? 0 : hour + 1);
    if (hour >= 23)
        next_day(chip);
}

/// C0h to FFh in an alarm byte match anything. [MC146818] "Alarm".
bool matches(u8 alarm, u8 time) { return alarm >= 0xC0 || alarm == time; }

bool alarm_now(const Mc146818& chip)
{
    return matches(chip.ram[rtc::seconds_alarm], chip.ram[rtc::seconds]) &&
           matches(chip.ram[rtc::minutes_alarm], chip.ram[rtc::minutes]) &&
           matches(chip.ram[rtc::hours_alarm], chip.ram[rtc::hours]);
}

void raise(Mc146818& chip, u8 flags) { chip.ram[rtc::reg_c] = static_cast<u8>(chip.ram[rtc::reg_c] | flags); }

/// Ends `seconds` update cycles. Days that pass whole are not walked second by second; two are left over, in
/// which every alarm that can match does.
void update(Mc146818& chip, u64 seconds)
{
    if (seconds == 0 || stopped(chip))
        return;
    for (; seconds > 2 * seconds_per_day; seconds -= seconds_per_day)
        next_day(chip);
    for (; seconds != 0; --seconds) {
        next_second(chip);
        if (alarm_now(chip))
            raise(chip, rtc::Af::mask);
    }
    raise(chip, rtc::Uf::mask);
}

/// Ticks between periodic interrupts, 0 for none. Rates 1 and 2 repeat 8 and 9. [MC146818] "Periodic
/// Interrupt Rate".
u64 period(const Mc146818& chip)
{
    const unsigned rs = rtc::Rs::get(chip.ram[rtc::reg_a]);
    if (rs == 0)
        return 0;
    return u64{1} << (rs <= 2 ? rs + 6 : rs - 1);
}

/// Ticks from now to the next multiple of `every` on the divider.
u64 ticks_to(const Mc146818& chip, u64 every) { return every - (chip.tick - chip.origin) % every; }

bool irqf(const Mc146818& chip) { return (chip.ram[rtc::reg_b] & chip.ram[rtc::reg_c] & enables) != 0; }

bool updating(const Mc146818& chip)
{
    return divider_runs(chip) && !stopped(chip) && ticks_to(chip, rtc::hz) <= rtc::uip_ticks;
}

u8 value_at(const Mc146818& chip, u8 index)
{
    const u8 byte = chip.ram[index];
    if (index == rtc::reg_a)
        return rtc::Uip::put(byte, updating(chip));
    if (index == rtc::reg_c)
        return rtc::Irqf::put(byte, irqf(chip));
    return index == rtc::reg_d ? rtc::Vrt::mask : byte;
}

void write_a(Mc146818& chip, u8 value)
{
    const bool was_held = rtc::Dv::get(chip.ram[rtc::reg_a]) >= dv_reset;
    const bool ran = divider_runs(chip);
    chip.ram[rtc::reg_a] = rtc::Uip::put(value, 0);
    if (!divider_runs(chip) || ran)
        return;
    // Half a second from the reset's release to the first update; another time base starts at its beginning.
    chip.origin = was_held ? chip.tick - rtc::hz / 2 : chip.tick;
}

void write_b(Mc146818& chip, u8 value)
{
    chip.ram[rtc::reg_b] = rtc::Set::test(value) ? rtc::Uie::put(value, 0) : value; // SET clears UIE
}

void write_byte(Mc146818& chip, u8 value)
{
    switch (chip.index) {
    case rtc::reg_a: return write_a(chip, value);
    case rtc::reg_b: return write_b(chip, value);
    case rtc::reg_c:
    case rtc::reg_d: return; // read-only
    default: chip.ram[chip.index] = value;
    }
}

/// Seconds after `value` at which a counter that runs to `size` reaches something the alarm byte matches.
template <class Encode> unsigned distance(u8 alarm, unsigned value, unsigned size, Encode encoded)
{
    for (unsigned d = 0; d < size; ++d)
        if (matches(alarm, encoded((value + d) % size)))
            return d;
    return size; // no value of the counter looks like that
}

/// Updates until the alarm matches, 1 or more; 0 when it never does.
u64 updates_to_alarm(const Mc146818& chip)
{
    const auto plain = [&](unsigned v) { return encode(chip, v); };
    const auto hour_code = [&](unsigned v) { return encode_hour(chip, v); };
    const unsigned s = decode(chip, chip.ram[rtc::seconds]), m = decode(chip, chip.ram[rtc::minutes]);
    const unsigned h = decode_hour(chip, chip.ram[rtc::hours]);
    if (s >= 60 || m >= 60 || h >= 24)
        return 1; // no time of day: look again after the next update
    const unsigned second = distance(chip.ram[rtc::seconds_alarm], 0, 60, plain);
    const unsigned minute = distance(chip.ram[rtc::minutes_alarm], 0, 60, plain);
    const unsigned hour = distance(chip.ram[rtc::hours_alarm], 0, 24, hour_code);
    if (second == 60 || minute == 60 || hour == 24)
        return 0;
    // From the next second on: within this minute, else the first matching second of a later minute, and so
    // on.
    unsigned at = h * 3600 + m * 60 + s + 1;
    for (int carry = 0; carry < 6; ++carry) { // hour, minute, second, and again after each one's overflow
        const unsigned hh = at / 3600 % 24, mm = at / 60 % 60, ss = at % 60;
        const unsigned dh = distance(chip.ram[rtc::hours_alarm], hh, 24, hour_code);
        const unsigned dm = distance(chip.ram[rtc::minutes_alarm], mm, 60, plain);
        const unsigned ds = distance(chip.ram[rtc::seconds_alarm], ss, 60, plain);
        if (dh != 0)
            at = (at / 3600 + dh) * 3600;
        else if (dm != 0)
            at = (at / 60 + dm) * 60;
        else if (ds != 0)
            at += ds;
        else
            break;
    }
    return at - (h * 3600 + m * 60 + s);
}

} // namespace

void power_on(Mc146818& chip, u64 unix_seconds)
{
    chip = {};
    chip.ram[rtc::reg_a] = 0x26; // 32768 Hz, 1024 interrupts a second should they be enabled
    chip.ram[rtc::reg_b] = rtc::H24::mask;
    const u64 days = unix_seconds / seconds_per_day, rest = unix_seconds % seconds_per_day;
    // Civil date from days: years begin in March, so that the leap day is the last of its year.
    const u64 shifted = days + 719'468; // since 0000-03-01
    const u64 era = shifted / 146'097, of_era = shifted % 146'097;
    const u64 year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
    const u64 day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const u64 shifted_month = (5 * day_of_year + 2) / 153;
    const u64 month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const u64 year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
    const auto set = [&](u8 index, u64 value) {
        chip.ram[index] = encode(chip, static_cast<unsigned>(value));
    };
    set(rtc::seconds, rest % 60);
    set(rtc::minutes, rest / 60 % 60);
    set(rtc::hours, rest / 3600);
    set(rtc::weekday, (days + 4) % 7 + 1); // 1970-01-01 was a Thursday
    set(rtc::day, day_of_year - (153 * shifted_month + 2) / 5 + 1);
    set(rtc::month, month);
    set(rtc::year, year % 100);
    set(rtc::century, year / 100 % 100);
}

void advance(Mc146818& chip, u64 now_ns)
{
    const u64 tick = ticks_at(now_ns, rtc::hz);
    if (tick <= chip.tick)
        return;
    const u64 from = chip.tick - chip.origin, to = tick - chip.origin;
    chip.tick = tick;
    if (!divider_runs(chip))
        return;
    const u64 every = period(chip);
    if (every != 0 && from / every != to / every)
        raise(chip, rtc::Pf::mask);
    update(chip, to / rtc::hz - from / rtc::hz);
}

u8 read(Mc146818& chip, u16 reg, u64 now_ns, Signals&)
{
    CHECK(reg < 2);
    advance(chip, now_ns);
    if (reg == 0)
        return 0xFF;
    const u8 value = value_at(chip, chip.index);
    if (chip.index == rtc::reg_c)
        chip.ram[rtc::reg_c] = 0;
    return value;
}

void write(Mc146818& chip, u16 reg, u8 value, u64 now_ns, Signals&)
{
    CHECK(reg < 2);
    advance(chip, now_ns);
    if (reg == 0)
        chip.index = value & 0x7F;
    else
        write_byte(chip, value);
}

u8 peek_index(const Mc146818& chip, u8 index, u64 now_ns)
{
    Mc146818 copy = chip;
    advance(copy, now_ns);
    return value_at(copy, index & 0x7F);
}

u8 peek(const Mc146818& chip, u16 reg, u64 now_ns)
{
    CHECK(reg < 2);
    return reg == 0 ? u8{0xFF} : peek_index(chip, chip.index, now_ns);
}

bool output(const Mc146818& chip, unsigned) { return irqf(chip); }

u64 next_event_ns(const Mc146818& chip)
{
    const u8 b = chip.ram[rtc::reg_b];
    if (irqf(chip) || !divider_runs(chip) || (b & enables) == 0)
        return never_ns;
    u64 ticks = never_ns;
    if (rtc::Pie::test(b) && period(chip) != 0)
        ticks = ticks_to(chip, period(chip));
    if (rtc::Uie::test(b) && !stopped(chip))
        ticks = std::min(ticks, ticks_to(chip, rtc::hz));
    if (rtc::Aie::test(b) && !stopped(chip))
        if (const u64 updates = updates_to_alarm(chip); updates != 0)
            ticks = std::min(ticks, ticks_to(chip, rtc::hz) + (updates - 1) * rtc::hz);
    return ticks == never_ns ? never_ns : ns_of_tick(chip.tick + ticks, rtc::hz);
}

} // namespace irqlab::hw

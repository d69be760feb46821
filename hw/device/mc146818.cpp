// MC146818A: divider, registers, and the three interrupt sources. See the header for the manual.
#include "hw/device/mc146818.hpp"

#include <algorithm>

#include "hw/base/check.hpp"
#include "hw/device/mc146818_calendar.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned dv_32khz = 2, dv_test = 3, dv_reset = 6; // 3 to 5 test, 6 and 7 reset
constexpr u64 seconds_per_day = 86'400;
constexpr u8 flags = rtc::Pf::mask | rtc::Af::mask | rtc::Uf::mask;
constexpr u8 enables = rtc::Pie::mask | rtc::Aie::mask | rtc::Uie::mask;

template <class Bit> bool quirk(const Mc146818& chip) { return Bit::test(chip.quirks); }

bool stopped(const Mc146818& chip) { return rtc::Set::test(chip.ram[rtc::reg_b]); }

unsigned time_base(const Mc146818& chip)
{
    const unsigned dv = rtc::Dv::get(chip.ram[rtc::reg_a]);
    return dv < dv_32khz && quirk<mc146818_quirk::OneTimeBase>(chip) ? dv_32khz : dv;
}

/// Of the crystal for one tick of the 32,768 Hz that the rest of the divider expects; 0: it stands.
u64 prescale(const Mc146818& chip)
{
    constexpr u64 ticks[] = {128, 32, 1};
    const unsigned base = time_base(chip);
    return base <= dv_32khz ? ticks[base] : 0;
}

bool divider_runs(const Mc146818& chip) { return prescale(chip) != 0; }

u64 second_ticks(const Mc146818& chip) { return rtc::hz * prescale(chip); }

/// [MC146818] "Update Cycle Times".
u64 update_ticks(const Mc146818& chip)
{
    constexpr u64 ticks[] = {1040, 260, rtc::update_ticks};
    return quirk<mc146818_quirk::NoUpdateCycle>(chip) ? 0 : ticks[time_base(chip)];
}

/// Ticks between periodic interrupts, 0 for none. [MC146818] "Periodic Interrupt Rate".
u64 period(const Mc146818& chip)
{
    const unsigned rs = rtc::Rs::get(chip.ram[rtc::reg_a]);
    if (rs == 0)
        return 0;
    const bool repeats = rs <= 2 && time_base(chip) >= dv_32khz;
    return std::max<u64>(prescale(chip), 1) << (repeats ? rs + 6 : rs - 1);
}

/// Quirk OwnPeriod: whatever the divider does.
u64 own_period(const Mc146818& chip)
{
    const unsigned rs = rtc::Rs::get(chip.ram[rtc::reg_a]);
    return rs == 0 ? 0 : u64{1} << (rs <= 2 ? rs + 6 : rs - 1);
}

/// Ticks from now to the next multiple of `every` on the divider.
u64 ticks_to(const Mc146818& chip, u64 every) { return every - (chip.tick - chip.origin) % every; }

void raise(Mc146818& chip, u8 what) { chip.ram[rtc::reg_c] = static_cast<u8>(chip.ram[rtc::reg_c] | what); }

bool irqf(const Mc146818& chip) { return (chip.ram[rtc::reg_b] & chip.ram[rtc::reg_c] & enables) != 0; }

bool updating(const Mc146818& chip)
{
    return divider_runs(chip) && !stopped(chip) &&
           ticks_to(chip, second_ticks(chip)) <=
               rtc::before_update_ticks * prescale(chip) + update_ticks(chip);
}

// --- quirk AlarmAhead

/// The hours as QEMU's alarm takes them: with 12 hours the code with its PM bit, modulo 12, and noon added
/// when it is afternoon now.
unsigned hour_taken_ahead(const Mc146818& chip, u8 code)
{
    const unsigned hour = rtc::decode(chip, code);
    if (rtc::H24::test(chip.ram[rtc::reg_b]))
        return hour % 24;
    constexpr u8 pm = 0x80;
    return hour % 12 + ((chip.ram[rtc::hours] & pm) != 0 ? 12 : 0);
}

/// Computes when the alarm comes next. One of a given second that is now comes in a day, whatever its other
/// bytes say.
void look_ahead(Mc146818& chip)
{
    if (!quirk<mc146818_quirk::AlarmAhead>(chip) || !divider_runs(chip))
        return;
    rtc::Clock now = rtc::time_of_day(chip), alarm = rtc::alarm(chip);
    now = {hour_taken_ahead(chip, chip.ram[rtc::hours]), now.minute % 60, now.second % 60};
    if (alarm.hour != rtc::any)
        alarm.hour = hour_taken_ahead(chip, chip.ram[rtc::hours_alarm]);
    const auto same = [](unsigned wanted, unsigned value) { return wanted == rtc::any || wanted == value; };
    u64 seconds = rtc::seconds_until(now, alarm);
    if (alarm.second == now.second && same(alarm.minute, now.minute) && same(alarm.hour, now.hour))
        seconds = seconds_per_day;
    const u64 second = second_ticks(chip);
    chip.alarm_at = seconds == 0 ? ~u64{0} : chip.tick + ticks_to(chip, second) + (seconds - 1) * second;
}

/// The flags at the second's end that is now, when the alarm was computed ahead. With UF set and AF set, or
/// UF and SET, nothing is looked at until register C is read.
void flag_ahead(Mc146818& chip)
{
    const u8 c = chip.ram[rtc::reg_c];
    const bool due = chip.alarm_at != 0 && chip.tick >= chip.alarm_at;
    if (rtc::Uf::test(c) && (rtc::Af::test(c) || stopped(chip) || !due))
        return;
    raise(chip, static_cast<u8>(rtc::Uf::mask | (due ? rtc::Af::mask : 0)));
    look_ahead(chip);
}

// --- update cycles

/// The end of one update cycle, at chip.tick.
void end_update(Mc146818& chip)
{
    if (!stopped(chip))
        rtc::next_second(chip);
    if (quirk<mc146818_quirk::AlarmAhead>(chip))
        return flag_ahead(chip);
    raise(chip, static_cast<u8>(rtc::Uf::mask | (rtc::alarm_matches(chip) ? rtc::Af::mask : 0)));
}

/// Ends the update cycles up to tick `to`. Days that pass whole are not walked second by second; two are left
/// over, in which every alarm that can match does.
void update(Mc146818& chip, u64 to)
{
    if (stopped(chip) && !quirk<mc146818_quirk::FlagsWhileSet>(chip))
        return;
    const u64 second = second_ticks(chip), days = seconds_per_day * second;
    u64 next = chip.tick + ticks_to(chip, second);
    for (; next <= to && to - next > 2 * days; next += days)
        if (!stopped(chip))
            rtc::next_day(chip);
    for (; next <= to; next += second) {
        chip.tick = next;
        end_update(chip);
    }
}

// --- periodic interrupt

/// From chip.tick on to tick `to`.
void count_periods(Mc146818& chip, u64 to)
{
    const bool own = quirk<mc146818_quirk::OwnPeriod>(chip);
    const u64 every = own ? own_period(chip) : period(chip);
    if (own && chip.pf_at != 0 && every != 0 && to > chip.pf_at) {
        raise(chip, rtc::Pf::mask);
        chip.pf_at += (to - chip.pf_at + every - 1) / every * every;
    } else if (!own && every != 0 && divider_runs(chip) && ticks_to(chip, every) <= to - chip.tick) {
        raise(chip, rtc::Pf::mask);
    }
}

/// Quirk OwnPeriod: PIE or the rate has changed. What has passed of the old period counts, one new one at
/// most.
void restart_period(Mc146818& chip, u64 old_period)
{
    if (!quirk<mc146818_quirk::OwnPeriod>(chip))
        return;
    const u64 every = rtc::Pie::test(chip.ram[rtc::reg_b]) ? own_period(chip) : 0;
    const u64 passed = old_period == 0 ? 0 : std::min(chip.tick - (chip.pf_at - old_period), every);
    chip.pf_at = every == 0 ? 0 : chip.tick + every - passed;
}

u64 running_period(const Mc146818& chip) { return chip.pf_at == 0 ? 0 : own_period(chip); }

// --- registers

u8 value_at(const Mc146818& chip, u8 index)
{
    const u8 byte = chip.ram[index];
    switch (index) {
    case rtc::reg_a: return rtc::Uip::put(byte, updating(chip));
    case rtc::reg_c: return rtc::Irqf::put(byte, irqf(chip));
    case rtc::reg_d: return rtc::Vrt::mask;
    default: return byte;
    }
}

/// The divider leaves reset: half a second to the beginning of the first update cycle.
void start_divider(Mc146818& chip, bool was_held)
{
    if (stopped(chip) && quirk<mc146818_quirk::SetKeepsPhase>(chip))
        return;
    chip.origin = was_held ? chip.tick - second_ticks(chip) / 2 + update_ticks(chip) : chip.tick;
}

/// Time begins to pass: neither SET nor a divider in reset holds it any more.
void released(Mc146818& chip)
{
    if (quirk<mc146818_quirk::WeekdayOfDate>(chip) && divider_runs(chip) && !stopped(chip))
        rtc::set_weekday(chip);
}

void write_a(Mc146818& chip, u8 value, Signals& signals)
{
    const unsigned before = time_base(chip);
    const u64 old_period = running_period(chip);
    const bool rate_changes = rtc::Rs::get(value) != rtc::Rs::get(chip.ram[rtc::reg_a]);
    chip.ram[rtc::reg_a] = rtc::Uip::put(value, 0);
    const unsigned after = time_base(chip);
    if (after >= dv_test && after < dv_reset)
        signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::rtc_not_modelled), value});
    if (divider_runs(chip) && after != before) {
        start_divider(chip, before >= dv_reset);
        released(chip);
    }
    if (rate_changes)
        restart_period(chip, old_period);
    look_ahead(chip);
}

void write_b(Mc146818& chip, u8 value, Signals& signals)
{
    const u64 old_period = running_period(chip);
    const u8 before = chip.ram[rtc::reg_b];
    chip.ram[rtc::reg_b] = rtc::Set::test(value) ? rtc::Uie::put(value, 0) : value; // SET clears UIE
    if (rtc::Dse::test(value))
        signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::rtc_not_modelled), value});
    if (rtc::Set::test(before) && !stopped(chip))
        released(chip);
    if (rtc::Pie::test(before) != rtc::Pie::test(value))
        restart_period(chip, old_period);
    look_ahead(chip);
}

void write_byte(Mc146818& chip, u8 value, Signals& signals)
{
    u8& byte = chip.ram[chip.index];
    switch (chip.index) {
    case rtc::reg_a: return write_a(chip, value, signals);
    case rtc::reg_b: return write_b(chip, value, signals);
    case rtc::reg_c:
    case rtc::reg_d: return; // read-only
    case rtc::seconds:
        byte = quirk<mc146818_quirk::SecondsWritable>(chip) ? value : rtc::SecondsHigh::put(value, 0);
        return;
    case rtc::seconds_alarm:
    case rtc::minutes_alarm:
    case rtc::hours_alarm: byte = value; return look_ahead(chip);
    default: byte = value;
    }
}

/// Quirk CenturyAlias: an access to the one index moves to the other.
void alias(Mc146818& chip)
{
    if (chip.index == rtc::century_ps2 && quirk<mc146818_quirk::CenturyAlias>(chip))
        chip.index = rtc::century;
}

} // namespace

void power_on(Mc146818& chip, u64 unix_seconds)
{
    chip = {};
    chip.ram[rtc::reg_a] = 0x26; // 32768 Hz, 1024 interrupts a second should they be enabled
    chip.ram[rtc::reg_b] = rtc::H24::mask;
    rtc::set_time(chip, unix_seconds);
}

void reset(Mc146818& chip)
{
    u8& b = chip.ram[rtc::reg_b];
    b = static_cast<u8>(b & ~(enables | rtc::Sqwe::mask));
    chip.ram[rtc::reg_c] = 0;
    chip.pf_at = 0;
}

void advance(Mc146818& chip, u64 now_ns)
{
    const u64 to = ticks_at(now_ns, rtc::hz);
    if (to <= chip.tick)
        return;
    count_periods(chip, to);
    if (divider_runs(chip))
        update(chip, to);
    chip.tick = to;
}

u8 read(Mc146818& chip, u16 reg, u64 now_ns, Signals&)
{
    CHECK(reg < 2);
    advance(chip, now_ns);
    if (reg == 0)
        return 0xFF;
    alias(chip);
    const u8 value = value_at(chip, chip.index);
    if (chip.index == rtc::reg_c) {
        chip.ram[rtc::reg_c] = 0;
        if ((value & (rtc::Uf::mask | rtc::Af::mask)) != 0)
            look_ahead(chip);
    }
    return value;
}

void write(Mc146818& chip, u16 reg, u8 value, u64 now_ns, Signals& signals)
{
    CHECK(reg < 2);
    advance(chip, now_ns);
    if (reg == 0) {
        chip.index = value & 0x7F;
        return;
    }
    alias(chip);
    write_byte(chip, value, signals);
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
    Mc146818 copy = chip;
    alias(copy);
    return reg == 0 ? u8{0xFF} : peek_index(copy, copy.index, now_ns);
}

bool valid(const Mc146818& chip)
{
    const u64 every = rtc::Pie::test(chip.ram[rtc::reg_b]) ? own_period(chip) : 0;
    const bool period_fits =
        quirk<mc146818_quirk::OwnPeriod>(chip) && chip.pf_at >= chip.tick && chip.pf_at - chip.tick <= every;
    return (chip.quirks & ~mc146818_quirk::all) == 0 && chip.index < sizeof chip.ram &&
           chip.tick <= ticks_at(never_ns, rtc::hz) && (chip.pf_at == 0 || period_fits) &&
           !rtc::Uip::test(chip.ram[rtc::reg_a]) && (chip.ram[rtc::reg_c] & ~flags) == 0 &&
           std::ranges::all_of(chip.unused, [](u8 byte) { return byte == 0; });
}

bool output(const Mc146818& chip, unsigned pin)
{
    if (pin == 0)
        return irqf(chip);
    const u64 every = period(chip);
    return rtc::Sqwe::test(chip.ram[rtc::reg_b]) && every != 0 && divider_runs(chip) &&
           (chip.tick - chip.origin) % every >= every / 2;
}

u64 next_event_ns(const Mc146818& chip)
{
    const u8 b = chip.ram[rtc::reg_b];
    if (irqf(chip) || (b & enables) == 0)
        return never_ns;
    u64 ticks = never_ns;
    if (chip.pf_at != 0)
        ticks = chip.pf_at + 1 - std::min(chip.tick, chip.pf_at);
    const bool runs = divider_runs(chip);
    if (runs && rtc::Pie::test(b) && period(chip) != 0 && !quirk<mc146818_quirk::OwnPeriod>(chip))
        ticks = ticks_to(chip, period(chip));
    const bool counts = runs && (!stopped(chip) || quirk<mc146818_quirk::FlagsWhileSet>(chip));
    const bool ahead = quirk<mc146818_quirk::AlarmAhead>(chip); // looked at again each second
    if (counts && (rtc::Uie::test(b) || (ahead && rtc::Aie::test(b))))
        ticks = std::min(ticks, ticks_to(chip, second_ticks(chip)));
    if (counts && rtc::Aie::test(b) && !ahead) {
        const rtc::Clock now = rtc::time_of_day(chip);
        const bool is_time = now.second < 60 && now.minute < 60 && now.hour < 24; // else look again soon
        if (const u64 seconds = is_time ? rtc::seconds_until(now, rtc::alarm(chip)) : 1; seconds != 0)
            ticks = std::min(ticks, ticks_to(chip, second_ticks(chip)) + (seconds - 1) * second_ticks(chip));
    }
    return ticks == never_ns ? never_ns : ns_of_tick(chip.tick + ticks, rtc::hz);
}

} // namespace irqlab::hw

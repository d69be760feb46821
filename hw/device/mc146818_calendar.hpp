// The MC146818's bytes of time: their formats, the counting, and the distance to an alarm.
//
// Inside of the chip; mc146818.hpp is its manual.
#pragma once
#include "hw/device/mc146818.hpp"

namespace irqlab::hw::rtc {

/// An alarm byte that matches anything, and one that no value of its counter looks like.
inline constexpr unsigned any = 0xFE, nothing = 0xFF;

/// A time of day, or an alarm.
struct Clock {
    unsigned hour, minute, second;
};

unsigned decode(const Mc146818& chip, u8 raw);
u8 encode(const Mc146818& chip, unsigned value);
unsigned decode_hour(const Mc146818& chip, u8 raw);
u8 encode_hour(const Mc146818& chip, unsigned hour);

/// One second, one day on, with all carries.
void next_second(Mc146818& chip);
void next_day(Mc146818& chip);
/// All bytes of time from seconds since 1970, in the format that register B selects.
void set_time(Mc146818& chip, u64 unix_seconds);
/// The weekday that belongs to the date.
void set_weekday(Mc146818& chip);

bool alarm_matches(const Mc146818& chip);
/// What the alarm bytes stand for: the values whose codes they are.
Clock alarm(const Mc146818& chip);
Clock time_of_day(const Mc146818& chip);
/// Seconds from `now` to the next later time that `alarm` matches, 1 to 86,400; 0: never.
unsigned seconds_until(Clock now, Clock alarm);

} // namespace irqlab::hw::rtc

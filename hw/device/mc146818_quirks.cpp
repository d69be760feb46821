// What QEMU's model of the MC146818 does otherwise.
#include "hw/device/mc146818.hpp"

namespace irqlab::hw {
namespace {

constexpr Quirk rows[] = {
    {mc146818_quirk::OwnPeriod::mask, true, false, "rtc.own-period",
     "[MC146818] Periodic Interrupt Selection: PF comes from a tap of the divider, with or without PIE",
     "the periodic interrupt is a timer that PIE starts: without PIE no PF, and a divider in reset stops "
     "nothing"},
    {mc146818_quirk::OneTimeBase::mask, true, false, "rtc.one-time-base",
     "[MC146818] Divider Control: DV 0 and 1 divide by 2^22 and 2^20, rates 1 and 2 differ",
     "DV 0 and 1 do what DV 2 does"},
    {mc146818_quirk::NoUpdateCycle::mask, true, false, "rtc.no-update-cycle",
     "[MC146818] Update Cycle Times: 1984 us, the first one begins half a second after the divider's reset",
     "an update takes no time: UIP is set for 244 us only"},
    {mc146818_quirk::CenturyAlias::mask, true, false, "rtc.century-alias",
     "[MC146818] Address Map: 37h is memory", "an access to index 37h moves the index to 32h, the century"},
    {mc146818_quirk::AlarmAhead::mask, true, false, "rtc.alarm-ahead",
     "[MC146818] Alarm: the bytes are compared at each update",
     "the alarm's time is computed ahead: wrong from AM to PM with 12 hours, and a day late when its second "
     "is now "
     "and UF stays set"},
    {mc146818_quirk::FlagsWhileSet::mask, true, false, "rtc.flags-while-set",
     "[MC146818] Register B: SET inhibits the update cycle, so that none can end",
     "UF comes each second though SET holds the updates, and AF with it when the alarm is one second ahead"},
    {mc146818_quirk::SetKeepsPhase::mask, true, false, "rtc.set-keeps-phase",
     "[MC146818] Divider Control: after a reset the first update begins half a second later",
     "a divider reset that ends while SET is set changes no phase"},
    {mc146818_quirk::GregorianCentury::mask, true, false, "rtc.gregorian-century",
     "[MC146818] Automatic Leap Year Compensation: every fourth year",
     "1900 and 2100 have no 29th of February"},
    {mc146818_quirk::WeekdayOfDate::mask, true, false, "rtc.weekday-of-date",
     "[MC146818] Address Map: the weekday is a counter that software sets",
     "the weekday becomes that of the date when time begins to pass"},
    {mc146818_quirk::SecondsWritable::mask, true, false, "rtc.seconds-bit-7",
     "[MC146818] Address Map: the high-order bit of the seconds is read-only", "it can be written"},
};

} // namespace

std::span<const Quirk> mc146818_quirks() { return rows; }

} // namespace irqlab::hw

// MC146818A real-time clock with 128 bytes of battery-backed memory, as a PC has it.
//
//              +-----\/-----+    reg 0 (port 70h)  index, write only (reads FFh); bit 7 is the board's NMI
//              mask
//   AD7-AD0  ==|            |    reg 1 (port 71h)  the byte at the index
//   CS,AS,DS --|  MC146818A |
//     R/W    --|            |--  IRQ: output(), high while IRQF is set (the board inverts the pin). IRQ 8.
//     RESET  --|            |--  SQW: output(chip, 1), not wired on a PC
//              +------------+
//
//   00h seconds   02h minutes   04h hours (bit 7: PM)   06h weekday, Sunday is 1   07h day   08h month   09h
//   year 01h, 03h, 05h alarm of seconds, minutes, hours: C0h-FFh match anything        32h century 0Ah A:
//   UIP, DV2-0, RS3-0     0Bh B: SET, PIE, AIE, UIE, SQWE, DM, 24/12, DSE 0Ch C: IRQF, PF, AF, UF; a read
//   clears all four     0Dh D: VRT      0Eh-7Fh memory
//
// The crystal is the PC's, of 32,768 Hz. DV 2 is meant for it; DV 0 and 1 are meant for 4.194304 and 1.048576
// MHz, and with this crystal the clock goes 128 and 32 times too slow. With them, rates 1 and 2 are taps of
// their own; with DV 2 they repeat 8 and 9. DV 6 and 7 hold the divider in reset: nothing happens. When they
// let go, the first update cycle begins half a second later.
//
// An update cycle takes 1984 us (248 us with DV 0 and 1) and ends where the seconds change; UIP is set from
// 244 us before its beginning to its end. SET keeps update cycles away, and with them UF and AF; the divider
// goes on. Changing DM or 24/12 changes no byte: software sets all ten anew.
//
// Not modelled: daylight saving (DSE is kept; Diagnosis::rtc_not_modelled); DV 3 to 5, of the factory's tests
// (the clock stands; the same diagnosis); undefined bytes while UIP is set (the old ones are read); loss of
// power (VRT is 1). The century byte counts, as in the chips that PCs have today; the MC146818A itself left
// it to the BIOS. Bytes that are no time count on from what they decode to.
//
// Sources: [MC146818] Motorola ADI-1145 "Registers", "Update Cycle", "Interrupts"; [PIIX] "Real Time Clock".
#pragma once
#include <span>
#include <type_traits>

#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"

namespace irqlab::hw {

namespace rtc {
using Uip = Field<u8, 7>; // register A; read-only
using Dv = Field<u8, 4, 3>;
using Rs = Field<u8, 0, 4>;
using Set = Field<u8, 7>; // register B
using Pie = Field<u8, 6>;
using Aie = Field<u8, 5>;
using Uie = Field<u8, 4>;
using Sqwe = Field<u8, 3>;
using Dm = Field<u8, 2>; // 1: binary, 0: BCD
using H24 = Field<u8, 1>;
using Dse = Field<u8, 0>;
using Irqf = Field<u8, 7>; // register C; the flags stand where their enables do in B
using Pf = Field<u8, 6>;
using Af = Field<u8, 5>;
using Uf = Field<u8, 4>;
using Vrt = Field<u8, 7>;         // register D
using SecondsHigh = Field<u8, 7>; // of the seconds; read-only

enum Index : u8 {
    seconds = 0x00,
    seconds_alarm,
    minutes,
    minutes_alarm,
    hours,
    hours_alarm,
    weekday,
    day,
    month,
    year,
    reg_a,
    reg_b,
    reg_c,
    reg_d,
    century = 0x32,
    century_ps2 = 0x37, // memory here; some machines have the century at it
};
inline constexpr u64 hz = 32'768;
inline constexpr u64 before_update_ticks = 8; // 244 us
inline constexpr u64 update_ticks = 65;       // 1984 us
} // namespace rtc

/// What QEMU's model does otherwise. Rows: mc146818_quirks().
namespace mc146818_quirk {
using OwnPeriod = Field<u32, 0>;
using OneTimeBase = Field<u32, 1>;
using NoUpdateCycle = Field<u32, 2>;
using CenturyAlias = Field<u32, 3>;
using AlarmAhead = Field<u32, 4>;
using FlagsWhileSet = Field<u32, 5>;
using SetKeepsPhase = Field<u32, 6>;
using GregorianCentury = Field<u32, 7>;
using WeekdayOfDate = Field<u32, 8>;
using SecondsWritable = Field<u32, 9>;
inline constexpr u32 all = 0x3FF;
} // namespace mc146818_quirk

struct Mc146818 {
    u64 tick = 0;     // of 32768 Hz since time 0
    u64 origin = 0;   // the tick at which the divider was 0
    u64 alarm_at = 0; // quirk AlarmAhead: the tick that the alarm was computed to
    u64 pf_at = 0;    // quirk OwnPeriod: the tick after which PF is set next; 0 for none
    u32 quirks = 0;
    u8 index = 0;
    u8 ram[128] = {}; // every register; A's UIP and C's IRQF are derived
    u8 unused[3] = {};
    bool operator==(const Mc146818&) const = default;
};
static_assert(std::has_unique_object_representations_v<Mc146818>);

/// The state firmware leaves: BCD, 24 hours, divider running, no interrupt enabled, the time set.
/// @param unix_seconds  since 1970-01-01 00:00 UTC, at virtual time 0; years 1970 to 9999
void power_on(Mc146818& chip, u64 unix_seconds);

/// The RESET pin: no interrupt is enabled or flagged, no square wave. Time and memory stay.
void reset(Mc146818& chip);

u8 read(Mc146818& chip, u16 reg, u64 now_ns, Signals& signals);
void write(Mc146818& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const Mc146818& chip, u16 reg, u64 now_ns);
void advance(Mc146818& chip, u64 now_ns);

/// A byte by its index, without the index register: for views.
u8 peek_index(const Mc146818& chip, u8 index, u64 now_ns);

/// Pin 0, IRQ 8, as of the last advance: high until register C is read. Pin 1: the square wave.
bool output(const Mc146818& chip, unsigned pin = 0);

/// When output() rises next; never_ns when nothing is enabled or it is high already.
u64 next_event_ns(const Mc146818& chip);

/// The chip can be in this state: for bytes from outside.
bool valid(const Mc146818& chip);

std::span<const Quirk> mc146818_quirks();

} // namespace irqlab::hw

// MC146818 real-time clock with 128 bytes of battery-backed memory, as a PC has it.
//
//              +-----\/-----+    reg 0 (port 70h)  index, write only (reads FFh); bit 7 is the board's NMI
//              mask
//   AD7-AD0  ==|            |    reg 1 (port 71h)  the byte at the index
//   CS,AS,DS --|  MC146818  |
//     R/W    --|            |--  IRQ: output(), high while IRQF is set (the board inverts the pin). IRQ 8.
//              +------------+
//
//   00h seconds   02h minutes   04h hours (bit 7: PM)   06h weekday, Sunday is 1   07h day   08h month   09h
//   year 01h, 03h, 05h alarm of seconds, minutes, hours: C0h-FFh match anything        32h century 0Ah A:
//   UIP, DV2-0, RS3-0     0Bh B: SET, PIE, AIE, UIE, SQWE, DM, 24/12, DSE 0Ch C: IRQF, PF, AF, UF; a read
//   clears all four     0Dh D: VRT      0Eh-7Fh memory
//
// The time base is 32768 Hz. The seconds advance when the divider wraps; UIP is set 244 us before the update
// cycle of 1984 us that ends there. Leaving the divider's reset puts the first update half a second later.
//
// Not modelled: the square wave pin; daylight saving (DSE is kept, nothing more); other time bases than
// DV=010b (the clock stands); undefined bytes while UIP is set (the old ones are read). The century byte
// counts, as in the chips that PCs have today; the MC146818 itself left it to the BIOS.
//
// Sources: [MC146818] Motorola ADI-856 "Registers", "Update Cycle", "Interrupts"; [PIIX] "Real Time Clock".
#pragma once
#include "hw/base/bits.hpp"
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
using Dm = Field<u8, 2>; // 1: binary, 0: BCD
using H24 = Field<u8, 1>;
using Irqf = Field<u8, 7>; // register C; the flags stand where their enables do in B
using Pf = Field<u8, 6>;
using Af = Field<u8, 5>;
using Uf = Field<u8, 4>;
using Vrt = Field<u8, 7>; // register D

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
};
inline constexpr u64 hz = 32'768;
inline constexpr u64 uip_ticks = 8 + 65; // 244 us before the update and 1984 us of it
} // namespace rtc

struct Mc146818 {
    u8 index = 0;
    u8 ram[128] = {}; // every register; A's UIP and C's IRQF are derived
    u64 tick = 0;     // of 32768 Hz since time 0
    u64 origin = 0;   // the tick at which the divider was 0
    bool operator==(const Mc146818&) const = default;
};

/// The state firmware leaves: BCD, 24 hours, divider running, no interrupt enabled, the time set.
/// @param unix_seconds  since 1970-01-01 00:00 UTC, at virtual time 0; years 1970 to 9999
void power_on(Mc146818& chip, u64 unix_seconds);

u8 read(Mc146818& chip, u16 reg, u64 now_ns, Signals& signals);
void write(Mc146818& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const Mc146818& chip, u16 reg, u64 now_ns);
void advance(Mc146818& chip, u64 now_ns);

/// A byte by its index, without the index register: for views.
u8 peek_index(const Mc146818& chip, u8 index, u64 now_ns);

/// Level of IRQ 8 as of the last advance. Stays high until register C is read.
bool output(const Mc146818& chip, unsigned pin = 0);

/// When output() rises next; never_ns when nothing is enabled or it is high already.
u64 next_event_ns(const Mc146818& chip);

} // namespace irqlab::hw

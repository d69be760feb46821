// 8254 programmable interval timer: three 16-bit down counters on a clock of 1.193182 MHz.
//
//              +-----\/-----+           reg  write                read
//     D7-D0  ==|            |-- CLK0-2   0   counter 0            counter 0, or what was latched of it
//        CS  --|    8254    |-- GATE0-2  1   counter 1            counter 1
//     A1-A0  --|            |-- OUT0-2   2   counter 2            counter 2
//     RD,WR  --|            |            3   control word,        nothing drives the bus: FFh
//              +------------+                latch, read-back
//
// On a PC: ports 40h-43h; OUT0 is IRQ 0; OUT1 was the DRAM refresh; GATE2 and OUT2 are bits 0 and 5 of port
// 61h, and GATE0 and GATE1 are tied high. `output(chip, n)` is OUTn, as of the last call that told the time.
//
// A count or a trigger takes effect on the next clock pulse, as in the datasheet's diagrams. Counters are not
// stepped: advance() jumps in constant time, whatever the distance.
//
// Where the datasheet is silent, this is chosen: digits A-F of a BCD count are 10-15 and carry; count 1 in
// modes 2 and 3, which it forbids, leaves OUT high; a counter shows 0000h before its first count, and
// counters that were never programmed take no count; a latch taken between the two bytes of a read is read on
// from the byte that is due.
//
// Not modelled: the pulse widths that a gate needs, counters with clocks of their own.
//
// Sources: [8254] Intel 231164 "Mode Definitions", "Read-Back Command"; [PIIX] "Counter/Timer".
#pragma once
#include <span>
#include <type_traits>

#include "hw/base/bits.hpp"
#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"

namespace irqlab::hw {

namespace pit {
using Bcd = Field<u8, 0>;
using Mode = Field<u8, 1, 3>;   // 6 and 7 are 2 and 3
using Rw = Field<u8, 4, 2>;     // 0 latch, 1 low byte, 2 high byte, 3 low then high
using Select = Field<u8, 6, 2>; // 3 is the read-back command
using NullCount = Field<u8, 6>; // of the status byte, with Bcd, Mode and Rw where the control word has them
using Out = Field<u8, 7>;
inline constexpr u64 hz = 1'193'182;
} // namespace pit

namespace pit_quirk {
using LoadsAtOnce = Field<u32, 0>;
using NoBcd = Field<u32, 1>;
using LatchLowFirst = Field<u32, 2>;
using PulsesAreHigh = Field<u32, 3>;
} // namespace pit_quirk

/// Flags are 0 or 1.
struct I8254 {
    struct Counter {
        u32 reload = 0;       // count register, 1..65536 (10000 in BCD)
        u32 loaded = 0;       // the count that the counting element was last loaded with
        u32 element = 0;      // counting element
        u16 latch = 0;        // as latched, in the format of the bus
        u8 control = 0;       // Bcd, Mode, Rw
        u8 status = 0;        // as latched
        u8 low_byte = 0;      // the first byte of a count half written
        u8 count_latched = 0; // latched bytes still to be read
        u8 status_latched = 0;
        u8 gate = 1;       // the pin
        u8 out = 0;        // the pin
        u8 null_count = 1; // written, not yet in the counting element
        u8 has_count = 0;  // a whole count has been written since the control word
        u8 running = 0;    // the counting element has been loaded, or will be on the next clock
        u8 load_next = 0;  // the next clock loads the counting element
        u8 armed = 0;      // modes 0, 1, 4, 5: zero has not been reached yet
        u8 halted = 0;     // mode 0: between the two bytes of a count
        u8 write_high = 0; // the next byte written is the high one
        u8 read_high = 0;
        u8 flip =
            0; // toggles at the end of each period of modes 2 and 3: behind OUT1, the board's refresh bit
        u8 binary = 0; // counts in binary whatever Bcd says (pit_quirk::NoBcd)
        u8 unused[1] = {};
        bool operator==(const Counter&) const = default;
    };
    Counter counter[3];
    u64 tick = 0; // clock pulses since time 0
    u32 quirks = 0;
    u8 unused[4] = {};
    bool operator==(const I8254&) const = default;
};
static_assert(std::has_unique_object_representations_v<I8254>);

u8 read(I8254& chip, u16 reg, u64 now_ns, Signals& signals);
void write(I8254& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const I8254& chip, u16 reg, u64 now_ns);
void advance(I8254& chip, u64 now_ns);

/// Level of OUT0..OUT2 as of the last advance.
inline bool output(const I8254& chip, unsigned channel) { return chip.counter[channel % 3].out != 0; }

/// When OUT0 next changes; never_ns when it does not. Both edges of mode 2's pulse count.
u64 next_event_ns(const I8254& chip);
/// The same for any channel.
u64 next_event_ns(const I8254& chip, unsigned channel);

/// Drives a gate. A rising one is a trigger in modes 1, 2, 3 and 5.
void gate(I8254& chip, unsigned channel, bool high, u64 now_ns);
/// Bit 0 of port 61h.
inline void gate2(I8254& chip, bool high, u64 now_ns) { gate(chip, 2, high, now_ns); }

/// What a counter shows now, 0..FFFFh, in the format of the bus (BCD digits in BCD mode).
u16 count(const I8254& chip, unsigned channel, u64 now_ns);

/// The bit that toggles with each refresh request of OUT1, as of the last advance: bit 4 of port 61h.
inline bool refresh_bit(const I8254& chip) { return chip.counter[1].flip != 0; }

bool valid(const I8254& chip);
std::span<const Quirk> i8254_quirks();

} // namespace irqlab::hw

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
// Not modelled: counts that are not decimal in BCD mode (digits A-F count as 10-15); count 1 in modes 2 and
// 3, which the datasheet forbids (OUT stays high); what a counter shows before its first count (0000h).
//
// Sources: [8254] Intel 231164 "Mode Definitions", "Read-Back Command"; [PIIX] "Counter/Timer".
#pragma once
#include "hw/base/bits.hpp"
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

struct I8254 {
    struct Counter {
        u8 control = 0;          // Bcd, Mode, Rw
        bool gate = true;        // the pin
        bool out = false;        // the pin
        bool null_count = true;  // written, not yet in the counting element
        bool has_count = false;  // a whole count has been written since the control word
        bool running = false;    // the counting element has been loaded, or will be on the next clock
        bool load_next = false;  // the next clock loads the counting element
        bool armed = false;      // modes 0, 1, 4, 5: zero has not been reached yet
        bool halted = false;     // mode 0: between the two bytes of a count
        bool write_high = false; // the next byte written is the high one
        bool read_high = false;
        bool status_latched = false;
        u8 count_latched = 0; // latched bytes still to be read
        u8 low_byte = 0;      // the first byte of a count half written
        u8 status = 0;        // as latched
        u16 latch = 0;        // as latched, in the format of the bus
        u32 reload = 0;       // count register, 1..65536 (10000 in BCD)
        u32 loaded = 0;       // the count that the counting element was last loaded with
        u32 element = 0;      // counting element
        bool operator==(const Counter&) const = default;
    };
    Counter counter[3];
    u64 tick = 0; // clock pulses since time 0
    bool operator==(const I8254&) const = default;
};

u8 read(I8254& chip, u16 reg, u64 now_ns, Signals& signals);
void write(I8254& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const I8254& chip, u16 reg, u64 now_ns);
void advance(I8254& chip, u64 now_ns);

/// Level of OUT0..OUT2 as of the last advance.
inline bool output(const I8254& chip, unsigned channel) { return chip.counter[channel & 3].out; }

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

} // namespace irqlab::hw

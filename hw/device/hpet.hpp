// IA-PC HPET: one 64-bit up counter of 100 MHz and three comparators.
//
//              +-----\/-----+        offset    64-bit register, or its two halves of 32 bits
//   A9-A2    ==|            |        000h      capabilities and ID: period in fs, vendor, LEG_RT, size,
//   D63-D0   ==|            |--T0              timers, revision
//   RD,WR    --|    HPET    |--T1    010h      configuration: ENABLE, LEG_RT
//   CLK 100M --|            |--T2    020h      interrupt status: a 1 written clears the bit
//              |            |==FSB   0F0h      main counter, writable while it is halted
//              +------------+        100h+20n  timer n: configuration and the routes it has
//                                    108h+20n  timer n: comparator
//                                    110h+20n  timer n: FSB value (low half) and address (high half)
//
// `output(chip, n)` is the level at timer n's pin and `route(chip, n)` the I/O APIC input that it is led to;
// with LEG_RT set the board leads timer 0 in place of the 8254 and timer 1 in place of the RTC. A message of
// the front side bus is a value that waits in the chip until next_message() takes it.
//
// A comparator matches when the counter, by counting, comes to equal it: a value that is equal or past when
// it is written matches after the counter has gone round (64 bits, or 32 in 32-bit mode). In periodic mode
// the value last written is then added to the comparator. Nothing is stepped: advance() jumps in constant
// time.
//
// Where the specification is silent, this is chosen: an edge-triggered output stays high until its next
// match, when it falls and rises at once, or until software writes to its timer or halts the counter (an 8259
// forgets an edge whose line falls); edge-triggered and FSB timers set no status bit; matches of one periodic
// timer that are closer than 1 us are told together, as one interrupt; a route that a timer lacks is not
// taken, and the field stays as it was; 32-bit mode also cuts the comparator and period that are there.
// Narrow or misaligned reads give the bytes that are there; such writes go nowhere, Diagnosis::mmio_width.
//
// Not modelled: comparators beyond three, other clocks.
// Sources: [HPET] IA-PC HPET 1.0a "Register Definitions", "Interrupt Mapping"; [ICH9] "High Precision Event
// Timer Registers" for the routes of a notebook's chipset.
#pragma once
#include <array>
#include <span>
#include <type_traits>

#include "hw/base/bits.hpp"
#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"

namespace irqlab::hw {

namespace hpet {
inline constexpr u64 address = 0xfed00000;
inline constexpr u64 window = 0x400;
inline constexpr unsigned timers = 3;
inline constexpr u64 ns_per_tick = 10;
inline constexpr u32 period_fs = 10'000'000;
inline constexpr u32 id = 0x8086a201; // Intel, LEG_RT, 64 bits, three timers, revision 1: what QEMU reports.

enum Offset : u16 {
    capabilities = 0x000,
    configuration = 0x010,
    interrupt_status = 0x020,
    main_counter = 0x0f0,
    first_timer = 0x100
};
inline constexpr u16 timer_stride = 0x20;
enum TimerOffset : u16 { timer_config = 0x00, timer_comparator = 0x08, timer_fsb = 0x10 };

using Enable = Field<u8, 0>; // general configuration
using LegacyRoute = Field<u8, 1>;

using Level = Field<u32, 1>; // a timer's configuration, low half
using IntEnable = Field<u32, 2>;
using Periodic = Field<u32, 3>;
using PeriodicCap = Field<u32, 4>;
using SizeCap = Field<u32, 5>;
using ValueSet = Field<u32, 6>;
using Mode32 = Field<u32, 8>;
using Route = Field<u32, 9, 5>;
using FsbEnable = Field<u32, 14>;
using FsbCap = Field<u32, 15>;
inline constexpr u32 timer_writable = Level::mask | IntEnable::mask | Periodic::mask | ValueSet::mask |
                                      Mode32::mask | Route::mask | FsbEnable::mask;
} // namespace hpet

namespace hpet_quirk {
using StatusNeedsEnable = Field<u32, 0>;
using HaltClearsStatus = Field<u32, 1>;
using AnyRoute = Field<u32, 2>;
using PastFires = Field<u32, 3>;
using ShortPeriod = Field<u32, 4>;
} // namespace hpet_quirk

struct Hpet {
    struct Timer {
        u64 comparator = ~u64{0};
        u64 period = 0; // the value last written: what a match in periodic mode adds
        u64 fsb = 0;    // value, address
        u32 config = 0; // low half as software reads it
        u32 routes = 0; // high half: bit n is I/O APIC input n. Strapped by the board.
        bool operator==(const Timer&) const = default;
    };
    std::array<Timer, hpet::timers> timer;
    u64 tick = 0;    // of 100 MHz, since time 0, of the last call that told the time
    u64 counter = 0; // as of that tick
    u32 quirks = 0;
    u8 config = 0;
    u8 status = 0;   // bit n: level-triggered timer n has matched
    u8 strobe = 0;   // bit n: the output of edge-triggered timer n is high
    u8 struck = 0;   // bit n: it has risen since take_strikes()
    u8 messages = 0; // bit n: timer n's message waits
    u8 past = 0;     // bit n: timer n's comparator was behind when it was set (hpet_quirk::PastFires only)
    u8 unused[6] = {};
    bool operator==(const Hpet&) const = default;
};
static_assert(std::has_unique_object_representations_v<Hpet>);

/// What the board straps: which I/O APIC inputs timers 0, 1 and 2 reach, and whether they can send messages.
struct HpetStraps {
    std::array<u32, hpet::timers> routes;
    bool fsb;
};

/// The state after reset: halted at 0, comparators all ones. Quirks and time stay.
void reset(Hpet& chip, const HpetStraps& straps, u64 now_ns);

/// Width 4 at a multiple of 4, or 8 at a multiple of 8; see above for others.
u64 read(Hpet& chip, u16 offset, unsigned width, u64 now_ns, Signals& signals);
void write(Hpet& chip, u16 offset, unsigned width, u64 value, u64 now_ns, Signals& signals);
u64 peek(const Hpet& chip, u16 offset, unsigned width, u64 now_ns);
void advance(Hpet& chip, u64 now_ns);

inline bool enabled(const Hpet& chip) { return hpet::Enable::test(chip.config); }
inline bool legacy_routed(const Hpet& chip) { return hpet::LegacyRoute::test(chip.config); }

/// The level at timer n's pin, as of the last advance.
bool output(const Hpet& chip, unsigned n);
/// The I/O APIC input of timer n.
inline unsigned route(const Hpet& chip, unsigned n) { return hpet::Route::get(chip.timer[n].config); }
/// Which edge-triggered timers have struck since the last call: their outputs have risen anew.
u8 take_strikes(Hpet& chip);

/// A write of `value` to `address` on the front side bus.
struct HpetMessage {
    u32 address;
    u32 value;
};
/// Takes the message of the lowest timer that has one. False: none waits.
bool next_message(Hpet& chip, HpetMessage& message);

/// When an output next rises or a message is sent; never_ns when nothing will.
u64 next_event_ns(const Hpet& chip);

bool valid(const Hpet& chip);
std::span<const Quirk> hpet_quirks();

} // namespace irqlab::hw

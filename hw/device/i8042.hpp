// 8042 keyboard and auxiliary device controller, with the PS/2 keyboard and mouse that hang on it.
//
//              +-----\/-----+    reg 0 (port 60h)  read: output buffer; write: data, to where the last
//              |            |                      command says
//     D7-D0  ==|            |    reg 4 (port 64h)  read: status; write: controller command
//        A2  --|    8042    |--  P24: IRQ 1  output(chip, 0)
//     RD,WR  --|            |--  P25: IRQ 12 output(chip, 1)
//       P17  --|            |--  P21: A20    output(chip, 2)
//  KBD, AUX  ==|            |--  P20: reset, as SignalKind::reset
//              +------------+    P17: the key lock, lock(chip, closed)
//
//   status       OBF, IBF (always 0), SYS, A2 (last write was a command), INH (1: not inhibited), AUXOBF,
//                timeout, parity (both always 0, but for C1h and C2h)
//   command byte keyboard interrupt, aux interrupt, SYS, override inhibit, keyboard off, aux off, translate,
//   - controller   20h-3Fh, 60h-7Fh internal memory: byte 0 is the command byte; 13h, 14h are sent when the
//                password begins and ends to guard, 16h, 17h are make codes that it overlooks
//                A4h password loaded? A5h load one, A6h guard; A7h, A8h aux off, on; A9h, ABh interface
//                tests; AAh self-test; ADh, AEh keyboard off, on; C0h input port; C1h, C2h its low, high half
//                in status bits 7-4 until the next command; D0h, D1h output port; D2h, D3h as if the
//                keyboard, the mouse had sent; D4h to the mouse; E0h test inputs; F0h-FFh pulse (bit 0 low:
//                reset)
//   keyboard     FFh reset, FEh resend, F7h-FDh types of keys, F6h defaults, F5h off, F4h on, F3h typematic,
//                F2h identify, F0h scan code set, EEh echo, EDh LEDs
//   mouse        FFh reset, FEh resend, F6h defaults, F5h off, F4h on, F3h samples a second, F2h identify,
//   F0h
//                remote, EEh, ECh wrap, EBh read, EAh stream, E9h status, E8h resolution, E7h, E6h scaling.
//                Rates of 200, 100, 80 make a mouse with a wheel of it (type 3), 200, 200, 80 one with five
//                buttons (type 4): packets of four bytes.
//
// A device's byte enters the output buffer as soon as it is empty, and raises its line. A read of port 60h
// empties it and lowers the line; the next byte waits for the next call that tells the time, at the same
// nanosecond or later (next_event_ns says so), so that an edge-triggered controller sees the line fall
// between two bytes. The keyboard goes before the mouse. The controller's own answer takes the place of what
// was in the buffer: software asks when it is empty ([8042] "Controller Commands", C0h, D0h).
//
// Typematic repeat is off unless Ps2Keyboard::repeats is set: a hand that does not hold a key for long does
// not need it, and a script's keys stay as it gave them. With it, the last key that went down repeats with
// F3h's delay and rate until one goes up.
//
// Where the sources are silent: the test inputs are low, for both clocks are held while a command runs; the
// input port reads 80h; the type of the mouse outlives F6h but not FFh; motion farther than nine bits is that
// of several samples. As sent by key(), the codes of set 1 bring along what a keyboard adds of its own (Shift
// around the grey keys with Num Lock on): the caller sends that.
//
// Not modelled: the serial wires' time (a byte takes 0 ns) and their errors; the sample rate's pace; ACh and
// other commands that [8042] does not have (ignored, as Diagnosis::kbc_not_modelled; value: the command);
// output port bits 7-4 as written by D1h (read back, P24 and P25 show the interrupts); multiplexed mice.
//
// Sources: [8042] "Controller Status Register", "Controller Commands", "Keyboard Password"; [PS2] "Keyboard",
// "Mouse", "Scan Code Translation"; [AT] "Keyboard Controller" for the key lock; [IMOUSE] for wheels.
#pragma once
#include <span>
#include <type_traits>

#include "hw/base/bits.hpp"
#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"
#include "hw/device/ps2.hpp"

namespace irqlab::hw {

namespace kbc {
using Obf = Field<u8, 0>; // status
using Sys = Field<u8, 2>;
using A2 = Field<u8, 3>;
using Inh = Field<u8, 4>;
using AuxObf = Field<u8, 5>;
using Nibble = Field<u8, 4, 4>; // what C1h and C2h show
using KbdInt = Field<u8, 0>;    // command byte
using AuxInt = Field<u8, 1>;
using SysFlag = Field<u8, 2>;
using Override = Field<u8, 3>;
using KbdOff = Field<u8, 4>;
using AuxOff = Field<u8, 5>;
using Translate = Field<u8, 6>;
using NoReset = Field<u8, 0>; // output port
using A20 = Field<u8, 1>;
using KbdIrq = Field<u8, 4>;
using AuxIrq = Field<u8, 5>;
} // namespace kbc

/// What QEMU's model does otherwise. Rows: i8042_quirks().
namespace i8042_quirk {
using AnswerWaits = Field<u32, 0>;
using TakenAtRead = Field<u32, 1>;
using TakesTurns = Field<u32, 2>;
using OffMasksIrq = Field<u32, 3>;
using StuckA2 = Field<u32, 4>;
using SysApart = Field<u32, 5>;
using BufferFlags = Field<u32, 6>;
using DataOutlives = Field<u32, 7>;
using FewCommands = Field<u32, 8>;
using TranslatesEarly = Field<u32, 9>;
using NoOverrun = Field<u32, 10>;
using AnyArgument = Field<u32, 11>;
using KeyboardCommands = Field<u32, 12>;
using Set3Plain = Field<u32, 13>;
using MouseQueue = Field<u32, 14>;
using MouseCommands = Field<u32, 15>;
using StatusNoButtons = Field<u32, 16>;
using NoScaling = Field<u32, 17>;
using SmallMotion = Field<u32, 18>;
using EveryEvent = Field<u32, 19>;
using DeafWhenOff = Field<u32, 20>;
using KeepsMotion = Field<u32, 21>;
} // namespace i8042_quirk

/// Whose byte is in the output buffer.
enum class KbcSource : u8 { controller, keyboard, mouse };

struct I8042 {
    u64 now_ns = 0; // of the last call that told the time
    Ps2Keyboard keyboard;
    Ps2Mouse mouse;
    u32 quirks = 0;         // i8042_quirk; outlives reset
    u8 memory[32] = {0x03}; // byte 0 is the command byte
    u8 password[8] = {};    // scan codes as the system would see them; ends with 0
    u8 output_port = 0xCF;
    u8 argument_of = 0; // the controller command whose data comes next
    u8 output_buffer = 0;
    u8 obf = 0;
    u8 from_aux = 0; // the buffer's byte is for IRQ 12
    KbcSource source = KbcSource::controller;
    u8 yields = 0;           // TakesTurns: the device that was just read goes last
    u8 off_at_last = 0;      // OffMasksIrq: the keyboard was off when the line was last looked at
    u8 answer = 0;           // AnswerWaits: what waits
    u8 answer_waits = 0;     //   1: it does
    u8 answer_for_aux = 0;   //   1: for IRQ 12
    u8 sys = 0;              // set by the self-test
    u8 last_was_command = 1; // A2
    u8 break_next = 0;       // translation has swallowed F0h
    u8 polled = 0;           // C1h or C2h, while its half of the input port is shown
    u8 guarding = 0;         // by the password
    u8 loaded = 0;           // characters of the password that A5h has taken
    u8 matched = 0;          // characters of it that were typed
    u8 skip_next = 0;        // guarding: the code after F0h is a release
    u8 locked = 0;           // the key lock
    u8 unused[4] = {};
    bool operator==(const I8042&) const = default;
};
static_assert(std::has_unique_object_representations_v<I8042>);

std::span<const Quirk> i8042_quirks();

/// The state firmware leaves: self-test passed, translation and IRQ 1 on, mouse off. Keeps the quirks.
void firmware_ready(I8042& chip);

u8 read(I8042& chip, u16 reg, u64 now_ns, Signals& signals);
void write(I8042& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const I8042& chip, u16 reg, u64 now_ns);
void advance(I8042& chip, u64 now_ns);

/// Pin 0: IRQ 1; 1: IRQ 12; 2: A20.
bool output(const I8042& chip, unsigned pin);

/// When the next byte enters the output buffer: the time of the last call when one waits; when a key repeats;
/// else never_ns.
u64 next_event_ns(const I8042& chip);

/// One byte of a key's code in set 1 (as `showkey -s` prints it): E0h and E1h prefixes, make, or break with
/// bit 7. The keyboard sends it in the set it is told to use.
/// @return false when scanning is off, or when the 16 bytes are full (the last becomes the overrun code).
bool key(I8042& chip, u8 set1_byte);

/// Counts moved to the right and up, the buttons that are down (bit 0 left, 1 right, 2 middle, 3 and 4 those
/// of the thumb), and clicks of the wheel towards the hand. What finds no room is added to the next report.
void mouse_move(I8042& chip, int dx, int dy, u8 buttons, int wheel = 0);

/// The key lock of the case: closed, what is typed is lost.
void lock(I8042& chip, bool closed);

/// The chip can be in this state.
bool valid(const I8042& chip);

} // namespace irqlab::hw

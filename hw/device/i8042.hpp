// 8042 keyboard and auxiliary device controller, with the PS/2 keyboard and mouse that hang on it.
//
//              +-----\/-----+    reg 0 (port 60h)  read: output buffer; write: data, to where the last
//              command says
//     D7-D0  ==|            |    reg 4 (port 64h)  read: status; write: controller command
//        A2  --|    8042    |--  P24: IRQ 1  output(chip, 0)
//     RD,WR  --|            |--  P25: IRQ 12 output(chip, 1)
//              |            |--  P21: A20    output(chip, 2)
//  KBD, AUX ==|            |--  P20: reset, as SignalKind::reset
//              +------------+
//
//   status: OBF, IBF (always 0), SYS, A2 (last write was a command), INH (1: not locked), AUXOBF, timeout,
//   parity command byte: keyboard interrupt, aux interrupt, SYS, -, keyboard off, aux off, translate, -
//   controller: 20h-3Fh, 60h-7Fh internal memory (byte 0 is the command byte); A4h no password; A5h, A6h
//   accepted;
//       A7h, A8h aux off, on; A9h, ABh interface tests; AAh self-test; ADh, AEh keyboard off, on; C0h input
//       port; D0h, D1h output port; D2h, D3h as if the keyboard, the mouse had sent; D4h to the mouse; E0h
//       test inputs; F0h-FFh pulse (bit 0 low: reset)
//   keyboard: FFh, FEh, F6h, F5h, F4h, F3h, F2h, F0h, EEh, EDh
//   mouse: FFh, FEh, F6h, F5h, F4h, F3h, F2h, F0h, EEh, ECh, EBh, EAh, E9h, E8h, E7h, E6h; packets of three
//   bytes
//
// A device's byte enters the output buffer as soon as it is empty, and raises its line. A read of port 60h
// empties it and lowers the line; the next byte waits for the next call that tells the time, at the same
// nanosecond or later (next_event_ns says so), so that an edge-triggered controller sees the line fall
// between two bytes.
//
// Not modelled: the serial wires' time (a byte takes 0 ns); typematic repeat; scan code set 3 (asked for, it
// is refused with FEh); the password (accepted, never asked for); parity and timeout errors; IntelliMouse
// packets.
//
// Sources: [PS2] IBM PS/2 Hardware Interface Technical Reference "Keyboard and Auxiliary Device Controller",
// "Keyboard", "Mouse"; [8042] Intel UPI-41/42 "Status Register".
#pragma once
#include "hw/base/bits.hpp"
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"

namespace irqlab::hw {

namespace kbc {
using Obf = Field<u8, 0>; // status
using Sys = Field<u8, 2>;
using A2 = Field<u8, 3>;
using Inh = Field<u8, 4>;
using AuxObf = Field<u8, 5>;
using KbdInt = Field<u8, 0>; // command byte
using AuxInt = Field<u8, 1>;
using SysFlag = Field<u8, 2>;
using KbdOff = Field<u8, 4>;
using AuxOff = Field<u8, 5>;
using Translate = Field<u8, 6>;
using NoReset = Field<u8, 0>; // output port
using A20 = Field<u8, 1>;
} // namespace kbc

/// A queue of bytes of fixed size.
template <unsigned Size> struct ByteQueue {
    u8 bytes[Size] = {};
    u8 head = 0;
    u8 count = 0;
    bool operator==(const ByteQueue&) const = default;

    constexpr unsigned room() const { return Size - count; }
    constexpr bool empty() const { return count == 0; }
    constexpr void clear() { *this = {}; }
    constexpr bool push(u8 byte)
    {
        if (count == Size)
            return false;
        bytes[(head + count++) % Size] = byte;
        return true;
    }
    constexpr u8 pop()
    {
        const u8 byte = bytes[head];
        bytes[head] = 0; // equal queues compare equal
        head = static_cast<u8>((head + 1) % Size);
        --count;
        return byte;
    }
    constexpr u8& back() { return bytes[(head + count - 1u) % Size]; }
};

struct Ps2Keyboard {
    ByteQueue<4> replies;    // go before scan codes
    ByteQueue<16> scancodes; // in the set that the keyboard is told to use
    u8 argument_of = 0;      // the command whose argument comes next
    u8 set = 2;
    u8 leds = 0; // scroll, num, caps
    u8 typematic = 0x2B;
    u8 last = 0; // for FEh
    bool scanning = true;
    bool operator==(const Ps2Keyboard&) const = default;
};

struct Ps2Mouse {
    ByteQueue<6> replies;
    ByteQueue<16> packets; // whole packets only
    u8 argument_of = 0;
    u8 sample_rate = 100; // reports a second; kept, not enforced
    u8 resolution = 2;    // 1 << n counts a millimetre; kept
    u8 buttons = 0;       // left, right, middle
    u8 reported = 0;      // buttons as last reported
    u8 last = 0;
    bool reporting = false;
    bool remote = false;
    bool wrap = false;
    bool scaling = false; // 2:1
    int dx = 0;           // moved, not yet reported
    int dy = 0;
    bool operator==(const Ps2Mouse&) const = default;
};

struct I8042 {
    u8 memory[32] = {0x03}; // byte 0 is the command byte
    u8 output_port = 0xCF;
    u8 argument_of = 0; // the controller command whose data comes next
    u8 output_buffer = 0;
    bool obf = false;
    bool from_aux = false; // whose byte that is
    bool sys = false;      // set by the self-test
    bool last_was_command = true;
    bool break_next = false;  // translation has swallowed F0h
    ByteQueue<4> replies;     // the controller's own, in front of the devices'
    ByteQueue<4> aux_replies; // D3h
    Ps2Keyboard keyboard;
    Ps2Mouse mouse;
    u64 now_ns = 0; // of the last call that told the time
    bool operator==(const I8042&) const = default;
};

/// The state firmware leaves: self-test passed, translation and IRQ 1 on, mouse off.
void firmware_ready(I8042& chip);

u8 read(I8042& chip, u16 reg, u64 now_ns, Signals& signals);
void write(I8042& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const I8042& chip, u16 reg, u64 now_ns);
void advance(I8042& chip, u64 now_ns);

/// Pin 0: IRQ 1; 1: IRQ 12; 2: A20.
bool output(const I8042& chip, unsigned pin);

/// When the next byte enters the output buffer: the time of the last call when one waits, else never_ns.
u64 next_event_ns(const I8042& chip);

/// One byte of a key's code in set 1 (as `showkey -s` prints it): E0h and E1h prefixes, make, or break with
/// bit 7. The keyboard sends it in the set it is told to use.
/// @return false when scanning is off, or when the 16 bytes are full (the last becomes the overrun code).
bool key(I8042& chip, u8 set1_byte);

/// Counts moved to the right and up, and the buttons that are down: bit 0 left, 1 right, 2 middle.
/// Motion that finds no room is added to the next report.
void mouse_move(I8042& chip, int dx, int dy, u8 buttons);

/// What translation makes of a set 2 code, bit 7 clear; codes without a key pass as they are.
u8 set1_of_set2(u8 code);
/// The set 2 code of a set 1 make code, 0 when there is none.
u8 set2_of_set1(u8 code);

} // namespace irqlab::hw

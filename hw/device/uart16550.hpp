// 16550A serial port with FIFOs of 16 bytes, on a crystal of 1.8432 MHz (divisor 1 is 115200 baud).
//
//              +-----\/-----+    reg  read               write             DLAB=1
//     D7-D0  ==|            |     0   RBR                THR               DLL
//     A2-A0  --|            |     1   IER                IER               DLM
//     RD,WR  --|   16550A   |     2   IIR                FCR
//  SIN, SOUT ==|            |     3   LCR                LCR
//  modem     ==|            |     4   MCR                MCR
//      INTR  --|            |     5   LSR                (factory test: ignored)
//      OUT2  --|            |     6   MSR                (ignored)
//              +------------+     7   SCR                SCR
//
// On a PC, COM1 is 3F8h on IRQ 4 and COM2 is 2F8h on IRQ 3. `output(chip)` is INTR behind the gate that
// MCR.OUT2 opens. Priorities: line status, received data or character timeout, transmitter empty, modem
// status.
//
// A character on the wire takes its start, data, parity and stop bits at the programmed rate. receive() puts
// one into the receiver when its last bit has come.
//
// Not modelled: DMA mode (RXRDY, TXRDY); sticky parity; the fraction of a bit from THR to the shift register,
// and the delay of one character before a THRE interrupt after a single byte; break generation (LCR bit 6 is
// kept); divisor 0 stops the transmitter. In loopback, OUT2's bit still opens the gate, as Super I/O chips
// have it; the 16550A's pin would be inactive.
//
// Sources: [16550] National Semiconductor PC16550D "Registers", "FIFO Interrupt Mode Operation".
#pragma once
#include "hw/base/bits.hpp"
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"

namespace irqlab::hw {

namespace uart {
using Erbfi = Field<u8, 0>; // IER
using Etbei = Field<u8, 1>;
using Elsi = Field<u8, 2>;
using Edssi = Field<u8, 3>;
using FifoEnable = Field<u8, 0>; // FCR
using ResetRx = Field<u8, 1>;
using ResetTx = Field<u8, 2>;
using Trigger = Field<u8, 6, 2>;
using WordLength = Field<u8, 0, 2>; // LCR
using StopBits = Field<u8, 2>;
using ParityOn = Field<u8, 3>;
using Dlab = Field<u8, 7>;
using Dtr = Field<u8, 0>; // MCR
using Rts = Field<u8, 1>;
using Out1 = Field<u8, 2>;
using Out2 = Field<u8, 3>;
using Loop = Field<u8, 4>;
using Dr = Field<u8, 0>; // LSR
using Oe = Field<u8, 1>;
using Pe = Field<u8, 2>;
using Fe = Field<u8, 3>;
using Bi = Field<u8, 4>;
using Thre = Field<u8, 5>;
using Temt = Field<u8, 6>;
using FifoError = Field<u8, 7>;
using Delta = Field<u8, 0, 4>; // MSR: changed since the last read (TERI in bit 2: RI has fallen)
using Lines = Field<u8, 4, 4>; // CTS, DSR, RI, DCD
inline constexpr u64 hz = 1'843'200;
inline constexpr unsigned fifo_size = 16;

/// IIR bits 3-0.
enum Iir : u8 {
    modem_status = 0x0,
    none = 0x1,
    transmitter_empty = 0x2,
    received = 0x4,
    line_status = 0x6,
    timeout = 0xC
};
} // namespace uart

struct Uart16550 {
    u8 ier = 0;
    u8 fcr = 0; // FIFO enable and trigger only: the reset bits clear themselves
    u8 lcr = 0;
    u8 mcr = 0;
    u8 scr = 0;
    u8 delta = 0;         // MSR bits 3-0
    u8 modem_lines = 0xB; // CTS, DSR, RI, DCD at the pins: by default a quiet partner is connected
    u8 overrun = 0;       // Oe, kept apart from the bytes' own errors
    u16 divisor = 12;     // 9600 baud
    u8 rx[uart::fifo_size] = {}, rx_errors[uart::fifo_size] = {};
    u8 rx_head = 0, rx_count = 0;
    bool line_event = false; // an error came since the last LSR read
    u8 tx[uart::fifo_size] = {};
    u8 tx_head = 0, tx_count = 0;
    u8 shift = 0; // transmitter shift register
    bool shifting = false;
    bool thre_pending = false; // a THRE interrupt that neither an IIR read nor a THR write has taken back
    bool timed_out = false;    // character timeout
    u64 shift_done = 0;        // tick at which the last bit leaves
    u64 timeout_at = 0;        // tick of the character timeout, when something waits in the FIFO
    u64 tick = 0;              // of 1.8432 MHz since time 0
    u8 sent[64] = {};          // what left, for take_transmitted(); the oldest is lost when nobody takes it
    u8 sent_head = 0, sent_count = 0;
    bool operator==(const Uart16550&) const = default;
};

u8 read(Uart16550& chip, u16 reg, u64 now_ns, Signals& signals);
void write(Uart16550& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const Uart16550& chip, u16 reg, u64 now_ns);
void advance(Uart16550& chip, u64 now_ns);

/// Level of the interrupt line, behind OUT2's gate, as of the last advance.
bool output(const Uart16550& chip, unsigned pin = 0);

/// When a character has left or a character timeout is due; never_ns when neither is under way.
u64 next_event_ns(const Uart16550& chip);

/// A character has come in. `errors`: uart::Pe, Fe, Bi masks. Ignored in loopback.
void receive(Uart16550& chip, u8 byte, u64 now_ns, u8 errors = 0);

/// The oldest character that left through SOUT, if any.
bool take_transmitted(Uart16550& chip, u8& byte);

/// The partner's modem lines, true when asserted: bits CTS, DSR, RI, DCD from 0 up.
void modem(Uart16550& chip, u8 lines, u64 now_ns);

/// Time of one character on the wire, in ticks of 1.8432 MHz; 0 when the divisor is 0.
u64 character_ticks(const Uart16550& chip);

} // namespace irqlab::hw

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
// A character on the wire takes its start, data, parity and stop bits at the programmed rate; of its byte
// only the data bits of the word length are sent and received. receive() puts one into the receiver when its
// last bit has come. Errors of a byte are told in LSR when it is at the top of the FIFO, and stay there until
// LSR is read. With FIFOs, the THRE interrupt comes one character less its last stop bit late, unless two
// bytes were in the FIFO at once since THRE was set last.
//
// LCR's break bit holds SOUT low: what is sent meanwhile is lost, and in loopback the receiver gets one
// break, after a character's time. TXRDY and RXRDY, of both DMA modes, are output(chip, 1) and output(chip,
// 2); a PC leaves them open.
//
// Not modelled: the fraction of a bit from THR to the shift register; parity on the wire, sticky or not
// (receive() is told of errors); the factory's test at LSR (ignored; Diagnosis::uart_not_modelled). Divisor 0
// stops the transmitter. In loopback, OUT2's bit still opens the gate, as Super I/O chips have it; the
// 16550A's pin would be inactive.
//
// Sources: [16550] National Semiconductor PC16550D "Registers", "FIFO Interrupt Mode Operation".
#pragma once
#include <span>
#include <type_traits>

#include "hw/base/quirk.hpp"
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
using DmaMode = Field<u8, 3>;
using Trigger = Field<u8, 6, 2>;
using WordLength = Field<u8, 0, 2>; // LCR
using StopBits = Field<u8, 2>;
using ParityOn = Field<u8, 3>;
using EvenParity = Field<u8, 4>;
using StickParity = Field<u8, 5>;
using Break = Field<u8, 6>;
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

/// What QEMU's model does otherwise. Rows: uart16550_quirks().
namespace uart16550_quirk {
using NoTime = Field<u32, 0>;
using GateOpen = Field<u32, 1>;
using NoLoopDeltas = Field<u32, 2>;
using FcrWithoutFifo = Field<u32, 3>;
using ThreOnReset = Field<u32, 4>;
using NoBreak = Field<u32, 5>;
using WholeBytes = Field<u32, 6>;
using TwoStopBits = Field<u32, 7>;
inline constexpr u32 all = 0xFF;
} // namespace uart16550_quirk

struct Uart16550 {
    u64 tick = 0;       // of 1.8432 MHz since time 0
    u64 shift_done = 0; // tick at which the last bit leaves, while `shifting`
    u64 timeout_at = 0; // tick of the character timeout, 0 for none: something waits in the FIFO
    u64 thre_at = 0;    // tick of a THRE interrupt that comes late, 0 for none
    u64 break_at = 0;   // tick at which a looped break has lasted a character, 0 for none
    u32 quirks = 0;
    u16 divisor = 12; // 9600 baud
    u8 ier = 0;
    u8 fcr = 0; // FIFO enable, DMA mode and trigger only: the reset bits clear themselves
    u8 lcr = 0;
    u8 mcr = 0;
    u8 scr = 0;
    u8 rbr = 0;           // the last byte received without FIFOs
    u8 delta = 0;         // MSR bits 3-0
    u8 modem_lines = 0xB; // CTS, DSR, RI, DCD at the pins: by default a quiet partner is connected
    u8 errors = 0;        // LSR bits 4-1: what was told, and not yet read
    u8 rx_head = 0, rx_count = 0;
    u8 tx_head = 0, tx_count = 0;
    u8 shift = 0; // transmitter shift register
    u8 shifting = 0;
    u8 thre_pending = 0; // a THRE interrupt that neither an IIR read nor a THR write has taken back
    u8 two_queued = 0;   // two bytes were in the FIFO at once since THRE was set
    u8 timed_out = 0;    // character timeout
    u8 ready = 2;        // bit 0: RXRDY, bit 1: TXRDY
    u8 sent_head = 0, sent_count = 0;
    u8 rx[uart::fifo_size] = {}, rx_errors[uart::fifo_size] = {};
    u8 tx[uart::fifo_size] = {};
    u8 sent[64] = {}; // what left, for take_transmitted(); the oldest is lost when nobody takes it
    u8 unused[5] = {};
    bool operator==(const Uart16550&) const = default;
};
static_assert(std::has_unique_object_representations_v<Uart16550>);

/// The MR pin: registers, FIFOs and what is under way. Divisor, RBR and SCR stay, and who is at the other end.
void reset(Uart16550& chip);

u8 read(Uart16550& chip, u16 reg, u64 now_ns, Signals& signals);
void write(Uart16550& chip, u16 reg, u8 value, u64 now_ns, Signals& signals);
u8 peek(const Uart16550& chip, u16 reg, u64 now_ns);
void advance(Uart16550& chip, u64 now_ns);

/// Pin 0: the interrupt line, behind OUT2's gate, as of the last advance. 1: TXRDY, 2: RXRDY, true when
/// active.
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

/// The chip can be in this state: for bytes from outside.
bool valid(const Uart16550& chip);

std::span<const Quirk> uart16550_quirks();

} // namespace irqlab::hw

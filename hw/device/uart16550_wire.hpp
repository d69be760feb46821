// The 16550A's two ends of the wire: receiver and transmitter with their FIFOs and their time.
//
// Inside of the chip; uart16550.hpp is its manual.
#pragma once
#include "hw/device/uart16550.hpp"

namespace irqlab::hw::uart {

inline constexpr u8 byte_errors = Pe::mask | Fe::mask | Bi::mask;

inline bool fifo_on(const Uart16550& chip) { return FifoEnable::test(chip.fcr); }
inline bool loop_on(const Uart16550& chip) { return Loop::test(chip.mcr); }
inline unsigned capacity(const Uart16550& chip) { return fifo_on(chip) ? fifo_size : 1; }
unsigned trigger_level(const Uart16550& chip);

/// The CPU takes the top byte.
void take_received(Uart16550& chip);
void flush_rx(Uart16550& chip);
/// `anew`: FIFOs were switched on or off; the THRE interrupt comes at once.
void flush_tx(Uart16550& chip, bool anew);
/// A byte written to THR.
void queue_byte(Uart16550& chip, u8 byte);
/// Moves the next byte into the shift register at the tick when that becomes free.
void start_shifting(Uart16550& chip, u64 at);
/// LCR or MCR has changed: a break reaches the receiver, or ends.
void follow_break(Uart16550& chip, bool looped_before);
/// SOUT is held low, and the receiver sees it.
bool break_looped(const Uart16550& chip);
/// TXRDY and RXRDY after anything that may change them.
void settle_ready(Uart16550& chip);

} // namespace irqlab::hw::uart

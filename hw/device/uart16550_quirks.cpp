// What QEMU's model of the 16550A does otherwise.
#include "hw/device/uart16550.hpp"

namespace irqlab::hw {
namespace {

constexpr Quirk rows[] = {
    {uart16550_quirk::NoTime::mask, true, false, "uart.no-time",
     "[16550] Baud Generator: a character takes its bits at the programmed rate; FIFO Interrupt Mode "
     "Operation: THRE "
     "may come a character late",
     "a byte leaves, and in loopback is received, when it is written"},
    {uart16550_quirk::GateOpen::mask, true, false, "uart.gate-open",
     "[ISA]: on a PC, OUT2 lets the interrupt out to the bus", "the line follows INTR whatever OUT2 is"},
    {uart16550_quirk::NoLoopDeltas::mask, true, false, "uart.no-loop-deltas",
     "[16550] Modem Control Register: in loopback modem interrupts work, from MCR bits 3-0",
     "MCR changes no delta bit of MSR, and in loopback these read as 0 and are not cleared"},
    {uart16550_quirk::FcrWithoutFifo::mask, true, false, "uart.fcr-without-fifo",
     "[16550] FIFO Control Register: without bit 0 the other bits are not programmed",
     "the reset bits work without bit 0: RBR's byte is lost"},
    {uart16550_quirk::ThreOnReset::mask, true, false, "uart.thre-on-reset",
     "[16550] Interrupt Identification Register: THRE interrupts when THR becomes empty",
     "resetting a transmitter FIFO that is empty interrupts again"},
    {uart16550_quirk::NoBreak::mask, true, false, "uart.no-break",
     "[16550] Line Control Register: break control holds SOUT low, in loopback before the receiver",
     "in loopback the receiver sees no break, and bytes pass"},
    {uart16550_quirk::WholeBytes::mask, true, false, "uart.whole-bytes",
     "[16550] Line Control Register: bits 1-0 are the word's length", "words of 5 to 7 bits carry all eight"},
    {uart16550_quirk::TwoStopBits::mask, true, false, "uart.two-stop-bits",
     "[16550] Line Control Register: five data bits have one and a half stop bits", "they have two"},
};

} // namespace

std::span<const Quirk> uart16550_quirks() { return rows; }

} // namespace irqlab::hw

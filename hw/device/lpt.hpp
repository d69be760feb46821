// Parallel port of a PC: the printer adapter's three registers, with the PS/2's second direction.
//
//              +-----\/-----+     reg
//     D7-D0  ==|            |== PD7-PD0    0  data     read: the latch, or the pins when the direction is in
//     A1-A0  --|            |--  STROBE#   1  status   BUSY (inverted), ACK#, PE, SLCT, ERROR#; 2-0 read as
//     ones
//        CS  --|    LPT     |--  AUTOFD#   2  control  STROBE, AUTOFD, INIT#, SLCTIN, IRQ enable, direction;
//        7, 6 ones
//     RD,WR  --|            |--  INIT#
//              |            |--  SLCTIN#   pins, as their connector has them: drive(chip, pin, level),
//     IRQ 7  --|            |<-- ACK# ...  output(chip, LptOutput)
//              +------------+
//
// The interrupt line is high while ACK# is low and control bit 4 is set, so that its edge is the beginning of
// the printer's acknowledge pulse. Adapters differ here: some give the edge at the pulse's end, and the PS/2
// holds the request until the status is read.
//
// Not modelled: EPP, ECP, the printer itself (its pins are driven from outside), the PS/2's IRQ status bit
// (2, reads 1). Sources: [PCAT] "Printer Adapter"; [PS2] "Parallel Port Controller" for the direction.
#pragma once
#include <span>
#include <type_traits>

#include "hw/base/bits.hpp"
#include "hw/base/quirk.hpp"

namespace irqlab::hw {

namespace lpt {
using Error = Field<u8, 3>; // status; also the numbers of the pins in Lpt::inputs
using Select = Field<u8, 4>;
using PaperOut = Field<u8, 5>;
using Ack = Field<u8, 6>;
using Busy = Field<u8, 7>;   // inverted in the register
using Strobe = Field<u8, 0>; // control; the first, second and fourth are inverted at their pins
using AutoFeed = Field<u8, 1>;
using Init = Field<u8, 2>;
using SelectIn = Field<u8, 3>;
using IrqEnable = Field<u8, 4>;
using Inwards = Field<u8, 5>;
inline constexpr u8 control_writable = 0x3f;
inline constexpr u8 inputs_mask = 0xf8;
} // namespace lpt

namespace lpt_quirk {
using LowBitsZero = Field<u32, 0>;
} // namespace lpt_quirk

/// The printer's pins, by their bit of the status register.
enum class LptInput : u8 { error = 3, select, paper_out, ack, busy };
enum class LptOutput : u8 { irq, strobe, auto_feed, init, select_in };

struct Lpt {
    u32 quirks = 0;
    u8 data = 0;       // the latch
    u8 control = 0x0c; // as software reads it, less bits 7 and 6
    u8 inputs = 0x58;  // levels of the printer's pins: a printer that is on line and idle
    u8 data_in = 0xff; // what the other side drives on PD7-PD0
    bool operator==(const Lpt&) const = default;
};
static_assert(std::has_unique_object_representations_v<Lpt>);

/// The state after reset: nothing latched, no interrupt, INIT# and SLCTIN as firmware leaves them. Pins stay.
void reset(Lpt& chip);

/// Register 0, 1 or 2; others are not there and read as FFh.
u8 read(const Lpt& chip, u16 reg);
void write(Lpt& chip, u16 reg, u8 value);
inline u8 peek(const Lpt& chip, u16 reg) { return read(chip, reg); }

void drive(Lpt& chip, LptInput pin, bool high);
inline void drive_data(Lpt& chip, u8 value) { chip.data_in = value; }

/// The level at a pin.
bool output(const Lpt& chip, LptOutput pin);

bool valid(const Lpt& chip);
std::span<const Quirk> lpt_quirks();

} // namespace irqlab::hw

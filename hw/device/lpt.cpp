// Parallel port: registers and pins. See the header for the manual.
#include "hw/device/lpt.hpp"

namespace irqlab::hw {
namespace {

constexpr u8 status_ones = 0x07, control_ones = 0xc0;

constexpr Quirk quirks[] = {
    {lpt_quirk::LowBitsZero::mask, true, false, "lpt.status-low-bits",
     "[PCAT] \"Printer Adapter\": bits 2 to 0 of the status register are not driven, and read as ones",
     "Bits 2 to 0 of the status register read as zeroes."},
};

} // namespace

void reset(Lpt& chip)
{
    const Lpt fresh;
    chip.data = fresh.data;
    chip.control = fresh.control;
}

u8 read(const Lpt& chip, u16 reg)
{
    switch (reg) {
    case 0: return lpt::Inwards::test(chip.control) ? chip.data_in : chip.data;
    case 1: {
        const u8 low = lpt_quirk::LowBitsZero::test(chip.quirks) ? u8{0} : status_ones;
        return static_cast<u8>((chip.inputs ^ lpt::Busy::mask) | low);
    }
    case 2: return chip.control | control_ones;
    default: return 0xff;
    }
}

void write(Lpt& chip, u16 reg, u8 value)
{
    if (reg == 0)
        chip.data = value;
    else if (reg == 2)
        chip.control = value & lpt::control_writable;
}

void drive(Lpt& chip, LptInput pin, bool high)
{
    const u8 mask = bit<u8>(static_cast<unsigned>(pin)) & lpt::inputs_mask;
    chip.inputs = static_cast<u8>(high ? chip.inputs | mask : chip.inputs & ~mask);
}

bool output(const Lpt& chip, LptOutput pin)
{
    switch (pin) {
    case LptOutput::irq: return lpt::IrqEnable::test(chip.control) && !lpt::Ack::test(chip.inputs);
    case LptOutput::strobe: return !lpt::Strobe::test(chip.control);
    case LptOutput::auto_feed: return !lpt::AutoFeed::test(chip.control);
    case LptOutput::init: return lpt::Init::test(chip.control);
    case LptOutput::select_in: return !lpt::SelectIn::test(chip.control);
    }
    return false;
}

bool valid(const Lpt& chip)
{
    return (chip.control & ~lpt::control_writable) == 0 && (chip.inputs & ~lpt::inputs_mask) == 0;
}

std::span<const Quirk> lpt_quirks() { return quirks; }

} // namespace irqlab::hw

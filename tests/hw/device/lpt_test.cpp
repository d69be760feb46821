// Parallel port: registers, pins and the acknowledge interrupt.
#include "hw/device/lpt.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<Lpt>);

TEST(Lpt, Registers)
{
    Lpt chip;
    EXPECT_EQ(read(chip, 1), 0xdf) << "PCAT/status: idle: not busy, ACK# high, selected, no error";
    EXPECT_EQ(read(chip, 2), 0xcc) << "PCAT/control: INIT# high, selected";
    write(chip, 0, 0x5a);
    EXPECT_EQ(read(chip, 0), 0x5a) << "PCAT/data: the latch reads back";
    write(chip, 1, 0x00);
    EXPECT_EQ(read(chip, 1), 0xdf) << "PCAT/status: read-only";
    write(chip, 2, 0xff);
    EXPECT_EQ(read(chip, 2), 0xff) << "PCAT/control: six bits";
    drive_data(chip, 0xa5);
    EXPECT_EQ(read(chip, 0), 0xa5) << "PS2/direction: in";
    write(chip, 0, 0x11);
    EXPECT_EQ(read(chip, 0), 0xa5);
    write(chip, 2, 0x00);
    EXPECT_EQ(read(chip, 0), 0x11) << "PS2/direction: out again, and what was written meanwhile is there";
    EXPECT_EQ(read(chip, 3), 0xff) << "nothing there";
    EXPECT_TRUE(valid(chip));
}

TEST(Lpt, StatusPins)
{
    struct Row {
        const char* clause;
        LptInput pin;
        bool high;
        u8 status;
    };
    constexpr Row rows[] = {
        {"PCAT/status 7: BUSY is inverted", LptInput::busy, true, 0x5f},
        {"PCAT/status 6: ACK#", LptInput::ack, false, 0x9f},
        {"PCAT/status 5: PE", LptInput::paper_out, true, 0xff},
        {"PCAT/status 4: SLCT", LptInput::select, false, 0xcf},
        {"PCAT/status 3: ERROR#", LptInput::error, false, 0xd7},
    };
    for (const Row& row : rows) {
        Lpt chip;
        drive(chip, row.pin, row.high);
        EXPECT_EQ(read(chip, 1), row.status) << row.clause;
    }
}

TEST(Lpt, ControlPins)
{
    Lpt chip;
    write(chip, 2, 0x00);
    EXPECT_TRUE(output(chip, LptOutput::strobe) && output(chip, LptOutput::auto_feed) &&
                output(chip, LptOutput::select_in) && !output(chip, LptOutput::init))
        << "PCAT/control: STROBE, AUTO FEED and SLCT IN are inverted, INIT is not";
    write(chip, 2, 0x0f);
    EXPECT_FALSE(output(chip, LptOutput::strobe) || output(chip, LptOutput::auto_feed) ||
                 output(chip, LptOutput::select_in) || !output(chip, LptOutput::init));
}

TEST(Lpt, AcknowledgeInterrupts)
{
    Lpt chip;
    drive(chip, LptInput::ack, false);
    EXPECT_FALSE(output(chip, LptOutput::irq)) << "PCAT/control 4: no interrupt without it";
    write(chip, 2, 0x1c);
    EXPECT_TRUE(output(chip, LptOutput::irq));
    drive(chip, LptInput::ack, true);
    EXPECT_FALSE(output(chip, LptOutput::irq)) << "PCAT/control 4: the line follows ACK#";
    drive(chip, LptInput::ack, false);
    EXPECT_TRUE(output(chip, LptOutput::irq));
    reset(chip);
    EXPECT_FALSE(output(chip, LptOutput::irq)) << "reset: interrupts off";
}

} // namespace
} // namespace irqlab::hw

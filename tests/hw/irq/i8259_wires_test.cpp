// 8259A: MCS-80 mode, the signals of an operation, diagnoses, and the priority resolver exhausted against
// prose.
#include "hw/irq/i8259.hpp"

#include <gtest/gtest.h>

namespace irqlab::hw {
namespace {

/// A PC's pair as Linux sets it up: base 20h and 28h, 8086 mode.
PicPair pc()
{
    PicPair pair;
    Signals signals;
    for (u16 base : {u16{0x20}, u16{0xA0}}) {
        const bool master = base == 0x20;
        write(pair, base, 0x11, signals);
        write(pair, base + 1, master ? 0x20 : 0x28, signals);
        write(pair, base + 1, master ? 0x04 : 0x02, signals);
        write(pair, base + 1, 0x01, signals);
    }
    return pair;
}

TEST(I8259Wires, Mcs80ModeGivesACall)
{
    struct Call {
        const char* clause;
        u8 icw1, icw2, ir, low, high;
    };
    const Call rows[] = {
        {"D7, 8259A/ICW2: interval 4: A7-A5 from ICW1", 0xF6, 0x12, 3, 0xEC, 0x12},
        {"D7, 8259A/ICW2: interval 8: A7-A6 from ICW1", 0xF2, 0x34, 3, 0xD8, 0x34},
        {"D7, 8259A/ICW2: level 0", 0x16, 0x56, 0, 0x00, 0x56},
    };
    for (const Call& row : rows) {
        SCOPED_TRACE(row.clause);
        I8259 chip;
        Signals signals;
        write(chip, false, row.icw1, signals);
        write(chip, true, row.icw2, signals);
        ASSERT_EQ(signals.size(), 1u)
            << "no ICW4: its functions are 0, so this is MCS-80 mode, and it is said";
        EXPECT_EQ(signals[0].number, static_cast<u16>(Diagnosis::pic_not_modelled));
        drive(chip, row.ir, true);
        EXPECT_TRUE(intr(chip));
        EXPECT_EQ(first_inta(chip), row.ir);
        EXPECT_EQ(second_inta(chip), row.low);
        EXPECT_EQ(third_inta(chip), row.high);
        EXPECT_EQ(chip.isr, bit<u8>(row.ir));
        EXPECT_FALSE(intr(chip));
    }
}

TEST(I8259Wires, SignalsTellTheWires)
{
    PicPair pair = pc();
    Signals signals;
    drive(pair, 12, true, signals);
    ASSERT_EQ(signals.size(), 2u);
    EXPECT_EQ(signals[0], (Signal{SignalKind::pic_intr, 0, 1, 1}));
    EXPECT_EQ(signals[1], (Signal{SignalKind::pic_intr, 0, 0, 1}));
    drive(pair, 1, true, signals);
    EXPECT_EQ(signals.size(), 2u) << "INT was high already";
    signals.clear();
    EXPECT_EQ(acknowledge(pair, signals), 0x21);
    ASSERT_EQ(signals.size(), 2u);
    EXPECT_EQ(signals[1], (Signal{SignalKind::pic_intr, 0, 0, 0})) << "C4: IRQ 12 is lower, INT stays down";
    signals.clear();
    drive(pair, 0, true, signals);
    EXPECT_EQ(acknowledge(pair, signals), 0x20);
    write(pair, 0x20, 0x20, signals);
    signals.clear();
    write(pair, 0x20, 0x20, signals);
    ASSERT_EQ(signals.size(), 1u);
    EXPECT_EQ(signals[0], (Signal{SignalKind::pic_intr, 0, 0, 1})) << "the slave's turn";
}

TEST(I8259Wires, IntFallsAndRisesAgain)
{
    PicPair pair = pc();
    Signals signals;
    drive(pair, 5, true, signals);
    first_inta(pair);
    drive(pair, 1, true, signals);
    signals.clear();
    EXPECT_EQ(second_inta(pair, signals), 0x25);
    ASSERT_EQ(signals.size(), 3u); // C4
    EXPECT_EQ(signals[1], (Signal{SignalKind::pic_intr, 0, 0, 0}));
    EXPECT_EQ(signals[2], (Signal{SignalKind::pic_intr, 0, 0, 1}));
}

TEST(I8259Wires, SoftwareThatMeantSomethingElseIsTold)
{
    struct Case {
        const char* clause;
        u16 port;
        u8 value;
        Diagnosis want;
    };
    const Case rows[] = {
        {"8259A/initialisation: OCW1 before ICW1", 0x21, 0xFF, Diagnosis::pic_uninitialised},
        {"8259A/initialisation: OCW2 before ICW1", 0x20, 0x20, Diagnosis::pic_uninitialised},
        {"8259A/ICW4: absent, so MCS-80 mode", 0x20, 0x10, Diagnosis::pic_not_modelled},
    };
    for (const Case& row : rows) {
        SCOPED_TRACE(row.clause);
        PicPair pair;
        Signals signals;
        write(pair, row.port, row.value, signals);
        ASSERT_EQ(signals.size(), 1u);
        EXPECT_EQ(signals[0].kind, SignalKind::diagnosis);
        EXPECT_EQ(signals[0].number, static_cast<u16>(row.want));
    }
    Signals signals;
    PicPair pair;
    write(pair, 0x20, 0x11, signals);
    for (u8 word : {u8{0x20}, u8{0x04}, u8{0x09}})
        write(pair, 0x21, word, signals);
    ASSERT_EQ(signals.size(), 1u) << "8259A/ICW4: buffered mode, and M/S contradicts the strap";
    EXPECT_EQ(signals[0],
              (Signal{SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::pic_not_modelled), 0x09}));
}

/// [8259A] "Fully Nested Mode", level by level: slow, and written from the prose alone.
int served(u8 irr, u8 imr, u8 isr, u8 lowest, bool smm)
{
    for (unsigned i = 1; i <= 8; ++i) {
        const unsigned level = (lowest + i) & 7;
        const bool masked = (imr >> level & 1) != 0;
        const bool in_service = (isr >> level & 1) != 0;
        if (in_service && !(smm && masked))
            return -1; // blocks itself and all that comes after it
        if ((irr >> level & 1) != 0 && !masked)
            return static_cast<int>(level);
    }
    return -1;
}

TEST(I8259Wires, PriorityExhausted)
{
    I8259 chip{.icw1 = 0x11, .icw4 = 1, .expect = I8259::Expect::ready};
    for (unsigned n = 0; n < 1u << 20;
         ++n) { // IRR and ISR in full; the mask, the rotation and SMM in a spread
        chip.edge = chip.lines = static_cast<u8>(n);
        chip.isr = static_cast<u8>(n >> 8);
        chip.imr = static_cast<u8>((n >> 16) * 0x1B ^ n >> 5);
        chip.lowest = static_cast<u8>((n >> 16 ^ n >> 3) & 7);
        chip.smm = (n >> 19 & 1) != 0;
        const int want = served(chip.edge, chip.imr, chip.isr, chip.lowest, chip.smm);
        ASSERT_EQ(intr(chip), want >= 0) << "8259A/nested, at " << n;
        I8259 taken = chip;
        ASSERT_EQ(first_inta(taken), want >= 0 ? want : 7) << "8259A/nested, at " << n;
        ASSERT_EQ(taken.isr, want >= 0 ? chip.isr | 1 << want : chip.isr) << "C2, at " << n;
    }
}

} // namespace
} // namespace irqlab::hw

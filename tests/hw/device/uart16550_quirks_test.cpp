// Each quirk of QEMU's serial port: what software sees without it and with it.
#include <gtest/gtest.h>
#include <vector>

#include "hw/device/uart16550.hpp"

namespace irqlab::hw {
namespace {

namespace quirk = uart16550_quirk;
using Bytes = std::vector<u8>;
enum Reg : u16 { data, ier, iir, lcr, mcr, lsr, msr, scr, fcr = iir };

struct Bench {
    Uart16550 chip;
    Signals signals;
    u64 now = 0;

    u8 in(u16 reg) { return read(chip, reg, now, signals); }
    void out(u16 reg, u8 value) { write(chip, reg, value, now, signals); }
    void pass_ticks(u64 ticks) { advance(chip, now += ns_of_tick(ticks, uart::hz)); }
    explicit Bench(u32 quirks)
    {
        chip.quirks = quirks;
        out(lcr, 0x83);
        out(data, 1);
        out(lcr, 0x03);
        out(mcr, 0x18);
        in(msr);
    }
};

struct Row {
    u32 mask;
    Bytes (*run)(Bench&);
    Bytes ours, theirs;
};

const Row rows[] = {
    {quirk::NoTime::mask,
     [](Bench& b) {
         b.out(data, 'a');
         return Bytes{b.in(lsr)};
     },
     {0x20},
     {0x61}},
    {quirk::GateOpen::mask,
     [](Bench& b) {
         b.out(mcr, 0x00);
         b.out(ier, 0x02);
         return Bytes{output(b.chip)};
     },
     {0},
     {1}},
    {quirk::NoLoopDeltas::mask,
     [](Bench& b) {
         b.out(mcr, 0x1B);
         return Bytes{b.in(msr)};
     },
     {0xB3},
     {0xB0}},
    {quirk::FcrWithoutFifo::mask,
     [](Bench& b) {
         b.out(mcr, 0x08);
         receive(b.chip, 'a', b.now);
         b.out(fcr, 0x02);
         return Bytes{b.in(lsr)};
     },
     {0x61},
     {0x60}},
    {quirk::ThreOnReset::mask,
     [](Bench& b) {
         b.out(fcr, 0x01);
         b.out(ier, 0x02);
         b.in(iir);
         b.out(fcr, 0x05);
         return Bytes{b.in(iir)};
     },
     {0xC1},
     {0xC2}},
    {quirk::NoBreak::mask,
     [](Bench& b) {
         b.out(lcr, 0x43);
         b.pass_ticks(1000);
         const u8 broken = b.in(lsr);
         b.in(data);
         b.out(data, 'a');
         b.pass_ticks(1000);
         return Bytes{broken, b.in(data)};
     },
     {0x79, 0},
     {0x60, 'a'}},
    {quirk::WholeBytes::mask,
     [](Bench& b) {
         b.out(lcr, 0x00);
         b.out(data, 0xFF);
         b.pass_ticks(1000);
         return Bytes{b.in(data)};
     },
     {0x1F},
     {0xFF}},
    {quirk::TwoStopBits::mask,
     [](Bench& b) {
         b.out(lcr, 0x04);
         b.out(data, 1);
         b.pass_ticks(120);
         return Bytes{b.in(lsr)};
     },
     {0x61},
     {0x20}},
};

TEST(Uart16550Quirks, EachShows)
{
    ASSERT_EQ(std::size(rows), uart16550_quirks().size());
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        const Quirk& listed = uart16550_quirks()[i];
        ASSERT_EQ(rows[i].mask, listed.mask) << "in the order of the list";
        Bench ours(0), theirs(listed.mask);
        EXPECT_EQ(rows[i].run(ours), rows[i].ours) << listed.clause;
        EXPECT_EQ(rows[i].run(theirs), rows[i].theirs) << listed.name;
        EXPECT_TRUE(valid(theirs.chip));
    }
}

} // namespace
} // namespace irqlab::hw

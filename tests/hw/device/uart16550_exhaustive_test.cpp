// 16550A, small spaces whole: every set of pending sources under every IER, every trigger level with every
// filling, every line control word with every divisor that matters.
#include <algorithm>
#include <gtest/gtest.h>

#include "hw/device/uart16550.hpp"

namespace irqlab::hw {
namespace {

enum Reg : u16 { data, ier, iir, lcr, mcr, lsr, msr, scr, fcr = iir };

struct Bench {
    Uart16550 chip;
    Signals signals;
    u64 now = 0;

    u8 in(u16 reg) { return read(chip, reg, now, signals); }
    void out(u16 reg, u8 value) { write(chip, reg, value, now, signals); }
    explicit Bench(u8 fifo)
    {
        out(lcr, 0x83);
        out(data, 1);
        out(lcr, 0x03);
        out(mcr, 0x08);
        out(fcr, fifo);
        out(ier, 0x02); // the interrupt of an empty THR, taken
        in(iir);
        out(ier, 0x00);
    }
};

constexpr u64 character = 160; // ticks of ten bits at divisor 1

/// What can ask, as bits: line status, data at the trigger level, timeout, THR empty, modem status.
enum Source : unsigned { line_status = 1, at_level = 2, timed_out = 4, thr_empty = 8, modem_status = 16 };

void bring_about(Bench& b, unsigned sources)
{
    const bool fifo = uart::FifoEnable::test(b.chip.fcr);
    const unsigned bytes = (sources & at_level) != 0 ? (fifo ? 4 : 1) : (sources & timed_out) != 0 ? 1 : 0;
    for (unsigned i = 0; i < bytes; ++i)
        receive(b.chip, 'a', b.now);
    if ((sources & timed_out) != 0)
        advance(b.chip, b.now = ns_of_tick(4 * character, uart::hz));
    b.chip.thre_pending = (sources & thr_empty) != 0;
    if ((sources & line_status) != 0)
        b.chip.errors = uart::Oe::mask;
    if ((sources & modem_status) != 0)
        modem(b.chip, 0xA, b.now);
}

/// [16550] "Interrupt Control Functions": the table, row by row.
u8 expected(unsigned sources, unsigned enables)
{
    if ((sources & line_status) != 0 && (enables & 4) != 0)
        return 0x06;
    if ((sources & timed_out) != 0 && (enables & 1) != 0)
        return 0x0C;
    if ((sources & at_level) != 0 && (enables & 1) != 0)
        return 0x04;
    if ((sources & thr_empty) != 0 && (enables & 2) != 0)
        return 0x02;
    return (sources & modem_status) != 0 && (enables & 8) != 0 ? 0x00 : 0x01;
}

/// What resets a source, by the table's last column.
unsigned after_service(Bench& b, u8 what, unsigned sources)
{
    switch (what) {
    case 0x06: b.in(lsr); return sources & ~line_status;
    case 0x04:
    case 0x0C: b.in(data); return sources & ~(at_level | timed_out); // one less than the level
    case 0x02: b.in(iir); return sources & ~thr_empty;
    default: b.in(msr); return sources & ~modem_status;
    }
}

TEST(Uart16550Exhaustive, EveryPriority)
{
    for (const bool fifo : {false, true})
        for (unsigned sources = 0; sources < 32; ++sources)
            for (unsigned enables = 0; enables < 16; ++enables) {
                if (!fifo && (sources & timed_out) != 0)
                    continue;
                Bench b(fifo ? 0x41 : 0x00);
                b.chip.ier =
                    static_cast<u8>(enables); // as if since before: enabling has an effect of its own
                bring_about(b, sources);
                const u8 fifos = fifo ? 0xC0 : 0x00;
                unsigned left = sources;
                for (u8 what = expected(left, enables); what != 0x01; what = expected(left, enables)) {
                    ASSERT_TRUE(output(b.chip)) << sources << " " << enables;
                    ASSERT_EQ(peek(b.chip, iir, b.now), fifos | what) << sources << " " << enables;
                    left = after_service(b, what, left);
                }
                EXPECT_FALSE(output(b.chip)) << sources << " " << enables;
                EXPECT_EQ(b.in(iir), fifos | 0x01);
            }
}

TEST(Uart16550Exhaustive, EveryFilling)
{
    constexpr unsigned levels[] = {1, 4, 8, 14};
    for (unsigned trigger = 0; trigger < 4; ++trigger)
        for (unsigned count = 0; count <= 18; ++count) {
            Bench b(static_cast<u8>(trigger << 6 | 1));
            b.out(ier, 0x01);
            for (unsigned i = 0; i < count; ++i)
                receive(b.chip, static_cast<u8>(i + 1), b.now);
            EXPECT_EQ(b.in(iir), count >= levels[trigger] ? 0xC4 : 0xC1)
                << "16550/FCR: " << trigger << ", " << count;
            EXPECT_EQ(b.in(lsr), 0x60 | (count > 0 ? 1 : 0) | (count > 16 ? 2 : 0)) << "16550/LSR: overrun";
            for (unsigned i = 0; i < std::min(count, 16u); ++i)
                EXPECT_EQ(b.in(data), i + 1) << "16550/LSR: the FIFO keeps what it has";
            EXPECT_EQ(b.in(lsr), 0x60);
            EXPECT_EQ(b.in(iir), 0xC1);
        }
}

TEST(Uart16550Exhaustive, EveryLineControlWord)
{
    for (unsigned word = 0; word < 0x40; ++word)
        for (const unsigned divisor : {1u, 2u, 12u, 0x900u, 0xFFFFu}) {
            Bench b(0);
            b.out(lcr, 0x80);
            b.out(data, static_cast<u8>(divisor));
            b.out(ier, static_cast<u8>(divisor >> 8));
            b.out(lcr, static_cast<u8>(word));
            const unsigned bits = 5 + (word & 3);
            const unsigned stop_halves = (word & 4) == 0 ? 2 : bits == 5 ? 3 : 4;
            const unsigned halves = 2 * (1 + bits + (word >> 3 & 1)) + stop_halves;
            b.out(data, 0xFF);
            EXPECT_EQ(next_event_ns(b.chip), ns_of_tick(u64{halves} * 8 * divisor, uart::hz))
                << "16550/LCR " << word << ", divisor " << divisor;
            EXPECT_EQ(b.in(lsr), 0x20);
            advance(b.chip, b.now = next_event_ns(b.chip));
            EXPECT_EQ(b.in(lsr), 0x60);
            u8 byte = 0;
            ASSERT_TRUE(take_transmitted(b.chip, byte));
            EXPECT_EQ(byte, 0xFF >> (8 - bits));
        }
}

} // namespace
} // namespace irqlab::hw

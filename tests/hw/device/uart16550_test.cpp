// 16550A: interrupts and their priorities, FIFOs, the time of a character, modem lines and loopback.
#include "hw/device/uart16550.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<Uart16550>);

enum Reg : u16 { data, ier, iir, lcr, mcr, lsr, msr, scr, fcr = iir };

struct Bench {
    Uart16550 chip;
    Signals signals;
    u64 now = 0;

    u8 in(u16 reg) { return read(chip, reg, now, signals); }
    void out(u16 reg, u8 value) { write(chip, reg, value, now, signals); }
    /// 8N1 at 115200 baud, OUT2 open.
    Bench()
    {
        out(lcr, 0x83);
        out(data, 1);
        out(ier, 0);
        out(lcr, 0x03);
        out(mcr, 0x08);
    }
    void at_ticks(u64 ticks) { advance(chip, now = ns_of_tick(ticks, uart::hz)); }
};

constexpr u64 character = 160; // ticks of ten bits at divisor 1

TEST(Uart16550, PowerOn)
{
    Uart16550 chip;
    EXPECT_EQ(peek(chip, iir, 0), 0x01) << "16550/reset: no interrupt pending";
    EXPECT_EQ(peek(chip, lsr, 0), 0x60) << "16550/reset: THRE and TEMT";
    EXPECT_EQ(peek(chip, msr, 0), 0xB0);
    EXPECT_EQ(peek(chip, ier, 0) | peek(chip, lcr, 0) | peek(chip, mcr, 0), 0);
    EXPECT_FALSE(output(chip));
}

TEST(Uart16550, CharacterTime)
{
    struct Row {
        const char* clause;
        u8 lcr;
        u16 divisor;
        u64 ticks;
    };
    constexpr Row rows[] = {
        {"16550/LCR: 8N1 is ten bits", 0x03, 1, 160},
        {"16550/LCR: 8N1 at 9600", 0x03, 12, 1920},
        {"16550/LCR: 7E1 is ten bits", 0x1A, 1, 160},
        {"16550/LCR: 8E2 is twelve bits", 0x1F, 1, 192},
        {"16550/LCR: 5N1.5 is seven and a half", 0x04, 1, 120},
        {"16550/divisor: 0 stops it", 0x03, 0, 0},
    };
    for (const Row& row : rows) {
        Bench b;
        b.chip.lcr = row.lcr;
        b.chip.divisor = row.divisor;
        EXPECT_EQ(character_ticks(b.chip), row.ticks) << row.clause;
        b.out(data, 'x');
        EXPECT_EQ(next_event_ns(b.chip), row.ticks == 0 ? never_ns : ns_of_tick(row.ticks, uart::hz))
            << row.clause;
    }
}

TEST(Uart16550, Divisor)
{
    Bench b;
    b.out(lcr, 0x83);
    b.out(data, 0x34);
    b.out(ier, 0x12);
    EXPECT_EQ(b.chip.divisor, 0x1234) << "16550/DLAB";
    EXPECT_EQ(b.in(data), 0x34);
    EXPECT_EQ(b.in(ier), 0x12);
    b.out(lcr, 0x03);
    EXPECT_EQ(b.in(ier), 0x00) << "16550/DLAB: IER is another register";
    b.out(scr, 0xA5);
    EXPECT_EQ(b.in(scr), 0xA5);
}

TEST(Uart16550, TransmitTakesItsTime)
{
    Bench b;
    u8 byte = 0;
    b.out(data, 'a');
    EXPECT_EQ(b.in(lsr), 0x20) << "16550/LSR: THR is empty again, the shift register is not";
    b.out(data, 'b');
    EXPECT_EQ(b.in(lsr), 0x00);
    b.at_ticks(character - 1);
    EXPECT_FALSE(take_transmitted(b.chip, byte));
    b.at_ticks(character);
    ASSERT_TRUE(take_transmitted(b.chip, byte));
    EXPECT_EQ(byte, 'a');
    EXPECT_EQ(b.in(lsr), 0x20);
    b.at_ticks(2 * character);
    ASSERT_TRUE(take_transmitted(b.chip, byte));
    EXPECT_EQ(byte, 'b');
    EXPECT_EQ(b.in(lsr), 0x60);
    EXPECT_EQ(next_event_ns(b.chip), never_ns);
}

TEST(Uart16550, TransmitFifo)
{
    Bench b;
    b.out(fcr, 0x01);
    EXPECT_EQ(b.in(iir)&0xC0, 0xC0) << "16550/IIR: FIFOs on";
    for (u8 i = 0; i < 17; ++i)
        b.out(data, i); // one goes to the shift register
    b.out(ier, 0x02);
    EXPECT_FALSE(output(b.chip)) << "16550/THRE: the FIFO is not empty";
    b.at_ticks(16 * character - 1);
    EXPECT_FALSE(output(b.chip));
    b.at_ticks(16 * character);
    EXPECT_TRUE(output(b.chip)) << "16550/THRE: the last byte has moved to the shift register";
    b.at_ticks(40 * character);
    u8 byte = 0;
    for (u8 i = 0; i < 17; ++i) {
        ASSERT_TRUE(take_transmitted(b.chip, byte));
        EXPECT_EQ(byte, i);
    }
}

TEST(Uart16550, ThreInterrupt)
{
    Bench b;
    b.out(ier, 0x02);
    EXPECT_TRUE(output(b.chip)) << "16550/THRE: enabling it while THR is empty interrupts";
    EXPECT_EQ(peek(b.chip, iir, b.now), 0x02);
    EXPECT_TRUE(output(b.chip)) << "peek takes nothing back";
    EXPECT_EQ(b.in(iir), 0x02);
    EXPECT_FALSE(output(b.chip)) << "16550/THRE: reading IIR takes it back";
    EXPECT_EQ(b.in(iir), 0x01);
    b.out(data, 'a');
    EXPECT_EQ(b.in(iir), 0x02) << "16550/THRE: THR is empty again";
    b.out(data, 'b');
    EXPECT_FALSE(output(b.chip));
    b.at_ticks(character);
    EXPECT_TRUE(output(b.chip));
    b.out(data, 'c');
    EXPECT_FALSE(output(b.chip)) << "16550/THRE: writing THR takes it back";
}

TEST(Uart16550, ReceiveWithoutFifo)
{
    Bench b;
    b.out(ier, 0x05);
    receive(b.chip, 'a', b.now);
    EXPECT_TRUE(output(b.chip));
    EXPECT_EQ(b.in(iir), 0x04) << "16550/IIR: received data";
    EXPECT_EQ(b.in(lsr)&1, 1);
    EXPECT_EQ(b.in(data), 'a');
    EXPECT_FALSE(output(b.chip));
    EXPECT_EQ(b.in(data), 'a') << "16550/RBR: stays until the next";
    receive(b.chip, 'b', b.now);
    receive(b.chip, 'c', b.now);
    EXPECT_EQ(b.in(iir), 0x06) << "16550/IIR: line status comes first";
    EXPECT_EQ(b.in(lsr)&0x03, 0x03) << "16550/LSR: overrun";
    EXPECT_EQ(b.in(iir), 0x04) << "16550/LSR: reading it clears";
    EXPECT_EQ(b.in(data), 'c') << "16550/LSR: without FIFOs the newer byte stays";
}

TEST(Uart16550, ReceiveTriggerLevels)
{
    struct Row {
        const char* clause;
        u8 fcr;
        unsigned level;
    };
    constexpr Row rows[] = {
        {"16550/FCR: trigger 1", 0x01, 1},
        {"16550/FCR: trigger 4", 0x41, 4},
        {"16550/FCR: trigger 8", 0x81, 8},
        {"16550/FCR: trigger 14", 0xC1, 14},
    };
    for (const Row& row : rows) {
        Bench b;
        b.out(fcr, row.fcr);
        b.out(ier, 0x01);
        for (unsigned n = 1; n <= 16; ++n) {
            receive(b.chip, static_cast<u8>(n), b.now);
            EXPECT_EQ(output(b.chip), n >= row.level) << row.clause << ", " << n;
        }
        EXPECT_EQ(b.in(iir), 0xC4) << row.clause;
        for (unsigned n = 16; n >= row.level; --n)
            EXPECT_EQ(b.in(data), 17 - n) << row.clause;
        EXPECT_FALSE(output(b.chip)) << row.clause << ": below it again";
    }
}

TEST(Uart16550, CharacterTimeout)
{
    Bench b;
    b.out(fcr, 0xC1);
    b.out(ier, 0x01);
    receive(b.chip, 'a', b.now);
    b.at_ticks(4 * character - 1);
    EXPECT_FALSE(output(b.chip));
    receive(b.chip, 'b', b.now);
    EXPECT_EQ(next_event_ns(b.chip), ns_of_tick(8 * character - 1, uart::hz)) << "16550/timeout: starts anew";
    b.at_ticks(8 * character - 1);
    EXPECT_TRUE(output(b.chip));
    EXPECT_EQ(b.in(iir), 0xCC) << "16550/IIR: character timeout";
    EXPECT_EQ(b.in(data), 'a');
    EXPECT_FALSE(output(b.chip)) << "16550/timeout: a read takes it back";
    b.at_ticks(20 * character);
    EXPECT_TRUE(output(b.chip)) << "16550/timeout: one byte still waits";
    b.out(fcr, 0xC3);
    EXPECT_FALSE(output(b.chip)) << "16550/FCR: receiver reset";
}

TEST(Uart16550, FifoOverrunAndErrors)
{
    Bench b;
    b.out(fcr, 0xC1);
    b.out(ier, 0x04);
    for (u8 i = 0; i < 17; ++i)
        receive(b.chip, i, b.now);
    EXPECT_EQ(b.in(iir), 0xC6);
    EXPECT_EQ(b.in(lsr), 0x63) << "16550/LSR: overrun, the FIFO kept";
    for (u8 i = 0; i < 16; ++i)
        EXPECT_EQ(b.in(data), i);
    receive(b.chip, 'a', b.now);
    receive(b.chip, 'b', b.now, uart::Pe::mask);
    EXPECT_FALSE(output(b.chip)) << "16550/LSR: an error is told when its byte is at the top";
    EXPECT_EQ(b.in(lsr), 0xE1) << "16550/LSR: bit 7, an error somewhere in the FIFO";
    b.in(data);
    EXPECT_EQ(b.in(iir), 0xC6);
    EXPECT_EQ(b.in(lsr), 0xE5);
    EXPECT_EQ(b.in(lsr), 0x61);
}

TEST(Uart16550, Priorities)
{
    Bench b;
    b.out(ier, 0x0F);
    receive(b.chip, 'a', b.now);
    receive(b.chip, 'b', b.now);
    modem(b.chip, 0x0A, b.now); // CTS falls
    EXPECT_EQ(b.in(iir), 0x06) << "16550/IIR: line status";
    b.in(lsr);
    EXPECT_EQ(b.in(iir), 0x04) << "16550/IIR: received data";
    b.in(data);
    EXPECT_EQ(b.in(iir), 0x02) << "16550/IIR: transmitter empty";
    EXPECT_EQ(b.in(iir), 0x00) << "16550/IIR: modem status";
    EXPECT_EQ(b.in(msr), 0xA1);
    EXPECT_EQ(b.in(iir), 0x01);
}

TEST(Uart16550, ModemDeltas)
{
    struct Row {
        const char* clause;
        u8 before, after, msr;
    };
    constexpr Row rows[] = {
        {"16550/MSR: CTS", 0x0, 0x1, 0x11},           {"16550/MSR: DSR", 0x2, 0x0, 0x02},
        {"16550/MSR: DCD", 0x0, 0x8, 0x88},           {"16550/MSR: RI rising is not told", 0x0, 0x4, 0x40},
        {"16550/MSR: RI falling is", 0x4, 0x0, 0x04}, {"16550/MSR: nothing", 0xB, 0xB, 0xB0},
    };
    for (const Row& row : rows) {
        Bench b;
        modem(b.chip, row.before, 0);
        b.in(msr);
        modem(b.chip, row.after, 0);
        EXPECT_EQ(b.in(msr), row.msr) << row.clause;
        EXPECT_EQ(b.in(msr)&0x0F, 0) << row.clause;
    }
}

TEST(Uart16550, Out2GatesTheLine)
{
    Bench b;
    b.out(ier, 0x01);
    receive(b.chip, 'a', b.now);
    EXPECT_TRUE(output(b.chip));
    b.out(mcr, 0x00);
    EXPECT_FALSE(output(b.chip)) << "PC/AT: OUT2 opens the gate to the bus";
    EXPECT_EQ(b.in(iir), 0x04) << "the chip itself still asks";
}

TEST(Uart16550, Loopback)
{
    Bench b;
    u8 byte = 0;
    b.out(ier, 0x01);
    b.out(mcr, 0x1A);
    EXPECT_EQ(b.in(msr)&0xF0, 0x90) << "16550/loopback: RTS is CTS, OUT2 is DCD";
    receive(b.chip, 'x', b.now);
    EXPECT_EQ(b.in(lsr)&1, 0) << "16550/loopback: SIN is disconnected";
    b.out(data, 'a');
    b.at_ticks(character);
    EXPECT_TRUE(output(b.chip));
    EXPECT_EQ(b.in(data), 'a') << "16550/loopback: what is sent is received";
    EXPECT_FALSE(take_transmitted(b.chip, byte)) << "16550/loopback: nothing leaves";
}

TEST(Uart16550, ThreComesLateAfterOneByte)
{
    struct Row {
        const char* clause;
        u8 lcr;
        unsigned bytes;
        u64 ticks; // to the interrupt, from the first byte
    };
    constexpr Row rows[] = {
        {"16550/FIFO mode: one byte, a character less its stop bit", 0x03, 1, 144},
        {"16550/FIFO mode: the last of two stop bits", 0x07, 1, 160},
        {"16550/FIFO mode: the half of one and a half", 0x04, 1, 112},
        {"16550/FIFO mode: two bytes were never in the FIFO at once", 0x03, 2, 160 + 144},
        {"16550/FIFO mode: two were", 0x03, 3, 2 * 160},
    };
    for (const Row& row : rows) {
        Bench b;
        b.out(fcr, 0x01);
        b.in(iir);
        b.out(lcr, row.lcr);
        b.out(ier, 0x02);
        EXPECT_EQ(b.in(iir), 0xC2) << row.clause;
        for (unsigned i = 0; i < row.bytes; ++i)
            b.out(data, 'a');
        b.at_ticks(row.ticks - 1);
        EXPECT_FALSE(output(b.chip)) << row.clause;
        b.at_ticks(row.ticks);
        EXPECT_TRUE(output(b.chip)) << row.clause;
    }
    Bench b;
    b.out(ier, 0x02);
    b.in(iir);
    b.out(fcr, 0x01);
    EXPECT_EQ(b.in(iir), 0xC2) << "16550/FIFO mode: the first one after a change of FCR0 is immediate";
}

TEST(Uart16550, FifoControl)
{
    Bench b;
    receive(b.chip, 'a', b.now);
    b.out(fcr, 0x02);
    EXPECT_EQ(b.in(lsr)&1, 1) << "16550/FCR: without bit 0 the others are not programmed";
    b.out(fcr, 0xC1);
    EXPECT_EQ(b.in(lsr), 0x60) << "16550/FCR: a change of bit 0 clears both FIFOs";
    receive(b.chip, 'b', b.now);
    b.out(fcr, 0xC1);
    EXPECT_EQ(b.in(lsr)&1, 1) << "16550/FCR: nothing is reset";
    b.out(fcr, 0x03);
    EXPECT_EQ(b.in(lsr)&1, 0) << "16550/FCR: receiver reset";
    b.out(data, 'x');
    b.out(data, 'y');
    b.out(fcr, 0x05);
    EXPECT_EQ(b.in(lsr), 0x20) << "16550/FCR: transmitter reset; the shift register is not cleared";
    b.at_ticks(3 * character);
    u8 byte = 0;
    EXPECT_TRUE(take_transmitted(b.chip, byte));
    EXPECT_EQ(byte, 'x');
    EXPECT_FALSE(take_transmitted(b.chip, byte));
    receive(b.chip, 'c', b.now);
    b.out(fcr, 0x00);
    EXPECT_EQ(b.in(lsr)&1, 0);
    EXPECT_EQ(b.in(iir), 0x01) << "16550/IIR: bits 7 and 6 are 0 without FIFOs";
}

TEST(Uart16550, Break)
{
    Bench b;
    u8 byte = 0;
    b.out(ier, 0x04);
    b.out(lcr, 0x43);
    b.out(data, 'a');
    b.at_ticks(2 * character);
    EXPECT_FALSE(take_transmitted(b.chip, byte)) << "16550/LCR: SOUT is low";
    EXPECT_EQ(b.in(lsr), 0x60) << "16550/LCR: the transmitter goes on";
    b.out(mcr, 0x18);
    b.at_ticks(3 * character - 1);
    EXPECT_EQ(b.in(lsr), 0x60);
    b.at_ticks(3 * character);
    EXPECT_TRUE(output(b.chip));
    EXPECT_EQ(b.in(lsr), 0x79) << "16550/LSR: a break after a character's time; its stop bit is wrong too";
    EXPECT_EQ(b.in(data), 0) << "16550/LSR: one zero is received";
    b.at_ticks(20 * character);
    EXPECT_EQ(b.in(lsr), 0x60) << "16550/LSR: only one, until SIN has been marking";
    b.out(lcr, 0x03);
    b.out(lcr, 0x4B); // odd parity: a one is due
    b.at_ticks(22 * character);
    EXPECT_EQ(b.in(lsr), 0x7D);
    b.in(data);
    b.out(lcr, 0x03);
    b.out(data, 'z');
    b.at_ticks(23 * character);
    EXPECT_EQ(b.in(data), 'z');
}

TEST(Uart16550, ErrorsStayUntilRead)
{
    Bench b;
    receive(b.chip, 'a', b.now, uart::Fe::mask);
    b.in(data);
    EXPECT_EQ(b.in(lsr), 0x68) << "16550/LSR: bits 4-1 are reset when LSR is read, not when RBR is";
    EXPECT_EQ(b.in(lsr), 0x60);
    b.out(fcr, 0x01);
    receive(b.chip, 'a', b.now, uart::Bi::mask);
    receive(b.chip, 'b', b.now);
    EXPECT_EQ(b.in(lsr), 0xF1);
    EXPECT_EQ(b.in(lsr), 0x61) << "16550/LSR7: cleared by the read when no error follows";
    receive(b.chip, 'c', b.now, uart::Pe::mask);
    EXPECT_EQ(b.in(lsr), 0xE1);
    EXPECT_EQ(b.in(lsr), 0xE1) << "16550/LSR7: one follows";
}

TEST(Uart16550, WordLength)
{
    for (unsigned bits = 5; bits <= 8; ++bits) {
        Bench b;
        b.out(lcr, static_cast<u8>(bits - 5));
        b.out(mcr, 0x10);
        b.out(data, 0xFF);
        b.at_ticks(character);
        EXPECT_EQ(b.in(data), 0xFF >> (8 - bits)) << "16550/LCR: " << bits << " data bits";
    }
}

TEST(Uart16550, TimeoutAndTriggerLevel)
{
    Bench b;
    b.out(fcr, 0x41);
    b.out(ier, 0x01);
    for (u8 i = 0; i < 5; ++i)
        receive(b.chip, i, b.now);
    EXPECT_EQ(b.in(iir), 0xC4);
    b.at_ticks(4 * character);
    EXPECT_EQ(b.in(iir), 0xCC) << "16550/IIR: bit 3 tells of the timeout";
    b.in(data);
    EXPECT_EQ(b.in(iir), 0xC4);
    b.at_ticks(6 * character);
    EXPECT_EQ(b.in(iir), 0xC4) << "16550/timeout: anew from the read";
    b.at_ticks(8 * character);
    EXPECT_EQ(b.in(iir), 0xCC);
}

TEST(Uart16550, LoopbackModemLines)
{
    for (unsigned before = 0; before < 16; ++before)
        for (unsigned after = 0; after < 16; ++after) {
            Bench b;
            b.out(mcr, static_cast<u8>(0x10 | before));
            b.in(msr);
            b.out(ier, 0x08);
            b.out(mcr, static_cast<u8>(0x10 | after));
            // RTS is CTS, DTR is DSR, OUT1 is RI, OUT2 is DCD. [16550] "Modem Control Register".
            const auto lines = [](unsigned m) {
                return (m & 2) << 3 | (m & 1) << 5 | (m & 4) << 4 | (m & 8) << 4;
            };
            const unsigned changed = (lines(before) ^ lines(after)) >> 4;
            const unsigned teri = (changed & 4) != 0 && (before & 4) != 0 ? 4 : 0;
            const unsigned delta = (changed & ~4u) | teri;
            EXPECT_EQ(b.in(iir), delta != 0 ? 0x00 : 0x01) << before << " " << after;
            EXPECT_EQ(b.in(msr), lines(after) | delta) << before << " " << after;
            EXPECT_EQ(b.in(msr), lines(after));
        }
}

TEST(Uart16550, DmaModes)
{
    constexpr unsigned txrdy = 1, rxrdy = 2;
    Bench b;
    EXPECT_TRUE(output(b.chip, txrdy)) << "16550/TXRDY mode 0: THR is empty";
    EXPECT_FALSE(output(b.chip, rxrdy));
    b.out(fcr, 0x49);
    for (u8 i = 0; i < 16; ++i)
        b.out(data, i);
    EXPECT_TRUE(output(b.chip, txrdy)) << "16550/TXRDY mode 1: not full yet";
    b.out(data, 16);
    EXPECT_FALSE(output(b.chip, txrdy)) << "16550/TXRDY mode 1: full";
    b.at_ticks(16 * character - 1);
    EXPECT_FALSE(output(b.chip, txrdy));
    b.at_ticks(16 * character);
    EXPECT_TRUE(output(b.chip, txrdy)) << "16550/TXRDY mode 1: empty";
    for (u8 i = 0; i < 4; ++i) {
        EXPECT_FALSE(output(b.chip, rxrdy));
        receive(b.chip, i, b.now);
    }
    for (u8 i = 0; i < 4; ++i) {
        EXPECT_TRUE(output(b.chip, rxrdy)) << "16550/RXRDY mode 1: from the trigger level to empty";
        b.in(data);
    }
    EXPECT_FALSE(output(b.chip, rxrdy));
    receive(b.chip, 'a', b.now);
    b.at_ticks(30 * character);
    EXPECT_TRUE(output(b.chip, rxrdy)) << "16550/RXRDY mode 1: a timeout";
    b.out(fcr, 0x03);
    receive(b.chip, 'a', b.now);
    EXPECT_TRUE(output(b.chip, rxrdy)) << "16550/RXRDY mode 0: one byte";
}

TEST(Uart16550, MasterReset)
{
    Bench b;
    modem(b.chip, 0x4, 0);
    b.out(scr, 0x5A);
    b.out(fcr, 0xC1);
    b.out(ier, 0x0F);
    for (u8 i = 0; i < 5; ++i)
        b.out(data, i);
    receive(b.chip, 'a', 0, uart::Pe::mask);
    reset(b.chip);
    EXPECT_FALSE(output(b.chip));
    const u8 expected[] = {0x00, 0x00, 0x01, 0x00, 0x00, 0x60, 0x40, 0x5A};
    for (u16 reg = 1; reg < 8; ++reg)
        EXPECT_EQ(b.in(reg), expected[reg]) << "16550/reset: register " << reg;
    b.out(lcr, 0x80);
    EXPECT_EQ(b.in(data), 1) << "16550/reset: the divisor stays";
    EXPECT_EQ(next_event_ns(b.chip), never_ns);
    Signals signals;
    write(b.chip, lsr, 0, 0, signals);
    ASSERT_EQ(signals.size(), 1u);
    EXPECT_EQ(signals[0].number, static_cast<u16>(Diagnosis::uart_not_modelled));
}

TEST(Uart16550, ValidStates)
{
    const auto refused = [](auto spoil) {
        Bench b;
        b.out(fcr, 0xC1);
        b.out(data, 'a');
        receive(b.chip, 'a', 0);
        EXPECT_TRUE(valid(b.chip));
        spoil(b.chip);
        return !valid(b.chip);
    };
    EXPECT_TRUE(refused([](Uart16550& c) { c.rx_head = 16; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.rx_count = 17; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.tx_count = 17; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.sent_count = 65; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.shifting = 2; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.shift_done = 0; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.timeout_at = ~u64{0}; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.errors = 1; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.fcr = 0xC0; }));
    EXPECT_TRUE(refused([](Uart16550& c) { c.quirks = 1u << 31; }));
}

TEST(Uart16550, AJumpIsTheSameAsSingleSteps)
{
    Bench jump;
    jump.out(fcr, 0xC1);
    for (u8 i = 0; i < 10; ++i)
        jump.out(data, i);
    receive(jump.chip, 'a', 0);
    Bench steps = jump;
    for (u64 tick = 1; tick <= 3000; ++tick)
        steps.at_ticks(tick);
    jump.at_ticks(3000);
    EXPECT_EQ(jump.chip, steps.chip);
}

} // namespace
} // namespace irqlab::hw

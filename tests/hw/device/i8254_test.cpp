// 8254: waveforms of the datasheet's "Mode Definitions", latches, read-back, and jumps against single steps.
#include "hw/device/i8254.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<I8254>);

u64 at(u64 tick) { return ns_of_tick(tick, pit::hz); }

/// Programs a counter at tick 0: control word, then the bytes of the count.
void program(I8254& pit, unsigned channel, u8 control, u16 count, u64 tick = 0)
{
    Signals signals;
    write(pit, 3, static_cast<u8>(channel << 6 | control), at(tick), signals);
    if ((control & 0x10) != 0)
        write(pit, static_cast<u16>(channel), static_cast<u8>(count), at(tick), signals);
    if ((control & 0x20) != 0)
        write(pit, static_cast<u16>(channel), static_cast<u8>(count >> 8), at(tick), signals);
}

struct Wave {
    const char* clause;
    u8 control;
    u16 count;
    bool trigger;     // gate low, then high, at tick 0
    const char* wave; // OUT after tick 0, 1, 2, ...
};

constexpr Wave waves[] = {
    {"8254/mode 0: OUT rises N+1 clocks after the count", 0x30, 4, false, "00000111"},
    {"8254/mode 1: low for N clocks from the clock after the trigger", 0x32, 3, true, "10001111"},
    {"8254/mode 1: nothing without a trigger", 0x32, 3, false, "11111111"},
    {"8254/mode 2: low for one clock in N", 0x34, 4, false, "1111011101110"},
    {"8254/mode 2: as mode 6", 0x3C, 3, false, "1110110110"},
    {"8254/mode 3: even: half and half", 0x36, 4, false, "1110011001100"},
    {"8254/mode 3: odd: high for one clock more", 0x36, 5, false, "111100111001110"},
    {"8254/mode 3: three", 0x36, 3, false, "1110110110"},
    {"8254/mode 3: as mode 7", 0x3E, 2, false, "11010101"},
    {"8254/mode 4: one strobe N+1 clocks after the count", 0x38, 3, false, "1111011111"},
    {"8254/mode 5: one strobe N+1 clocks after the trigger", 0x3A, 3, true, "1111011111"},
    {"8254/BCD: ten is ten", 0x31, 0x10, false, "000000000001"},
    {"8254/RW: low byte alone", 0x10, 4, false, "000001"},
};

TEST(I8254, Waveforms)
{
    for (const Wave& row : waves) {
        I8254 pit;
        program(pit, 0, row.control, row.count);
        if (row.trigger) {
            gate(pit, 0, false, 0);
            gate(pit, 0, true, 0);
        }
        const std::string want = row.wave;
        std::string got;
        for (u64 tick = 0; tick < want.size(); ++tick) {
            advance(pit, at(tick));
            got += output(pit, 0) ? '1' : '0';
        }
        EXPECT_EQ(got, want) << row.clause;
    }
}

TEST(I8254, NextEventIsExactlyTheNextChange)
{
    for (const Wave& row : waves) {
        I8254 pit;
        program(pit, 0, row.control, row.count);
        if (row.trigger) {
            gate(pit, 0, false, 0);
            gate(pit, 0, true, 0);
        }
        for (u64 tick = 0; tick < 64; ++tick) {
            I8254 later = pit;
            const u64 event = next_event_ns(pit);
            const bool changes = event == at(tick + 1);
            ASSERT_GT(event, at(tick));
            advance(later, at(tick + 1));
            EXPECT_EQ(output(later, 0) != output(pit, 0), changes) << row.clause << " at tick " << tick;
            pit = later;
        }
    }
}

TEST(I8254, AJumpIsTheSameAsSingleSteps)
{
    for (unsigned mode = 0; mode < 6; ++mode)
        for (unsigned count : {2u, 3u, 4u, 5u, 7u, 18u, 0u})
            for (u64 jump : {1, 2, 3, 5, 17, 40, 333}) {
                I8254 steps;
                program(steps, 0, static_cast<u8>(0x30 | mode << 1), static_cast<u16>(count));
                gate(steps, 0, false, 0);
                gate(steps, 0, true, 0);
                I8254 jumps = steps;
                for (u64 tick = 1; tick <= jump * 3; ++tick)
                    advance(steps, at(tick));
                for (u64 n = 1; n <= 3; ++n)
                    advance(jumps, at(n * jump));
                EXPECT_EQ(steps, jumps) << "mode " << mode << " count " << count << " by " << jump;
            }
}

TEST(I8254, FrequencyKeepsItsRemainder)
{
    I8254 pit;
    program(pit, 0, 0x34, 11932); // Linux's HZ=100
    u64 falls = 0;
    for (u64 now = next_event_ns(pit); now <= 10 * ns_per_second; now = next_event_ns(pit)) {
        advance(pit, now);
        falls += !output(pit, 0);
    }
    EXPECT_EQ(falls, (10 * pit::hz) / 11932) << "8254/mode 2: ten seconds of 1193182 Hz, and no drift";
}

TEST(I8254, LargestCountAndWrap)
{
    I8254 pit;
    program(pit, 0, 0x30, 0);
    advance(pit, at(65536));
    EXPECT_FALSE(output(pit, 0));
    advance(pit, at(65537));
    EXPECT_TRUE(output(pit, 0)) << "8254/write operations: 0 is 65536";
    EXPECT_EQ(count(pit, 0, at(65538)), 0xFFFF) << "8254/mode 0: goes on below zero";
    program(pit, 1, 0x31, 0, 70000);
    EXPECT_EQ(count(pit, 1, at(70002)), 0x9999) << "8254/BCD: 0 is 10000";
}

TEST(I8254, Latches)
{
    I8254 pit;
    Signals signals;
    program(pit, 0, 0x34, 1000);
    write(pit, 3, 0x00, at(101), signals); // counter latch
    EXPECT_EQ(peek(pit, 0, at(500)), 900 & 0xFF) << "8254/latch: peek sees it and leaves it";
    write(pit, 3, 0x00, at(200), signals);
    EXPECT_EQ(read(pit, 0, at(500), signals), 900 & 0xFF)
        << "8254/latch: a second latch before the read is ignored";
    EXPECT_EQ(read(pit, 0, at(501), signals), 900 >> 8);
    EXPECT_EQ(read(pit, 0, at(501), signals), (1000 - 500) & 0xFF)
        << "8254/read: without a latch, the count now";
    EXPECT_EQ(read(pit, 0, at(501), signals), (1000 - 500) >> 8);
    EXPECT_EQ(read(pit, 3, at(501), signals), 0xFF) << "8254: the control register is write only";
}

TEST(I8254, ReadBack)
{
    I8254 pit;
    Signals signals;
    program(pit, 2, 0x36, 0x1234);
    write(pit, 3, 0xE8, at(0), signals); // status of counter 2
    EXPECT_EQ(read(pit, 2, at(0), signals), 0xF6) << "8254/read-back: OUT, NULL COUNT, RW, mode";
    write(pit, 3, 0xC8, at(2), signals); // count and status
    EXPECT_EQ(read(pit, 2, at(9), signals), 0xB6)
        << "8254/read-back: status first; the count has been loaded";
    EXPECT_EQ(read(pit, 2, at(9), signals), 0x32);
    EXPECT_EQ(read(pit, 2, at(9), signals), 0x12);
    write(pit, 3, 0xEE, at(10), signals); // status of all three
    EXPECT_EQ(pit.counter[0].status_latched && pit.counter[1].status_latched && pit.counter[2].status_latched,
              true);
}

TEST(I8254, NewCounts)
{
    Signals signals;
    I8254 pit;
    program(pit, 0, 0x14, 4); // mode 2, low byte: low at 4, reload at 5
    write(pit, 0, 10, at(2), signals);
    EXPECT_EQ(next_event_ns(pit), at(4)) << "8254/mode 2: a new count waits for the end of the period";
    advance(pit, at(5));
    EXPECT_EQ(next_event_ns(pit), at(14));
    I8254 zero;
    program(zero, 0, 0x30, 100);
    write(zero, 0, 50, at(10), signals);
    EXPECT_EQ(next_event_ns(zero), never_ns)
        << "8254/mode 0: the first byte of a new count stops the counting";
    write(zero, 0, 0, at(20), signals);
    EXPECT_EQ(next_event_ns(zero), at(20 + 51));
}

TEST(I8254, Gates)
{
    struct Row {
        const char* clause;
        u8 control;
        bool out_while_low;
        u64 next_after_rise; // gate low from 2 to 10, count 6; ticks
    };
    constexpr Row rows[] = {
        {"8254/mode 0: a low gate holds the count", 0x30, false, 10 + 5},
        {"8254/mode 2: OUT high at once, and the trigger reloads", 0x34, true, 10 + 6},
        {"8254/mode 3: OUT high at once, and the trigger reloads", 0x36, true, 10 + 1 + 3},
        {"8254/mode 4: a low gate holds the count", 0x38, true, 10 + 5},
    };
    for (const Row& row : rows) {
        I8254 pit;
        program(pit, 2, row.control, 6);
        gate2(pit, false, at(2)); // loaded at 1, one counted at 2
        EXPECT_EQ(output(pit, 2), row.out_while_low) << row.clause;
        EXPECT_EQ(next_event_ns(pit, 2), never_ns) << row.clause;
        gate2(pit, true, at(10));
        EXPECT_EQ(next_event_ns(pit, 2), at(row.next_after_rise)) << row.clause;
    }
}

} // namespace
} // namespace irqlab::hw

// 8254: waveforms of the datasheet's "Mode Definitions", latches, read-back, and jumps against single steps.
#include "hw/device/i8254.hpp"

#include <gtest/gtest.h>

#include <sstream>
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

/// What a counter does, in a line: "w:XX" writes a byte of the count, "c:XX" a control word of counter 0 (its
/// number is in the top bits), "g0", "g1" drive the gate, "+N" lets N clocks pass, "r:XX" reads a byte and
/// expects it, "o0", "o1" expect the level of OUT.
struct Script {
    const char* clause;
    const char* text;
};

constexpr Script scripts[] = {
    // Writing a new count while counting.
    {"8254/mode 0: a new count is loaded on the next clock", "c:10 w:0a +5 r:06 w:14 +1 r:14 +20 o1"},
    {"8254/mode 0: OUT goes low at once with a new count", "c:10 w:03 +5 o1 w:05 o0"},
    {"8254/mode 0: the first of two bytes stops the counting",
     "c:30 w:64 w:00 +11 r:5a r:00 w:32 +40 r:5a r:00 o0 w:00 +1 r:32"},
    {"8254/mode 0: the gate has no effect on OUT", "c:10 w:03 +5 o1 g0 o1 g1 o1"},
    {"8254/mode 0: a count is loaded while the gate is low, and not counted",
     "c:10 g0 w:05 +9 r:05 o0 g1 +5 o1"},
    {"8254/mode 1: a new count waits for the next trigger",
     "c:12 w:05 g0 g1 +2 w:09 +3 r:01 +1 o1 g0 g1 +1 o0 +8 o0 +1 o1"},
    {"8254/mode 1: a trigger starts the pulse anew", "c:12 w:05 g0 g1 +4 o0 g0 g1 +5 o0 +1 o1"},
    {"8254/mode 1: the level of the gate has no effect", "c:12 w:05 g0 g1 +1 g0 +5 o1"},
    {"8254/mode 1: a trigger before the count is written does nothing", "c:12 g0 g1 +3 o1 w:02 +9 o1"},
    {"8254/mode 2: a new count is loaded at the end of the period",
     "c:14 w:04 +2 w:06 r:03 +2 o0 +1 r:06 o1 +5 o0"},
    {"8254/mode 2: or at a trigger", "c:14 w:06 +3 w:09 g0 g1 +1 r:09"},
    {"8254/mode 2: a low gate lifts OUT without a clock", "c:14 w:03 +3 o0 g0 o1 +9 o1"},
    {"8254/mode 2: two bytes: the first has no effect", "c:34 w:05 w:00 +2 w:09 +3 o0 w:00 +1 r:09"},
    {"8254/mode 3: a new count is loaded at the end of the half cycle", "c:16 w:06 +2 w:0a +2 o0 r:0a +5 o1"},
    {"8254/mode 3: or at a trigger within it", "c:16 w:08 +2 w:04 g0 g1 +1 r:04 o1 +2 o0"},
    {"8254/mode 3: a low gate lifts OUT without a clock", "c:16 w:04 +3 o0 g0 o1 +9 o1"},
    {"8254/mode 3: odd: loaded less one, counted by twos",
     "c:16 w:05 +1 r:04 +1 r:02 +1 r:00 +1 o0 r:04 +1 r:02"},
    {"8254/mode 4: a new count is loaded on the next clock", "c:18 w:05 +3 w:05 +5 o1 +1 o0 +1 o1"},
    {"8254/mode 4: the gate holds the count and not OUT", "c:18 w:04 +2 g0 +9 r:03 o1 g1 +3 o0 g0 +1 o1"},
    {"8254/mode 4: once", "c:18 w:02 +3 o0 +1 o1 +300 o1"},
    {"8254/mode 5: a new count waits for the next trigger", "c:1a w:04 g0 g1 +2 w:08 +3 o0 g0 g1 +1 r:08"},
    {"8254/mode 5: a trigger starts the count anew", "c:1a w:04 g0 g1 +3 g0 g1 +4 o1 +1 o0"},
    // Largest counts, one, BCD.
    {"8254/count 0: 65536", "c:30 w:00 w:00 +65536 o0 +1 o1"},
    {"8254/count 0 in BCD: 10000", "c:31 w:00 w:00 +10000 o0 +1 o1"},
    {"8254/count 1 in mode 0", "c:10 w:01 +1 o0 +1 o1"},
    {"8254/count 1 in mode 2, which is not allowed: OUT stays high", "c:14 w:01 +9 o1 w:03 +3 o0"},
    {"8254/BCD: digits go down in decades", "c:31 w:00 w:02 +2 r:99 r:01"},
    {"8254/BCD in mode 3: by twos", "c:37 w:12 w:00 +4 r:06 r:00"},
    {"8254/RW 2: the high byte alone", "c:20 w:02 +1 r:02 +512 o1"},
    {"8254/count 1 in mode 2: the period under way ends as it would have",
     "c:14 w:05 +2 w:01 +3 o0 +1 o1 +9 o1"},
    {"8254/BCD: digits beyond 9 carry", "c:11 w:ff +1 r:65"},
    // Latches.
    {"8254/latch: held until read, a second one ignored", "c:10 w:20 +1 c:00 +4 c:00 r:20 r:1c"},
    {"8254/latch: a control word forgets it", "c:10 w:20 +1 c:00 c:10 w:05 +1 r:05"},
    {"8254/latch: both bytes are to be read before the next",
     "c:30 w:00 w:03 +1 c:00 +16 r:00 c:00 r:03 r:f0 r:02"},
    {"8254/latch: writing a count leaves it", "c:10 w:20 +1 c:00 w:07 +1 r:20 r:07"},
    {"8254/read-back: both latches, the status first", "c:12 w:20 c:c2 r:d2 r:00"},
    {"8254/read-back: a second status before the read is ignored", "c:10 w:20 c:e2 +2 c:e2 r:50 c:e2 r:10"},
    {"8254/read-back: a second count before the read is ignored", "c:10 w:20 +1 c:d2 +2 c:d2 r:20 r:1e"},
    {"8254/read-back: counters that are not named are left alone", "c:10 w:20 +1 c:dc +2 r:1e"},
    {"8254/read-back: NULL COUNT from the control word to the load",
     "c:14 c:e2 r:d4 w:09 c:e2 r:d4 +1 c:e2 r:94"},
    {"8254/read-back: NULL COUNT: with two bytes, from the second",
     "c:34 w:09 w:00 +1 w:08 c:e2 r:b4 w:00 c:e2 r:f4"},
    {"8254/read-back: the status shows the pin of OUT", "c:10 w:02 +3 c:e2 r:90"},
};

void play(const Script& row)
{
    I8254 pit;
    Signals signals;
    u64 tick = 0;
    std::istringstream words(row.text);
    for (std::string word; words >> word;) {
        const auto value = static_cast<u8>(std::stoul("0" + word.substr(word.find(':') + 1), nullptr, 16));
        switch (word[0]) {
        case 'c': write(pit, 3, value, at(tick), signals); break;
        case 'w': write(pit, 0, value, at(tick), signals); break;
        case 'r': EXPECT_EQ(read(pit, 0, at(tick), signals), value) << row.clause << " at " << word; break;
        case 'g': gate(pit, 0, word[1] == '1', at(tick)); break;
        case 'o': EXPECT_EQ(output(pit, 0), word[1] == '1') << row.clause << " at " << word; break;
        default:
            tick += std::stoul(word.substr(1));
            advance(pit, at(tick));
            break;
        }
        EXPECT_TRUE(valid(pit)) << row.clause << " after " << word;
    }
}

TEST(I8254, Scripts)
{
    for (const Script& row : scripts)
        play(row);
}

TEST(I8254, TheRefreshBitTogglesWithEachPeriod)
{
    for (const unsigned control : {0x54u, 0x56u}) { // counter 1, low byte, modes 2 and 3
        I8254 pit;
        Signals signals;
        write(pit, 3, static_cast<u8>(control), 0, signals);
        write(pit, 1, 18, 0, signals);
        bool bit = refresh_bit(pit);
        for (u64 period = 1; period <= 4; ++period) {
            advance(pit, at(18 * period));
            EXPECT_EQ(refresh_bit(pit), bit) << "PIIX/refresh cycle toggle";
            advance(pit, at(18 * period + 1));
            EXPECT_NE(refresh_bit(pit), bit) << "PIIX/refresh cycle toggle";
            bit = refresh_bit(pit);
        }
        I8254 jump = pit;
        advance(jump, at(18 * 104 + 1));
        EXPECT_EQ(refresh_bit(jump), bit) << "a hundred periods in one jump";
    }
}

TEST(I8254, Quirks)
{
    I8254 pit;
    Signals signals;
    pit.quirks = quirks_of(i8254_quirks(), Profile::qemu);
    program(pit, 0, 0x31, 0x1234);
    EXPECT_EQ(count(pit, 0, 0), 0x1234) << "pit.loads-at-once, pit.no-bcd";
    write(pit, 3, 0xE2, 0, signals);
    EXPECT_EQ(read(pit, 0, 0, signals), 0x31) << "pit.loads-at-once";
    EXPECT_EQ(count(pit, 0, at(0x235)), 0x0FFF) << "pit.no-bcd";
    EXPECT_EQ(read(pit, 0, 0, signals), 0x34);
    write(pit, 3, 0x00, 0, signals);
    EXPECT_EQ(read(pit, 0, 0, signals), 0x34) << "pit.latch-low-first";
}

} // namespace
} // namespace irqlab::hw

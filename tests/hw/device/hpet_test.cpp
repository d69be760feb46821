// HPET: registers, one-shot and periodic matches, outputs, messages, quirks, and jumps against single steps.
#include "hw/device/hpet.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<Hpet>);

constexpr HpetStraps straps{{0x00f00000, 0x00f00000, 0x00f00800}, true};
constexpr u32 level = hpet::Level::mask, enable = hpet::IntEnable::mask, periodic = hpet::Periodic::mask,
              value_set = hpet::ValueSet::mask, mode32 = hpet::Mode32::mask, fsb = hpet::FsbEnable::mask;
constexpr u32 route20 = hpet::Route::put(0, 20);

/// A chip and the time, in ticks.
struct Timer {
    Hpet chip;
    u64 tick = 0;
    Signals signals;

    Timer(u32 quirks = 0)
    {
        chip.quirks = quirks;
        reset(chip, straps, 0);
    }
    u64 now() const { return tick * hpet::ns_per_tick; }
    void put(u16 offset, u64 value, unsigned width = 8) { write(chip, offset, width, value, now(), signals); }
    u64 get(u16 offset, unsigned width = 8) { return read(chip, offset, width, now(), signals); }
    static u16 reg(unsigned n, u16 offset) { return static_cast<u16>(0x100 + 0x20 * n + offset); }
    void timer(unsigned n, u32 config, u64 comparator, u64 period = 0)
    {
        put(reg(n, 0), config | (period != 0 ? value_set : 0));
        put(reg(n, 8), comparator);
        if (period != 0)
            put(reg(n, 8), period);
    }
    void run() { put(hpet::configuration, 1); }
    void to(u64 t)
    {
        tick = t;
        advance(chip, now());
    }
    u64 next() const
    {
        const u64 ns = next_event_ns(chip);
        return ns == never_ns ? never_ns : ns / hpet::ns_per_tick;
    }
};

TEST(Hpet, Registers)
{
    struct Row {
        const char* clause;
        u16 offset;
        u64 write, want;
    };
    constexpr Row rows[] = {
        {"HPET/capabilities: read-only; period, vendor, LEG_RT, 64 bits, three timers", 0x000, ~0ull,
         0x009896808086a201},
        {"HPET/configuration: two bits", 0x010, ~0ull & ~1ull, 2},
        {"HPET/main counter: writable while halted", 0x0f0, 0x123456789abcdef0, 0x123456789abcdef0},
        {"HPET/status: writing sets nothing", 0x020, ~0ull, 0},
        {"HPET/timer configuration: capabilities stay, a route that is there is taken", 0x100,
         0x2800 | 0x4104, 0x00f0000000000000 | 0x8030 | 0x2800 | 0x4104},
        {"HPET/timer configuration: a route that is not there is not taken", 0x120, 0x1600,
         0x00f0000000008030},
        {"HPET/timer configuration: timer 2 reaches IRQ 11", 0x140, 0x1600, 0x00f0080000009630},
        {"HPET/comparator: 64 bits", 0x108, 0x1122334455667788, 0x1122334455667788},
        {"HPET/comparator: all ones after reset", 0x128, ~0ull, ~0ull},
        {"HPET/FSB: value and address", 0x110, 0xfee0000000000041, 0xfee0000000000041},
        {"HPET/reserved: reads as 0", 0x030, ~0ull, 0},
        {"HPET/reserved: a fourth timer is not there", 0x160, ~0ull, 0},
    };
    for (const Row& row : rows) {
        Timer t;
        t.put(row.offset, row.write);
        EXPECT_EQ(t.get(row.offset), row.want) << row.clause;
        EXPECT_EQ(t.get(row.offset, 4) | t.get(static_cast<u16>(row.offset + 4), 4) << 32, row.want)
            << row.clause << ", by halves";
        EXPECT_TRUE(t.signals.empty()) << row.clause;
        EXPECT_TRUE(valid(t.chip)) << row.clause;
    }
}

TEST(Hpet, WidthsAndAlignment)
{
    struct Row {
        const char* clause;
        u16 offset;
        unsigned width;
        u64 want;
    };
    constexpr Row rows[] = {
        {"HPET/access: a byte is a byte of the register", 0x001, 1, 0xa2},
        {"HPET/access: a half word", 0x002, 2, 0x8086},
        {"HPET/access: misaligned", 0x002, 4, 0x96808086},
        {"HPET/access: 64 bits at a multiple of 4", 0x004, 8, 0x00989680},
        {"HPET/access: past the end of the timers", 0x3fd, 8, 0},
    };
    for (const Row& row : rows) {
        Timer t;
        EXPECT_EQ(t.get(row.offset, row.width), row.want) << row.clause;
        t.put(row.offset, ~0ull, row.width);
        ASSERT_EQ(t.signals.size(), 2u) << row.clause;
        EXPECT_EQ(t.signals[0].number, static_cast<u16>(Diagnosis::mmio_width)) << row.clause;
        EXPECT_EQ(t.get(0x010), 0u) << row.clause << ": nothing was written";
    }
}

TEST(Hpet, TheCounterRunsAt100MHz)
{
    Timer t;
    t.put(0x0f0, 1000);
    t.to(50);
    EXPECT_EQ(t.get(0x0f0), 1000u) << "HPET/ENABLE_CNF: halted";
    t.run();
    t.to(150);
    EXPECT_EQ(t.get(0x0f0), 1100u);
    t.put(0x0f0, 5);
    EXPECT_EQ(t.get(0x0f0), 1100u) << "HPET/main counter: written only while halted";
    t.put(0x010, 0);
    t.to(1000);
    EXPECT_EQ(t.get(0x0f0), 1100u) << "HPET/ENABLE_CNF: keeps its value";
}

TEST(Hpet, OneShot)
{
    struct Row {
        const char* clause;
        u32 config;
        u64 counter, comparator;
        u64 first, second; // ticks after the start
    };
    constexpr u64 none = never_ns, round = u64{1} << 32;
    constexpr Row rows[] = {
        {"HPET/non-periodic: once, when equal", enable, 0, 100, 100, none},
        {"HPET/non-periodic: across 32 bits", enable, 0xfffffff0, 0x100000010, 32, none},
        {"HPET/non-periodic: a past value is far ahead", enable, 100, 90, none, none},
        {"HPET/non-periodic: an equal value too", enable, 100, 100, none, none},
        {"HPET/32-bit: again when it has gone round", enable | mode32, 0, 100, 100, 100 + round},
        {"HPET/32-bit: the counter's high half does not count", enable | mode32, 0x500000000, 7, 7,
         7 + round},
        {"HPET/32-bit: an equal value is a round ahead", enable | mode32, 7, 7, round, 2 * round},
        {"HPET/INT_ENB_CNF: nothing without it", 0, 0, 100, none, none},
    };
    for (const Row& row : rows) {
        Timer t;
        t.put(0x0f0, row.counter);
        t.timer(0, row.config, row.comparator);
        t.run();
        EXPECT_EQ(t.next(), row.first) << row.clause;
        if (row.first == none)
            continue;
        t.to(row.first - 1);
        EXPECT_FALSE(output(t.chip, 0)) << row.clause;
        t.to(row.first);
        EXPECT_TRUE(output(t.chip, 0)) << row.clause;
        EXPECT_EQ(t.next(), row.second) << row.clause;
    }
}

TEST(Hpet, Periodic)
{
    Timer t;
    t.timer(0, enable | periodic, 500, 1000);
    EXPECT_EQ(t.get(0x100) & value_set, 0u) << "HPET/VAL_SET: clears itself";
    t.run();
    for (const u64 due : {500u, 1500u, 2500u}) {
        EXPECT_EQ(t.next(), due) << "HPET/periodic: the last value written is added";
        t.to(due);
        EXPECT_EQ(take_strikes(t.chip), 1) << "HPET/periodic";
        EXPECT_EQ(t.get(0x108), due + 1000) << "HPET/periodic: the comparator reads as its next match";
    }
    t.put(0x108, 100);
    EXPECT_EQ(t.next(), 3500u) << "HPET/periodic: without VAL_SET only the period";
    t.to(3500);
    EXPECT_EQ(t.next(), 3600u);
    t.to(1'000'000);
    EXPECT_EQ(take_strikes(t.chip), 1) << "several matches in one jump";
    EXPECT_EQ(t.next(), 1'000'100u);
}

TEST(Hpet, PeriodicByHalves)
{
    Timer t;
    t.put(0x100, enable | periodic | value_set, 4);
    t.put(0x108, 0x10, 4);
    t.put(0x100, enable | periodic | value_set, 4);
    t.put(0x10c, 0x2, 4);
    EXPECT_EQ(t.get(0x108), 0x200000010u) << "HPET/VAL_SET: set again before the second half";
    t.put(0x10c, 0x7, 4);
    EXPECT_EQ(t.get(0x108), 0x200000010u) << "HPET/VAL_SET: without it, the period";
    EXPECT_EQ(t.chip.timer[0].period, 0x700000010u);
}

TEST(Hpet, LevelAndStatus)
{
    Timer t;
    t.timer(1, enable | level | route20, 10);
    t.timer(2, level | route20, 20);
    t.run();
    t.to(15);
    EXPECT_TRUE(output(t.chip, 1));
    EXPECT_EQ(t.get(0x020), 2u) << "HPET/Tn_INT_STS: set by the match";
    EXPECT_EQ(route(t.chip, 1), 20u);
    t.put(0x020, 0);
    EXPECT_TRUE(output(t.chip, 1)) << "HPET/Tn_INT_STS: writing 0 does nothing";
    t.put(0x020, 2);
    EXPECT_FALSE(output(t.chip, 1)) << "HPET/Tn_INT_STS: writing 1 clears it";
    t.to(25);
    EXPECT_EQ(t.get(0x020), 4u) << "HPET/INT_ENB_CNF: the status bit is set without it";
    EXPECT_FALSE(output(t.chip, 2));
    t.put(0x140, level | enable | route20);
    EXPECT_TRUE(output(t.chip, 2)) << "HPET/INT_ENB_CNF: and interrupts once it is set";
    t.put(0x010, 0);
    EXPECT_FALSE(output(t.chip, 2)) << "HPET/ENABLE_CNF: no interrupt while halted";
    EXPECT_EQ(t.get(0x020), 4u) << "HPET/ENABLE_CNF: the status stays";
    t.run();
    EXPECT_TRUE(output(t.chip, 2));
    EXPECT_EQ(t.next(), never_ns) << "a status bit that is set has nothing to tell";
}

TEST(Hpet, EdgeOutput)
{
    Timer t;
    t.timer(0, enable | periodic, 1000, 1000);
    t.run();
    t.to(1000);
    EXPECT_TRUE(output(t.chip, 0));
    EXPECT_EQ(t.get(0x020), 0u) << "an edge sets no status";
    EXPECT_EQ(take_strikes(t.chip), 1);
    EXPECT_EQ(take_strikes(t.chip), 0);
    t.to(2000);
    EXPECT_EQ(take_strikes(t.chip), 1) << "high still, and struck again";
    t.put(0x108, 1000);
    EXPECT_FALSE(output(t.chip, 0)) << "a write to the timer lowers it";
}

TEST(Hpet, Messages)
{
    Timer t;
    HpetMessage message{};
    t.put(0x130, 0xfee01000'00000051);
    t.timer(1, enable | fsb | level, 10);
    t.put(0x150, 0xfee02000'00000052);
    t.timer(2, enable | fsb, 10);
    t.run();
    EXPECT_FALSE(next_message(t.chip, message));
    t.to(10);
    EXPECT_FALSE(output(t.chip, 1)) << "HPET/FSB: no line";
    EXPECT_EQ(t.get(0x020), 0u) << "HPET/FSB: no status";
    ASSERT_TRUE(next_message(t.chip, message));
    EXPECT_EQ(message.address, 0xfee01000u);
    EXPECT_EQ(message.value, 0x51u);
    ASSERT_TRUE(next_message(t.chip, message));
    EXPECT_EQ(message.value, 0x52u);
    EXPECT_FALSE(next_message(t.chip, message));
    Timer plain;
    reset(plain.chip, {straps.routes, false}, 0);
    plain.put(0x100, fsb | enable);
    EXPECT_EQ(plain.get(0x100) & 0xffff, 0x34u) << "HPET/FSB_INT_DEL_CAP: not there, not taken";
}

TEST(Hpet, BriskPeriodsAreTold)
{
    Timer t;
    t.timer(0, enable | periodic, 1, 1);
    t.run();
    EXPECT_EQ(t.next(), 100u) << "one event a microsecond at most";
    t.to(100);
    EXPECT_EQ(t.next(), 200u);
    EXPECT_EQ(t.get(0x108), 101u) << "the comparator is exact all the same";
}

TEST(Hpet, AJumpIsTheSameAsSingleSteps)
{
    for (const u32 config : {enable, enable | level, enable | periodic, enable | periodic | mode32,
                             enable | mode32, enable | fsb | periodic, periodic | level})
        for (const u64 period : {1u, 2u, 7u, 100u})
            for (const u64 jump : {1u, 3u, 10u, 99u}) {
                Timer steps;
                steps.put(0x0f0, 0xffffffc0);
                steps.timer(0, config, 0xffffffc5, period);
                steps.run();
                Timer jumps = steps;
                for (u64 tick = 1; tick <= 3 * jump; ++tick)
                    steps.to(tick);
                for (u64 n = 1; n <= 3; ++n)
                    jumps.to(n * jump);
                EXPECT_EQ(steps.chip, jumps.chip)
                    << "config " << config << " period " << period << " by " << jump;
            }
}

TEST(Hpet, Quirks)
{
    EXPECT_EQ(quirks_of(hpet_quirks(), Profile::datasheet), 0u);
    Timer q(quirks_of(hpet_quirks(), Profile::qemu));
    q.put(0x100, level | enable | hpet::Route::put(0, 3));
    EXPECT_EQ(route(q.chip, 0), 3u) << "hpet.any-route";
    q.put(0x0f0, 1000);
    q.timer(1, enable, 500);
    q.timer(2, level, 1001);
    q.run();
    EXPECT_EQ(q.next(), 1u) << "hpet.past-fires";
    q.to(1);
    EXPECT_EQ(take_strikes(q.chip), 2);
    EXPECT_EQ(q.get(0x020), 0u) << "hpet.status-needs-enable";
    q.to(10);
    EXPECT_EQ(take_strikes(q.chip), 0) << "hpet.past-fires: once";
    q.put(0x108, 1020);
    q.to(30);
    EXPECT_EQ(q.get(0x020), 1u);
    q.put(0x010, 0);
    EXPECT_EQ(q.get(0x020), 0u) << "hpet.halt-clears-status";
    reset(q.chip, straps, q.now());
    EXPECT_NE(q.chip.quirks, 0u) << "quirks outlive reset";
}

} // namespace
} // namespace irqlab::hw

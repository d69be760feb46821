// The local APIC's timer: one-shot, periodic, dividers, mode changes. Times are nanoseconds of a 1 GHz bus.
#include <gtest/gtest.h>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u32 periodic = 1u << 17;
constexpr u32 divide_by_1 = 0xb;

struct TimerBench : Bench {
    explicit TimerBench(u32 lvt_value, u32 divide = divide_by_1)
    {
        apic_write(0, lapic_timer_divide, divide);
        apic_write(0, lapic_lvt_timer, lvt_value);
    }
    void at(u64 ns) { advance(m, ns, signals); }
    u32 count_now() { return apic_read(0, lapic_timer_current); }
};

TEST(LapicTimer, Dividers)
{
    struct {
        u32 dcr;
        u32 divisor;
    } const cases[] = {{0x0, 2}, {0x1, 4}, {0x2, 8}, {0x3, 16}, {0x8, 32}, {0x9, 64}, {0xa, 128}, {0xb, 1}};
    for (const auto& c : cases) {
        TimerBench b(0x31, c.dcr);
        b.apic_write(0, lapic_timer_initial, 10);
        b.at(10 * c.divisor - 1);
        EXPECT_EQ(b.count_now(), 1u) << "SDM3/DCR " << c.dcr;
        EXPECT_FALSE(b.pending(0)) << "apic/one-shot: not early, DCR " << c.dcr;
        b.at(10 * c.divisor);
        EXPECT_EQ(b.take(0), 0x31) << "SDM3/DCR " << c.dcr;
    }
}

TEST(LapicTimer, OneShotFiresOnce)
{
    TimerBench b(0x31);
    b.apic_write(0, lapic_timer_initial, 1000);
    EXPECT_EQ(next_event_ns(b.m), 1000u);
    b.at(1'000'000);
    EXPECT_EQ(b.drain(0), std::vector<int>{0x31}) << "apic/one-shot";
    EXPECT_EQ(b.count_now(), 0u) << "apic/one-shot: stops at 0";
    b.at(9'000'000);
    EXPECT_FALSE(b.pending(0)) << "apic/one-shot: once";
}

TEST(LapicTimer, PeriodicReloads)
{
    TimerBench b(0x31 | periodic);
    b.apic_write(0, lapic_timer_initial, 1000);
    int fired = 0;
    for (u64 ns = 100; ns <= 10'000; ns += 100) {
        b.at(ns);
        fired += static_cast<int>(b.drain(0).size());
        const u32 want = static_cast<u32>(1000 - ns % 1000);
        EXPECT_EQ(b.count_now(), want) << "SDM3/periodic at " << ns;
    }
    EXPECT_EQ(fired, 10) << "SDM3/periodic";
}

TEST(LapicTimer, ModeChanges)
{
    TimerBench b(0x31);
    b.apic_write(0, lapic_timer_initial, 1000);
    b.at(400);
    b.apic_write(0, lapic_lvt_timer, 0x31 | periodic);
    EXPECT_EQ(b.count_now(), 600u) << "apic/one-shot to periodic: goes on";
    b.at(1000);
    EXPECT_EQ(b.count_now(), 1000u) << "apic/one-shot to periodic: reloads";
    b.at(1200);
    b.apic_write(0, lapic_lvt_timer, 0x31);
    b.at(5000);
    EXPECT_EQ(b.count_now(), 0u) << "apic/periodic to one-shot: stops at 0";
    EXPECT_EQ(b.apic_read(0, lapic_timer_initial), 1000u) << "apic/mode change: TMICT kept";
    b.apic_write(0, lapic_lvt_timer, 0x31 | periodic);
    b.at(9000);
    EXPECT_EQ(b.count_now(), 0u) << "apic/mode change: 0 stays 0";
}

TEST(LapicTimer, MaskedCountsOn)
{
    TimerBench b(0x31 | periodic | flag_masked);
    b.apic_write(0, lapic_timer_initial, 1000);
    EXPECT_EQ(next_event_ns(b.m), never_ns) << "a masked timer reaches nobody";
    b.at(2300);
    EXPECT_EQ(b.count_now(), 700u) << "SDM3/masked: the counter runs";
    b.apic_write(0, lapic_lvt_timer, 0x31 | periodic);
    EXPECT_FALSE(b.pending(0)) << "SDM3/masked: what expired then is gone";
    b.at(3000);
    EXPECT_EQ(b.take(0), 0x31);
}

TEST(LapicTimer, TscDeadlineIsDiagnosed)
{
    TimerBench b(0x31 | 1u << 18);
    EXPECT_TRUE(b.diagnosed(Diagnosis::lapic_bad_register)) << "not modelled is not silent";
    EXPECT_EQ(b.apic_read(0, lapic_lvt_timer), 0x31u);
}

TEST(LapicTimer, ZeroStops)
{
    TimerBench b(0x31);
    b.apic_write(0, lapic_timer_initial, 1000);
    b.apic_write(0, lapic_timer_initial, 0);
    b.at(5000);
    EXPECT_FALSE(b.pending(0)) << "SDM3/TMICT: 0 stops the timer";
}

TEST(LapicTimer, EqualDeadlinesGoByCpu)
{
    Bench b;
    for (unsigned cpu = 4; cpu-- > 0;) {
        b.apic_write(cpu, lapic_timer_divide, divide_by_1);
        b.apic_write(cpu, lapic_lvt_timer, 0x31);
        b.apic_write(cpu, lapic_timer_initial, 500);
    }
    b.signals.clear();
    advance(b.m, 500, b.signals);
    unsigned next = 0;
    for (const Signal& s : b.signals) {
        if (s.kind == SignalKind::timer) {
            EXPECT_EQ(s.cpu, next++) << "style 6: equal deadlines";
        }
    }
    EXPECT_EQ(next, 4u);
}

} // namespace
} // namespace irqlab::hw::test

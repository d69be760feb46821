// The local APIC's timer: one-shot, periodic, dividers, mode changes. Times are nanoseconds of a 1 GHz bus.
#include <gtest/gtest.h>

#include "hw/irq/lapic_msr.hpp"
#include "hw/irq/lapic_timer.hpp"
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

TEST(LapicTimer, ReservedModeIsDiagnosed)
{
    TimerBench b(0x31 | 3u << 17);
    EXPECT_TRUE(b.diagnosed(Diagnosis::lapic_bad_register)) << "a reserved mode is not silent";
    b.apic_write(0, lapic_timer_initial, 10);
    b.at(100);
    EXPECT_FALSE(b.pending(0)) << "SDM3/timer modes: 11b is reserved";
    EXPECT_EQ(b.count_now(), 0u);
    b.apic_write(0, lapic_lvt_timer, 0x31);
    b.at(1000);
    EXPECT_FALSE(b.pending(0));
}

constexpr u32 tsc_deadline_mode = 2u << 17;

struct DeadlineBench : TimerBench {
    explicit DeadlineBench(u32 flags = 0) : TimerBench(0x31 | tsc_deadline_mode | flags) {}
    void arm(u64 tsc) { EXPECT_TRUE(wrmsr(m, 0, msr_tsc_deadline, tsc, signals)); }
    u64 armed()
    {
        u64 tsc = 0;
        EXPECT_TRUE(rdmsr(m, 0, msr_tsc_deadline, tsc));
        return tsc;
    }
    u64 tsc()
    {
        u64 value = 0;
        EXPECT_TRUE(rdmsr(m, 0, msr_tsc, value));
        return value;
    }
};

/// 13 ticks are 5 ns: every phase of the ratio, against the definition.
TEST(LapicTimer, TscRatioExhaustive)
{
    for (u64 tsc = 0; tsc < 13 * 40; ++tsc) {
        const u64 ns = ns_at_tsc(tsc);
        ASSERT_GE(tsc_at(ns), tsc);
        ASSERT_TRUE(ns == 0 || tsc_at(ns - 1) < tsc) << "the first such time";
    }
    EXPECT_EQ(tsc_at(1'000'000'000), tsc_hz);
    EXPECT_LE(tsc_at(ns_at_tsc(~u64{0} / 2)) - ~u64{0} / 2, 2u);
}

TEST(LapicTimer, DeadlineFiresOnce)
{
    DeadlineBench b;
    b.at(1000);
    b.arm(b.tsc() + 2600);
    EXPECT_EQ(b.armed(), 5200u) << "SDM3/TSC deadline: reads what is armed";
    EXPECT_EQ(next_event_ns(b.m), 2000u);
    b.at(1999);
    EXPECT_FALSE(b.pending(0)) << "SDM3/TSC deadline: not early";
    b.at(2000);
    EXPECT_EQ(b.take(0), 0x31) << "apic/TSC deadline fires";
    EXPECT_EQ(b.armed(), 0u) << "apic/TSC deadline: and then reads 0";
    b.eoi(0);
    b.at(9'000'000);
    EXPECT_FALSE(b.pending(0)) << "SDM3/TSC deadline: once";
}

TEST(LapicTimer, DeadlineInThePastFiresAtOnce)
{
    DeadlineBench b;
    b.at(1000);
    b.arm(1);
    EXPECT_EQ(b.take(0), 0x31) << "SDM3/TSC deadline: already passed";
    EXPECT_EQ(b.armed(), 0u);
}

TEST(LapicTimer, DeadlineDisarms)
{
    struct {
        const char* clause;
        void (*what)(DeadlineBench&);
    } const cases[] = {
        {"SDM3/TSC deadline: 0 disarms", [](DeadlineBench& b) { b.arm(0); }},
        {"SDM3/TSC deadline: to one-shot disarms",
         [](DeadlineBench& b) { b.apic_write(0, lapic_lvt_timer, 0x31); }},
        {"SDM3/TSC deadline: to periodic disarms",
         [](DeadlineBench& b) { b.apic_write(0, lapic_lvt_timer, 0x31 | periodic); }},
        {"SDM3/TSC deadline: there and back disarms",
         [](DeadlineBench& b) {
             b.apic_write(0, lapic_lvt_timer, 0x31);
             b.apic_write(0, lapic_lvt_timer, 0x31 | tsc_deadline_mode);
         }},
        {"SDM3/INIT disarms", [](DeadlineBench& b) { b.ipi(1, 0xc500, 0); }},
    };
    for (const auto& c : cases) {
        DeadlineBench b;
        b.arm(5200);
        c.what(b);
        EXPECT_EQ(b.armed(), 0u) << c.clause;
        b.at(1'000'000);
        EXPECT_FALSE(b.pending(0)) << c.clause;
    }
}

TEST(LapicTimer, OtherModesHaveNoDeadline)
{
    TimerBench b(0x31);
    EXPECT_TRUE(wrmsr(b.m, 0, msr_tsc_deadline, 100, b.signals)) << "SDM3/TSC deadline: no #GP";
    u64 value = 1;
    EXPECT_TRUE(rdmsr(b.m, 0, msr_tsc_deadline, value));
    EXPECT_EQ(value, 0u) << "SDM3/TSC deadline: reads 0 in other modes";
    b.at(1000);
    EXPECT_FALSE(b.pending(0)) << "SDM3/TSC deadline: writes ignored in other modes";
}

TEST(LapicTimer, DeadlineModeHasNoCounter)
{
    TimerBench b(0x31);
    b.apic_write(0, lapic_timer_initial, 5000);
    b.apic_write(0, lapic_lvt_timer, 0x31 | tsc_deadline_mode);
    EXPECT_EQ(b.count_now(), 0u) << "SDM3/TSC deadline: TMCCT reads 0";
    b.apic_write(0, lapic_timer_initial, 7000);
    EXPECT_EQ(b.count_now(), 0u) << "SDM3/TSC deadline: TMICT is not written";
    b.at(100'000);
    EXPECT_FALSE(b.pending(0)) << "SDM3/TSC deadline: the counter was disarmed";
    b.apic_write(0, lapic_lvt_timer, 0x31);
    EXPECT_EQ(b.apic_read(0, lapic_timer_initial), 0u);
}

TEST(LapicTimer, MaskedDeadlineIsGone)
{
    DeadlineBench b(flag_masked);
    b.arm(2600);
    EXPECT_EQ(next_event_ns(b.m), never_ns);
    b.at(5000);
    EXPECT_EQ(b.armed(), 0u) << "SDM3/TSC deadline: over, masked or not";
    b.apic_write(0, lapic_lvt_timer, 0x31 | tsc_deadline_mode);
    b.at(6000);
    EXPECT_FALSE(b.pending(0)) << "SDM3/LVT: what expired while masked is gone";
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

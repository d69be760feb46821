// Conversions of time and when a timer of the wheel runs. Sources: [LX timers/timers-howto], [LX
// core-api/timekeeping].
#include <gtest/gtest.h>

#include "kernel/time/jiffies.hpp"
#include "tests/kernel/bare_kernel.hpp"

namespace irqlab::kernel {
namespace {

TEST(Jiffies, StartFiveMinutesBeforeTheWrap)
{
    BareKernel b;
    EXPECT_EQ(jiffies(b.k), 4294892296ul);
    b.k.this_cpu->clock_ns = 4'000'000;
    EXPECT_EQ(jiffies(b.k), 4294892297ul);
    b.k.this_cpu->clock_ns = 300'000'000'000;
    EXPECT_EQ(jiffies(b.k), 1ul << 32);
}

TEST(Jiffies, Conversions)
{
    EXPECT_EQ(abi::__msecs_to_jiffies(0), 0ul);
    EXPECT_EQ(abi::__msecs_to_jiffies(1), 1ul) << "rounds up";
    EXPECT_EQ(abi::__msecs_to_jiffies(4), 1ul);
    EXPECT_EQ(abi::__msecs_to_jiffies(5), 2ul);
    EXPECT_EQ(abi::__msecs_to_jiffies(~0u), (~0ul >> 2) - 1) << "negative: for ever";
    EXPECT_EQ(abi::__usecs_to_jiffies(4001), 2ul);
    EXPECT_EQ(abi::jiffies_to_msecs(250), 1000u);
    EXPECT_EQ(abi::jiffies_to_usecs(1), 4000u);
    EXPECT_EQ(abi::jiffies_to_clock_t(250), 100);
}

// A timer runs in the bucket after its expiry, and levels get coarser by 8.
TEST(Wheel, Buckets)
{
    struct Row {
        const char* clause;
        unsigned long delta, late;
        unsigned level;
    };
    const unsigned long clk = 1ul << 30; // a multiple of every granularity
    for (const Row& row :
         {Row{"level 0", 0, 1, 0}, Row{"level 0", 1, 1, 0}, Row{"level 0 ends", 62, 1, 0},
          Row{"level 1: granularity 8", 63, 1, 1}, Row{"level 1", 64, 8, 1}, Row{"level 1 ends", 503, 1, 1},
          Row{"level 2: granularity 64", 504, 8, 2}, Row{"level 3: granularity 512", 4032, 64, 3}}) {
        unsigned level = 99;
        EXPECT_EQ(wheel_bucket(clk + row.delta, clk, level) - (clk + row.delta), row.late) << row.clause;
        EXPECT_EQ(level, row.level) << row.clause;
    }
    unsigned level = 99;
    EXPECT_EQ(wheel_bucket(clk - 5, clk, level), clk) << "in the past: at once";
}

int order[4], ran;
template <int N> void callback(abi::timer_list*) { order[ran++] = N; }

TEST(Timer, OrderWithinABucketIsLastInFirstOut)
{
    BareKernel b;
    ran = 0;
    abi::timer_list t[3];
    abi::init_timer_key(&t[0], callback<0>, 0, nullptr, nullptr);
    abi::init_timer_key(&t[1], callback<1>, 0, nullptr, nullptr);
    abi::init_timer_key(&t[2], callback<2>, 0, nullptr, nullptr);
    const unsigned long now = jiffies(b.k);
    EXPECT_EQ(abi::mod_timer(&t[0], now + 2), 0);
    EXPECT_EQ(abi::mod_timer(&t[1], now + 2), 0);
    EXPECT_EQ(abi::mod_timer(&t[2], now + 1), 0);
    EXPECT_EQ(abi::mod_timer(&t[2], now + 1), 1) << "it was pending";
    EXPECT_NE(t[2].entry.pprev, nullptr);
    b.k.this_cpu->clock_ns = 2 * tick_ns;
    run_timer_softirq(b.k);
    EXPECT_EQ(ran, 1);
    b.k.this_cpu->clock_ns = 3 * tick_ns;
    run_timer_softirq(b.k);
    ASSERT_EQ(ran, 3);
    EXPECT_EQ(order[0], 2);
    EXPECT_EQ(order[1], 1);
    EXPECT_EQ(order[2], 0);
    EXPECT_EQ(abi::__lab_timer_delete(&t[0]), 0) << "it ran already";
}

TEST(Timer, DeleteTakesItBack)
{
    BareKernel b;
    ran = 0;
    abi::timer_list t;
    abi::init_timer_key(&t, callback<0>, 0, nullptr, nullptr);
    abi::mod_timer(&t, jiffies(b.k) + 1);
    EXPECT_EQ(abi::__lab_timer_delete(&t), 1);
    EXPECT_EQ(t.entry.pprev, nullptr);
    b.k.this_cpu->clock_ns = 10 * tick_ns;
    run_timer_softirq(b.k);
    EXPECT_EQ(ran, 0);
}

int periods;
abi::hrtimer_restart again(abi::hrtimer* t)
{
    ++periods;
    abi::hrtimer_forward(t, t->base->get_time(), 1'000'000);
    return abi::HRTIMER_RESTART;
}

TEST(Hrtimer, RestartsWithoutDrift)
{
    BareKernel b;
    periods = 0;
    abi::hrtimer t;
    abi::hrtimer_init(&t, 1, abi::HRTIMER_MODE_REL);
    t.function = again;
    abi::hrtimer_start_range_ns(&t, 1'000'000, 0, abi::HRTIMER_MODE_ABS);
    EXPECT_TRUE(abi::hrtimer_active(&t));
    CpuTimers& timers = timers_here(b.k);
    for (int ms = 1; ms <= 5; ++ms) {
        b.k.this_cpu->clock_ns = static_cast<u64>(ms) * 1'000'000 + 700;
        run_hrtimers(b.k, timers, timers.hard, now_ns(*b.k.this_cpu));
    }
    EXPECT_EQ(periods, 5);
    EXPECT_EQ(t.node.expires, 6'000'000) << "multiples of the period, whatever the delay";
    EXPECT_EQ(abi::hrtimer_cancel(&t), 1);
    EXPECT_FALSE(abi::hrtimer_active(&t));
}

TEST(Hrtimer, ForwardCountsOverruns)
{
    BareKernel b;
    abi::hrtimer t;
    abi::hrtimer_init(&t, 1, abi::HRTIMER_MODE_REL);
    t.node.expires = 1000;
    EXPECT_EQ(abi::hrtimer_forward(&t, 999, 100), 0u) << "not due";
    EXPECT_EQ(abi::hrtimer_forward(&t, 1000, 100), 1u);
    EXPECT_EQ(t.node.expires, 1100);
    EXPECT_EQ(abi::hrtimer_forward(&t, 1350, 100), 3u);
    EXPECT_EQ(t.node.expires, 1400);
}

TEST(Calendar, BothWays)
{
    struct Row {
        const char* clause;
        long seconds;
        int year, month, day, weekday, yearday;
    };
    for (const Row& row : {Row{"epoch", 0, 1970, 1, 1, 4, 0}, Row{"before it", -1, 1969, 12, 31, 3, 364},
                           Row{"leap day", 951782400, 2000, 2, 29, 2, 59},
                           Row{"birth of a World", 1767225600, 2026, 1, 1, 4, 0}}) {
        abi::tm tm{};
        abi::time64_to_tm(row.seconds, 0, &tm);
        EXPECT_EQ(tm.tm_year + 1900, row.year) << row.clause;
        EXPECT_EQ(tm.tm_mon + 1, row.month) << row.clause;
        EXPECT_EQ(tm.tm_mday, row.day) << row.clause;
        EXPECT_EQ(tm.tm_wday, row.weekday) << row.clause;
        EXPECT_EQ(tm.tm_yday, row.yearday) << row.clause;
        if (row.seconds >= 0) {
            EXPECT_EQ(abi::mktime64(static_cast<unsigned>(row.year), static_cast<unsigned>(row.month),
                                    static_cast<unsigned>(row.day), 0, 0, 0),
                      row.seconds)
                << row.clause;
        }
    }
}

} // namespace
} // namespace irqlab::kernel

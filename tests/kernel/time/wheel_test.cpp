// The timer wheel against a sorted list: what runs, when and in which order. [LX timers/timers-howto]
#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"
#include "tests/kernel/bare_kernel.hpp"

namespace irqlab::kernel {
namespace {

constexpr unsigned timers = 40;
abi::timer_list timer[timers];
std::vector<unsigned> ran;

void callback(abi::timer_list* t) { ran.push_back(static_cast<unsigned>(t - timer)); }

/// What a wheel of any size would do: its timers in the order in which they run.
struct SortedList {
    struct Entry {
        unsigned index;
        unsigned long runs;
        unsigned level;
        unsigned long expires;
    };
    std::vector<Entry> entries;
    unsigned long clk = initial_jiffies;

    static bool before(const Entry& a, const Entry& fresh)
    {
        return a.runs != fresh.runs ? a.runs < fresh.runs : a.level > fresh.level;
    }

    void bring_up(unsigned long now)
    {
        if (now > clk)
            clk = !entries.empty() && entries.front().runs <= now ? entries.front().runs : now;
    }

    void modify(unsigned index, unsigned long expires, unsigned long now)
    {
        const auto old =
            std::find_if(entries.begin(), entries.end(), [&](auto& e) { return e.index == index; });
        if (old != entries.end() && old->expires == expires)
            return;
        bring_up(now);
        Entry fresh{index, 0, 0, expires};
        fresh.runs = wheel_bucket(expires, clk, fresh.level);
        if (old != entries.end()) {
            if (old->runs == fresh.runs && old->level == fresh.level) {
                old->expires = expires;
                return;
            }
            entries.erase(old);
            bring_up(now);
            fresh.runs = wheel_bucket(expires, clk, fresh.level);
        }
        auto at = entries.begin();
        while (at != entries.end() && before(*at, fresh))
            ++at;
        entries.insert(at, fresh);
    }

    void remove(unsigned index)
    {
        std::erase_if(entries, [&](const Entry& e) { return e.index == index; });
    }

    std::vector<unsigned> run(unsigned long now)
    {
        std::vector<unsigned> order;
        while (!entries.empty() && entries.front().runs <= now) {
            clk = entries.front().runs + 1;
            order.push_back(entries.front().index);
            entries.erase(entries.begin());
        }
        return order;
    }
};

TEST(Wheel, DoesWhatASortedListDoes)
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        BareKernel b;
        std::mt19937 random(seed);
        SortedList list;
        for (abi::timer_list& t : timer)
            abi::init_timer_key(&t, callback, 0, nullptr, nullptr);
        unsigned long now = jiffies(b.k);
        for (unsigned step = 0; step < 400; ++step) {
            const auto which = static_cast<unsigned>(random() % timers);
            switch (random() % 4) {
            case 0:
            case 1: {
                // Of every level, the past included.
                const unsigned long reach = 1ul << random() % 26;
                const unsigned long expires = now + random() % reach - (random() % 8 == 0 ? 5 : 0);
                abi::mod_timer(&timer[which], expires);
                list.modify(which, expires, now);
                break;
            }
            case 2:
                abi::del_timer(&timer[which]);
                list.remove(which);
                break;
            default:
                now += random() % (1u << random() % 20);
                b.k.this_cpu->clock_ns = jiffy_ns(now);
                ran.clear();
                run_timer_softirq(b.k);
                ASSERT_EQ(list.run(now), ran) << "seed " << seed << " step " << step;
            }
        }
    }
}

TEST(Wheel, WhatIsFurtherThanItReachesRunsAtItsEnd)
{
    BareKernel b;
    abi::init_timer_key(&timer[0], callback, 0, nullptr, nullptr);
    const unsigned long now = jiffies(b.k), reach = 63ul << 24;
    abi::mod_timer(&timer[0], now + (1ul << 40));
    ran.clear();
    b.k.this_cpu->clock_ns = jiffy_ns(now + reach - (2ul << 24));
    run_timer_softirq(b.k);
    EXPECT_TRUE(ran.empty());
    b.k.this_cpu->clock_ns = jiffy_ns(now + reach + (1ul << 24));
    run_timer_softirq(b.k);
    EXPECT_EQ(1u, ran.size());
}

} // namespace
} // namespace irqlab::kernel

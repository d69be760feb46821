// Fibers keep their stacks and callee-saved registers; landings bring a call back.
#include "sim/fiber.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace irqlab::sim {

namespace {

struct PingPong {
    Fiber host, fiber;
    std::vector<int> seen;
};

void ping(void* argument)
{
    auto& p = *static_cast<PingPong*>(argument);
    for (int i = 0;; ++i) {
        p.seen.push_back(i);
        Fiber::switch_to(p.fiber, p.host);
    }
}

struct Jump {
    Landing* landing;
    int depth = 0;
};

void fall(Jump& j, int depth)
{
    if (!j.landing) // never: but who lands does not return, and the compiler would see no end
        return;
    j.depth = depth;
    if (depth < 50)
        fall(j, depth + 1);
    else
        land(*j.landing);
}

} // namespace

TEST(Fiber, GoesOnWhereItLeft)
{
    PingPong p;
    p.fiber.prepare(ping, &p);
    for (int i = 0; i < 5; ++i) {
        Fiber::switch_to(p.host, p.fiber);
        p.seen.push_back(100 + i);
    }
    EXPECT_EQ(p.seen, (std::vector{0, 100, 1, 101, 2, 102, 3, 103, 4, 104}));
}

TEST(Fiber, ADroppedOneMayBePreparedAgain)
{
    PingPong p;
    for (int round = 0; round < 3; ++round) {
        p.seen.clear();
        p.fiber.prepare(ping, &p);
        Fiber::switch_to(p.host, p.fiber);
        EXPECT_EQ(p.seen, std::vector{0});
        p.fiber.drop();
        EXPECT_FALSE(p.fiber.prepared());
    }
}

TEST(Fiber, HasAGuardBelowItsStack)
{
    Fiber f;
    f.prepare([](void*) {}, nullptr);
    EXPECT_TRUE(f.in_guard(f.stack_low() - 1));
    EXPECT_TRUE(f.in_guard(f.stack_low() - Fiber::guard_bytes));
    EXPECT_FALSE(f.in_guard(f.stack_low()));
    EXPECT_FALSE(f.in_guard(f.stack_low() - Fiber::guard_bytes - 1));
}

TEST(Landing, ComesBackFromAnyDepth)
{
    for (int round = 0; round < 3; ++round) {
        Landing landing;
        Jump j{&landing};
        EXPECT_FALSE(landing.armed());
        const bool landed = call_guarded(landing, [](void* a) { fall(*static_cast<Jump*>(a), 0); }, &j);
        EXPECT_TRUE(landed);
        EXPECT_EQ(j.depth, 50);
        EXPECT_FALSE(landing.armed());
    }
}

TEST(Landing, ACallThatReturnsHasNotLanded)
{
    Landing landing;
    int calls = 0;
    EXPECT_FALSE(call_guarded(landing, [](void* n) { ++*static_cast<int*>(n); }, &calls));
    EXPECT_EQ(calls, 1);
}

} // namespace irqlab::sim

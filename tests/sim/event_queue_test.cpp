// Deadlines in order; equal ones by the order in which they were added.
#include "sim/event_queue.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

namespace irqlab::sim {

TEST(EventQueue, GivesEqualDeadlinesInTheOrderOfAdding)
{
    EventQueue queue(*std::pmr::get_default_resource());
    Timed entries[5];
    for (Timed& e : entries)
        queue.add(e, 100);
    for (Timed& e : entries)
        EXPECT_EQ(queue.take_due(100), &e);
    EXPECT_EQ(queue.take_due(100), nullptr);
    EXPECT_EQ(queue.next_ns(), never_ns);
}

TEST(EventQueue, NothingIsDueBeforeItsTime)
{
    EventQueue queue(*std::pmr::get_default_resource());
    Timed e;
    queue.add(e, 10);
    EXPECT_EQ(queue.take_due(9), nullptr);
    EXPECT_EQ(queue.take_due(10), &e);
    EXPECT_FALSE(e.queued());
}

TEST(EventQueue, AgreesWithASortedListThroughRandomWork)
{
    EventQueue queue(*std::pmr::get_default_resource());
    std::vector<Timed> entries(64);
    std::vector<std::pair<std::uint64_t, Timed*>> model; // stable by insertion
    unsigned seed = 7;
    const auto random = [&](unsigned n) {
        seed = seed * 1664525 + 1013904223;
        return (seed >> 16) % n;
    };
    for (int step = 0; step < 20'000; ++step) {
        Timed& e = entries[random(64)];
        if (!e.queued()) {
            const std::uint64_t deadline = random(50);
            queue.add(e, deadline);
            model.emplace_back(deadline, &e);
        } else if (random(2)) {
            EXPECT_TRUE(queue.remove(e));
            std::erase_if(model, [&](const auto& m) { return m.second == &e; });
        } else {
            const auto first = std::ranges::min_element(model, {}, [](const auto& m) { return m.first; });
            ASSERT_EQ(queue.next_ns(), first->first);
            ASSERT_EQ(queue.take_due(never_ns), first->second);
            model.erase(first);
        }
        ASSERT_EQ(queue.size(), model.size());
    }
}

TEST(EventQueue, RemovingWhatIsNotQueuedSaysSo)
{
    EventQueue queue(*std::pmr::get_default_resource());
    Timed e;
    EXPECT_FALSE(queue.remove(e));
}

} // namespace irqlab::sim

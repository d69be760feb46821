// The World's memory: zeroed, reused by size, gone at once.
#include "sim/arena.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace irqlab::sim {

TEST(Arena, GivesZeroedMemoryAgainAfterReset)
{
    Arena arena(1 << 20);
    for (int round = 0; round < 3; ++round) {
        for (const std::size_t bytes : {1u, 16u, 17u, 100u, 4096u, 70'000u}) {
            auto* p = static_cast<unsigned char*>(arena.take(bytes));
            for (std::size_t i = 0; i < bytes; ++i)
                ASSERT_EQ(p[i], 0) << "byte " << i << " of " << bytes << " in round " << round;
            std::memset(p, 0xa5, bytes);
        }
        arena.reset();
        EXPECT_EQ(arena.used(), 0u);
    }
}

TEST(Arena, ReusesWhatWasGivenBackAndZeroesIt)
{
    Arena arena(1 << 20);
    for (const std::size_t bytes : {1u, 24u, 33u, 300u, 5'000u, 65'536u}) {
        void* p = arena.take(bytes);
        std::memset(p, 0xff, bytes);
        arena.give_back(p, bytes);
        const std::size_t before = arena.used();
        auto* again = static_cast<unsigned char*>(arena.take(bytes));
        EXPECT_EQ(again, p) << bytes;
        EXPECT_EQ(arena.used(), before) << bytes;
        for (std::size_t i = 0; i < bytes; ++i)
            ASSERT_EQ(again[i], 0) << bytes;
    }
}

TEST(Arena, BlocksDoNotOverlap)
{
    Arena arena(1 << 22);
    std::vector<std::pair<unsigned char*, std::size_t>> blocks;
    unsigned seed = 1;
    for (int i = 0; i < 500; ++i) {
        seed = seed * 1103515245 + 12345;
        const std::size_t bytes = 1 + (seed >> 16) % 900;
        if (i % 3 == 2) {
            auto [p, n] = blocks[(seed >> 8) % blocks.size()];
            std::erase_if(blocks, [&](const auto& b) { return b.first == p; });
            arena.give_back(p, n);
        }
        auto* p = static_cast<unsigned char*>(arena.take(bytes));
        for (const auto& [q, n] : blocks)
            ASSERT_TRUE(p + bytes <= q || q + n <= p);
        blocks.emplace_back(p, bytes);
    }
}

TEST(Arena, UnclearedBlocksLieApartFromTheOthers)
{
    Arena arena(1 << 20);
    auto* ring = static_cast<unsigned char*>(arena.take_uncleared(1000));
    std::memset(ring, 0x77, 1000);
    auto* p = static_cast<unsigned char*>(arena.take(1000));
    EXPECT_EQ(p[999], 0);
    EXPECT_TRUE(arena.contains(ring) && arena.contains(p));
    EXPECT_LT(arena.used(), 2000u) << "rings cost nothing at reset";
}

} // namespace irqlab::sim

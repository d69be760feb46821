// A hash over the bytes in use: chips have no padding, so equal states have equal bytes. See save.hpp.
#include <cstring>

#include "hw/board/stretches.hpp"
#include "hw/state/save.hpp"

namespace irqlab::hw {
namespace {

__extension__ using Product = unsigned __int128;

/// Both halves of a product: each bit of `a` and `b` reaches each bit of it.
u64 fold(u64 a, u64 b)
{
    const Product product = Product{a} * b;
    return static_cast<u64>(product) ^ static_cast<u64>(product >> 64);
}

constexpr u64 first_key = 0x9e3779b97f4a7c15, second_key = 0xc2b2ae3d27d4eb4f;
constexpr std::size_t lanes = 4, lane_words = 2, block_words = lanes * lane_words;

u64 hash_words(u64 seed, const u8* at, std::size_t words)
{
    u64 lane[lanes] = {seed, ~seed, seed ^ first_key, seed ^ second_key};
    std::size_t i = 0;
    for (; i + block_words <= words; i += block_words)
        for (std::size_t l = 0; l < lanes; ++l) {
            u64 pair[lane_words];
            std::memcpy(pair, at + 8 * (i + lane_words * l), sizeof pair);
            lane[l] = fold(lane[l] ^ pair[0] ^ first_key, pair[1] ^ second_key);
        }
    for (; i < words; ++i) {
        u64 word;
        std::memcpy(&word, at + 8 * i, sizeof word);
        lane[0] = fold(lane[0] ^ word, first_key);
    }
    return fold(fold(lane[0] ^ second_key, lane[1] ^ first_key), fold(lane[2] ^ second_key, lane[3] ^ words));
}

} // namespace

u64 hash_state(const Machine& m)
{
    static_assert(sizeof(Board) % 8 == 0 && sizeof(Edu) % 8 == 0 && sizeof(RemapUnit) % 8 == 0 &&
                  sizeof(Ioapic2) % 8 == 0 && sizeof(Core) % 8 == 0);
    std::size_t skip = sizeof m.deadline_ns; // It comes first, and is no part of the state.
    u64 hash = m.cpu_count;
    for (const Stretch& stretch : stretches_of(m)) {
        hash =
            hash_words(hash, reinterpret_cast<const u8*>(&m) + stretch.at + skip, (stretch.bytes - skip) / 8);
        skip = 0;
    }
    return hash;
}

} // namespace irqlab::hw

#include "sim/arena.hpp"

#include <bit>
#include <cstring>
#include <sys/mman.h>

#include "hw/base/check.hpp"

namespace irqlab::sim {

namespace {
constexpr std::size_t keep_bytes = std::size_t{4} << 20; // pages kept across reset()
}

Arena::Arena(std::size_t bytes) : size_(bytes)
{
    void* range = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(range != MAP_FAILED);
    base_ = next_ = static_cast<std::byte*>(range);
    top_ = base_ + size_;
}

Arena::~Arena() { munmap(base_, size_); }

// Blocks are powers of two, so that a block given back fits any later request of its class.
unsigned Arena::size_class(std::size_t bytes)
{
    return bytes <= 16 ? 0 : static_cast<unsigned>(std::bit_width(bytes - 1)) - 4;
}

void* Arena::take(std::size_t bytes)
{
    const unsigned c = size_class(bytes);
    CHECK(c < classes);
    const std::size_t block = std::size_t{16} << c;
    if (FreeBlock* reused = free_[c]) {
        free_[c] = reused->next;
        std::memset(static_cast<void*>(reused), 0, block);
        return reused;
    }
    // Large blocks are only rounded to a cache line: rounding them to a power of two wastes pages.
    const std::size_t step = block <= 256 ? block : (bytes + 63) & ~std::size_t{63};
    std::byte* memory = next_;
    CHECK(step <= static_cast<std::size_t>(top_ - next_));
    next_ += c >= 2 ? step : block;
    return memory; // fresh pages, or cleared by reset()
}

void* Arena::take_uncleared(std::size_t bytes)
{
    bytes = (bytes + 63) & ~std::size_t{63};
    CHECK(bytes <= static_cast<std::size_t>(top_ - next_));
    top_ -= bytes;
    return top_;
}

void Arena::give_back(void* memory, std::size_t bytes)
{
    const unsigned c = size_class(bytes);
    // A large block was not rounded up to its class, so it serves requests one class lower.
    const unsigned list = (std::size_t{16} << c) <= 256 || std::has_single_bit(bytes) ? c : c - 1;
    auto* block = static_cast<FreeBlock*>(memory);
    block->next = free_[list];
    free_[list] = block;
}

void Arena::reset()
{
    const std::size_t bytes = used();
    if (bytes > keep_bytes) {
        madvise(base_ + keep_bytes, bytes - keep_bytes, MADV_DONTNEED);
        std::memset(base_, 0, keep_bytes);
    } else {
        std::memset(base_, 0, bytes);
    }
    next_ = base_;
    top_ = base_ + size_;
    for (FreeBlock*& list : free_)
        list = nullptr;
}

} // namespace irqlab::sim

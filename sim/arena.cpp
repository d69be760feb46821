// A bump allocator with free lists by size. See the header.
#include "sim/arena.hpp"

#include <atomic>
#include <bit>
#include <cstring>
#include <sys/mman.h>

#include "hw/base/check.hpp"

namespace irqlab::sim {

namespace {
constexpr std::size_t keep_bytes = std::size_t{4} << 20; // pages kept across reset()

// The first arena of a process always lies at the same place, so that addresses in it, in events for instance, are the
// same in each run. Above the shadow of AddressSanitizer and below what the host places by itself.
constexpr std::uintptr_t first_place = 0x2000'0000'0000;
constexpr std::uintptr_t place_bytes = std::uintptr_t{1} << 36;
constexpr unsigned places = 256;

void* reserve(std::size_t bytes)
{
    static std::atomic<unsigned> made{0};
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* place = reinterpret_cast<void*>(first_place + made++ % places * place_bytes);
    void* range = mmap(place, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, -1, 0);
    return range != MAP_FAILED ? range : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
}
} // namespace

Arena::Arena(std::size_t bytes) : size_(bytes)
{
    void* range = reserve(bytes);
    CHECK(range != MAP_FAILED);
    base_ = next_ = static_cast<std::byte*>(range);
    top_ = base_ + size_;
}

Arena::~Arena() { munmap(base_, size_); }

// Blocks of up to 256 bytes are powers of two. Larger ones are only rounded to a cache line, for a power of two would
// waste pages; so a list of their class holds several sizes.
unsigned Arena::size_class(std::size_t bytes)
{
    return bytes <= 16 ? 0 : static_cast<unsigned>(std::bit_width(bytes - 1)) - 4;
}

std::size_t Arena::block_bytes(std::size_t bytes)
{
    const std::size_t block = std::size_t{16} << size_class(bytes);
    return block <= 256 ? block : (bytes + 63) & ~std::size_t{63};
}

void* Arena::take(std::size_t bytes)
{
    const unsigned c = size_class(bytes);
    CHECK(c < classes);
    const std::size_t block = block_bytes(bytes);
    FreeBlock** at = &free_[c];
    for (int looked = 0; *at && looked < 8; at = &(*at)->next, ++looked)
        if (FreeBlock* reused = *at; reused->bytes >= block) {
            *at = reused->next;
            std::memset(static_cast<void*>(reused), 0, reused->bytes);
            return reused;
        }
    std::byte* memory = next_;
    CHECK(block <= static_cast<std::size_t>(top_ - next_));
    next_ += block;
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
    auto* block = static_cast<FreeBlock*>(memory);
    FreeBlock*& list = free_[size_class(bytes)];
    *block = {list, block_bytes(bytes)};
    list = block;
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

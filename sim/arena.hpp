// All the memory of one World, gone at once.
//
// A bump allocator over one reserved address range, with free lists by size class for what is given
// back early. reset() forgets everything in the time it takes to clear the bytes that were used; the
// range and its pages stay with the host thread for the next World.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <utility>

namespace irqlab::sim {

class Arena final : public std::pmr::memory_resource {
public:
    /// Reserves `bytes` of address space; pages are committed when first touched.
    explicit Arena(std::size_t bytes = std::size_t{1} << 32);
    ~Arena() override;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// Zeroed memory, aligned to 16 bytes. Never null: an exhausted arena is our own bug.
    void* take(std::size_t bytes);
    /// Memory that lives as long as the World and whose first bytes are whatever a former World left:
    /// for rings that are written before they are read. Costs nothing at reset().
    void* take_uncleared(std::size_t bytes);
    void give_back(void* memory, std::size_t bytes);

    template <class T, class... Args>
    T* make(Args&&... args)
    {
        static_assert(alignof(T) <= 16);
        return ::new (take(sizeof(T))) T(std::forward<Args>(args)...);
    }

    void reset();
    std::size_t used() const { return static_cast<std::size_t>(next_ - base_); }
    bool contains(const void* p) const { return p >= base_ && p < base_ + size_; }

private:
    static constexpr unsigned classes = 28; // 16 bytes to 2 GiB
    struct FreeBlock {
        FreeBlock* next;
        std::size_t bytes; // of its memory, at least 16
    };
    static unsigned size_class(std::size_t bytes);
    static std::size_t block_bytes(std::size_t bytes); // what a request of `bytes` takes

    void* do_allocate(std::size_t bytes, std::size_t) override { return take(bytes); }
    void do_deallocate(void* p, std::size_t bytes, std::size_t) override { give_back(p, bytes); }
    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

    std::byte* base_;
    std::byte* next_;
    std::size_t size_;
    std::byte* top_; // uncleared blocks grow down from the end
    FreeBlock* free_[classes]{};
};

} // namespace irqlab::sim

// Things that happen at a virtual time. Equal deadlines go by the order in which they were added.
#pragma once
#include <cstdint>
#include <memory_resource>
#include <vector>

namespace irqlab::sim {

inline constexpr std::uint64_t never_ns = ~std::uint64_t{0};

/// What is queued embeds one of these; it is in at most one queue.
struct Timed {
    std::uint64_t deadline_ns = never_ns;
    std::uint64_t sequence = 0;
    std::uint32_t slot = 0; // 1-based place in the heap; 0: not queued
    bool queued() const { return slot != 0; }
};

/// A binary heap of pointers, so that any entry can be taken out in O(log n).
class EventQueue {
public:
    explicit EventQueue(std::pmr::memory_resource& memory) : heap_(&memory) {}

    void add(Timed& entry, std::uint64_t deadline_ns);
    /// @return whether it was queued.
    bool remove(Timed& entry);
    std::uint64_t next_ns() const { return heap_.empty() ? never_ns : heap_.front()->deadline_ns; }
    /// The first entry due at or before `now_ns`, taken out; null when none is.
    Timed* take_due(std::uint64_t now_ns);
    std::size_t size() const { return heap_.size(); }

private:
    static bool before(const Timed& a, const Timed& b)
    {
        return a.deadline_ns != b.deadline_ns ? a.deadline_ns < b.deadline_ns : a.sequence < b.sequence;
    }
    void place(std::size_t at, Timed* entry);
    void sift_up(std::size_t at);
    void sift_down(std::size_t at);

    std::pmr::vector<Timed*> heap_;
    std::uint64_t sequence_ = 0;
};

} // namespace irqlab::sim

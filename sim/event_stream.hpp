// The one stream of what happened. Every stage of an interrupt's way puts one event in; the console,
// the traces and the detectors read it.
#pragma once
#include <cstddef>
#include <cstdint>

#include "sim/arena.hpp"

namespace irqlab::sim {

/// 24 bytes. What `kind`, `number` and `value` mean is the business of the floors that emit and read.
struct Event {
    std::uint64_t time_ns;
    std::uint16_t kind;
    std::uint8_t cpu;
    std::uint8_t context; // nesting: 0 task, 1 softirq, 2 hardirq, 3 NMI
    std::uint32_t number;
    std::uint64_t value;
    bool operator==(const Event&) const = default;
};
static_assert(sizeof(Event) == 24);

/// A ring of the last `capacity` events. `sequence` counts all that were ever emitted.
class EventStream {
public:
    /// @param capacity  a power of two.
    explicit EventStream(Arena& arena, std::size_t capacity = 4096)
        : ring_(static_cast<Event*>(arena.take_uncleared(capacity * sizeof(Event)))), mask_(capacity - 1)
    {
    }

    void emit(const Event& e) { ring_[sequence_++ & mask_] = e; }

    /// Emits `count` events at once: fill(i, event) writes each.
    template <class Fill>
    void emit_each(std::size_t count, Fill fill)
    {
        Event* const ring = ring_;
        const std::size_t mask = mask_;
        const std::uint64_t first = sequence_;
        for (std::size_t i = 0; i < count; ++i)
            fill(i, ring[(first + i) & mask]);
        sequence_ = first + count;
    }

    std::uint64_t sequence() const { return sequence_; }
    std::uint64_t oldest() const { return sequence_ > mask_ + 1 ? sequence_ - (mask_ + 1) : 0; }
    /// Event number `sequence`, which must lie in [oldest(), sequence()).
    const Event& at(std::uint64_t sequence) const { return ring_[sequence & mask_]; }

private:
    Event* ring_;
    std::size_t mask_;
    std::uint64_t sequence_ = 0;
};

} // namespace irqlab::sim

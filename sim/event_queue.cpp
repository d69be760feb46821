// A binary heap of pointers. See the header.
#include "sim/event_queue.hpp"

#include "hw/base/check.hpp"

namespace irqlab::sim {

void EventQueue::place(std::size_t at, Timed* entry)
{
    heap_[at] = entry;
    entry->slot = static_cast<std::uint32_t>(at + 1);
}

void EventQueue::sift_up(std::size_t at)
{
    Timed* entry = heap_[at];
    while (at > 0 && before(*entry, *heap_[(at - 1) / 2])) {
        place(at, heap_[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(at, entry);
}

void EventQueue::sift_down(std::size_t at)
{
    Timed* entry = heap_[at];
    for (std::size_t child = 2 * at + 1; child < heap_.size(); child = 2 * at + 1) {
        if (child + 1 < heap_.size() && before(*heap_[child + 1], *heap_[child]))
            ++child;
        if (!before(*heap_[child], *entry))
            break;
        place(at, heap_[child]);
        at = child;
    }
    place(at, entry);
}

void EventQueue::add(Timed& entry, std::uint64_t deadline_ns)
{
    CHECK(!entry.queued());
    entry.deadline_ns = deadline_ns;
    entry.sequence = sequence_++;
    heap_.push_back(&entry);
    sift_up(heap_.size() - 1);
}

bool EventQueue::remove(Timed& entry)
{
    if (!entry.queued())
        return false;
    const std::size_t at = entry.slot - 1;
    CHECK(heap_[at] == &entry);
    entry.slot = 0;
    Timed* last = heap_.back();
    heap_.pop_back();
    if (last != &entry) {
        place(at, last);
        sift_up(at);
        sift_down(last->slot - 1);
    }
    return true;
}

Timed* EventQueue::take_due(std::uint64_t now_ns)
{
    if (heap_.empty() || heap_.front()->deadline_ns > now_ns)
        return nullptr;
    Timed* first = heap_.front();
    remove(*first);
    return first;
}

} // namespace irqlab::sim

// The timer wheel: which bucket a timer goes into, and which one is next. [LX timers/timers-howto]
//
// A timer goes into the bucket after the one of its expiry, so that it is never early. Within a bucket the
// youngest runs first, and coarser levels run before finer ones. The wheel's clock stands while nothing is
// due, and is brought up to now when a timer is added, but never past what is still to run: so no two jiffies
// meet in one bucket.
#include <bit>

#include "kernel/kernel.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"

namespace irqlab::kernel {

namespace {

constexpr unsigned long cutoff = (Wheel::buckets - 1ul) << ((Wheel::levels - 1) * Wheel::level_bits);
constexpr unsigned long longest = cutoff - (1ul << ((Wheel::levels - 1) * Wheel::level_bits));

void bring_up(CpuTimers& t, unsigned long now)
{
    if (static_cast<long>(now - t.clk) <= 0)
        return;
    t.clk = t.wheel_due(now) ? t.wheel->next : now;
}

/// The first bucket of a level at or after the wheel's clock, which has come round to it.
const Wheel::Bucket* first_of(const Wheel& w, unsigned level, unsigned long clk)
{
    if (w.filled[level] == 0)
        return nullptr;
    const unsigned shift = level * Wheel::level_bits;
    const bool within = (clk & ((1ul << shift) - 1)) != 0; // this bucket's own jiffy has gone
    const auto from = static_cast<unsigned>((clk >> shift) + within) % Wheel::buckets;
    const auto steps =
        static_cast<unsigned>(std::countr_zero(std::rotr(w.filled[level], static_cast<int>(from))));
    return &w.bucket[level * Wheel::buckets + (from + steps) % Wheel::buckets];
}

void find_next(CpuTimers& t)
{
    Wheel& w = *t.wheel;
    w.any = false;
    for (unsigned level = 0; level < Wheel::levels; ++level)
        if (const Wheel::Bucket* b = first_of(w, level, t.clk))
            if (!w.any || static_cast<long>(b->runs - w.next) < 0) {
                w.any = true;
                w.next = b->runs;
            }
}

void push(WheelNode*& head, WheelNode* node)
{
    node->next = head;
    node->at = &head;
    if (head)
        head->at = &node->next;
    head = node;
}

struct Place {
    unsigned index;
    unsigned long runs;
};

Place place_of(unsigned long expires, unsigned long clk)
{
    if (static_cast<long>(expires - clk) >= 0 && expires - clk >= cutoff)
        expires = clk + longest;
    unsigned level = 0;
    const unsigned long runs = wheel_bucket(expires, clk, level);
    return {
        static_cast<unsigned>(level * Wheel::buckets + (runs >> level * Wheel::level_bits) % Wheel::buckets),
        runs};
}

} // namespace

unsigned long wheel_bucket(unsigned long expires, unsigned long clk, unsigned& level)
{
    const auto delta = static_cast<long>(expires - clk);
    level = 0;
    if (delta < 0)
        return clk;
    while (level + 1 < Wheel::levels &&
           static_cast<unsigned long>(delta) >= (Wheel::buckets - 1ul) << (level * Wheel::level_bits))
        ++level;
    const unsigned shift = level * Wheel::level_bits;
    return ((expires >> shift) + 1) << shift;
}

unsigned wheel_index(CpuTimers& home, unsigned long now, unsigned long expires)
{
    bring_up(home, now);
    return place_of(expires, home.clk).index;
}

void wheel_add(Kernel& k, CpuTimers& home, WheelNode* node, unsigned long expires)
{
    if (!home.wheel)
        home.wheel = k.arena.make<Wheel>();
    Wheel& w = *home.wheel;
    bring_up(home, jiffies(k));
    const Place place = place_of(expires, home.clk);
    node->home = &home;
    node->bucket = place.index;
    w.bucket[place.index].runs = place.runs;
    push(w.bucket[place.index].first, node);
    w.filled[place.index / Wheel::buckets] |= u64{1} << place.index % Wheel::buckets;
    if (!w.any || static_cast<long>(place.runs - w.next) < 0) {
        w.any = true;
        w.next = place.runs;
    }
}

void wheel_remove(WheelNode* node)
{
    *node->at = node->next;
    if (node->next)
        node->next->at = node->at;
    Wheel& w = *node->home->wheel;
    if (node->bucket == Wheel::none || w.bucket[node->bucket].first)
        return;
    w.filled[node->bucket / Wheel::buckets] &= ~(u64{1} << node->bucket % Wheel::buckets);
    if (w.bucket[node->bucket].runs == w.next)
        find_next(*node->home);
}

void wheel_expire(CpuTimers& t)
{
    Wheel& w = *t.wheel;
    const unsigned long now = w.next;
    WheelNode** tail = &w.expired;
    while (*tail)
        tail = &(*tail)->next;
    for (unsigned level = Wheel::levels; level-- > 0;) {
        const unsigned index =
            level * Wheel::buckets + static_cast<unsigned>(now >> level * Wheel::level_bits) % Wheel::buckets;
        Wheel::Bucket& b = w.bucket[index];
        if (!b.first || b.runs != now)
            continue;
        *tail = b.first;
        b.first->at = tail;
        for (WheelNode* node = b.first; node; node = node->next) {
            node->bucket = Wheel::none;
            tail = &node->next;
        }
        b.first = nullptr;
        w.filled[level] &= ~(u64{1} << index % Wheel::buckets);
    }
    t.clk = now + 1;
    find_next(t);
}

void move_wheel(Kernel& k, CpuTimers& from, CpuTimers& to)
{
    if (!from.wheel)
        return;
    Wheel& w = *from.wheel;
    const auto move = [&](WheelNode*& head) {
        while (WheelNode* node = head) {
            wheel_remove(node);
            wheel_add(k, to, node, node->timer->expires);
            node->timer->flags = (node->timer->flags & ~static_cast<unsigned>(TIMER_CPUMASK)) | to.cpu;
        }
    };
    move(w.expired);
    for (Wheel::Bucket& bucket : w.bucket)
        move(bucket.first);
}

} // namespace irqlab::kernel

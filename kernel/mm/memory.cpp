// The address range of a World, its pages, and the map from page to span.
#include "kernel/mm/mm.hpp"

#include <cstring>
#include <sys/mman.h>
#include <vector>

#include "hw/base/check.hpp"
#include "kernel/kernel.hpp"

namespace irqlab::kernel {

namespace {

constexpr std::size_t keep_bytes = std::size_t{1} << 20; // pages that stay with the range for its next World
constexpr unsigned quarantine_spans = 16;
constexpr u64 beyond_ram = 0x1'0000'0000; // nothing that hardware could reach

/// Ranges that no World uses, kept by the host thread: reserving address space costs more than a World.
struct RangePool {
    std::vector<std::byte*> free;
    ~RangePool()
    {
        for (std::byte* range : free)
            munmap(range, heap_bytes + cookie_bytes);
    }
};

RangePool& pool()
{
    static thread_local RangePool ranges;
    return ranges;
}

std::byte* range_take()
{
    RangePool& p = pool();
    if (!p.free.empty()) {
        std::byte* range = p.free.back();
        p.free.pop_back();
        return range;
    }
    void* range = mmap(nullptr, heap_bytes + cookie_bytes, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(range != MAP_FAILED);
    CHECK(mprotect(range, heap_bytes, PROT_READ | PROT_WRITE) == 0);
    return static_cast<std::byte*>(range);
}

void map_span(Kernel& k, Span& span)
{
    Memory& m = *k.memory;
    const std::size_t first = (span.base - reinterpret_cast<std::uintptr_t>(m.heap)) / page_bytes;
    for (std::size_t page = first; page < first + span.pages; ++page) {
        Span**& leaf = m.leaf[page >> 9];
        if (!leaf)
            leaf = static_cast<Span**>(k.arena.take(512 * sizeof(Span*)));
        leaf[page & 511] = &span;
    }
}

/// A freed span of that size, once enough of them were freed after it.
Span* reuse(Memory& m, unsigned pages, std::size_t align_pages)
{
    if (m.free_span_count < quarantine_spans)
        return nullptr;
    Span* last = nullptr;
    Span** link_to_last = nullptr;
    for (Span** at = &m.free_spans; *at; at = &(*at)->next_free)
        if ((*at)->pages == pages && (*at)->base % (align_pages * page_bytes) == 0) {
            last = *at; // the list starts with the youngest
            link_to_last = at;
        }
    if (last) {
        *link_to_last = last->next_free;
        --m.free_span_count;
    }
    return last;
}

} // namespace

void memory_init(Kernel& k)
{
    Memory& m = *k.arena.make<Memory>();
    k.memory = &m;
    m.heap = range_take();
    m.cookies = m.heap + heap_bytes;
    caches_init(k);
    resources_init(k);
}

void memory_drop(Kernel& k)
{
    Memory& m = *k.memory;
    if (m.heap_used > keep_bytes)
        madvise(m.heap + keep_bytes, m.heap_used - keep_bytes, MADV_DONTNEED);
    pool().free.push_back(m.heap);
    k.memory = nullptr;
}

bool memory_contains(const Kernel& k, const void* p)
{
    const Memory& m = *k.memory;
    return p >= m.heap && p < m.heap + heap_bytes + cookie_bytes;
}

std::size_t memory_offset(const Kernel& k, const void* p)
{
    return static_cast<std::size_t>(static_cast<const std::byte*>(p) - k.memory->heap);
}

bool is_io_cookie(const Kernel& k, const void* p)
{
    const Memory& m = *k.memory;
    return p >= m.cookies && p < m.cookies + cookie_bytes;
}

u64 phys_of(const Kernel& k, const void* p)
{
    if (memory_contains(k, p))
        return heap_phys + memory_offset(k, p);
    return beyond_ram | (reinterpret_cast<u64>(p) & 0x0fffffff);
}

Span* span_of(const Memory& m, const void* p)
{
    const auto offset = static_cast<std::size_t>(static_cast<const std::byte*>(p) - m.heap);
    if (offset >= heap_bytes)
        return nullptr;
    const std::size_t page = offset / page_bytes;
    Span* const* leaf = m.leaf[page >> 9];
    return leaf ? leaf[page & 511] : nullptr;
}

Span* span_take(Kernel& k, std::size_t bytes, std::size_t align_pages, SpanKind kind, std::uintptr_t caller)
{
    Memory& m = *k.memory;
    const std::size_t pages = (bytes + page_bytes - 1) / page_bytes;
    if (pages >= heap_bytes / page_bytes)
        return nullptr;
    Span* span = reuse(m, static_cast<unsigned>(pages), align_pages);
    if (!span) {
        const std::size_t align = align_pages * page_bytes;
        const std::size_t at = (m.heap_used + align - 1) / align * align;
        const std::size_t end = at + (pages + (kind == SpanKind::slab ? 0 : 1)) * page_bytes;
        if (end > heap_bytes)
            return nullptr;
        m.heap_used = end;
        span = k.arena.make<Span>();
        span->base = reinterpret_cast<std::uintptr_t>(m.heap + at);
        span->pages = static_cast<unsigned>(pages);
        map_span(k, *span);
    }
    span->kind = kind;
    span->live = true;
    span->requested = bytes;
    span->taken_by = caller;
    span->freed_by = 0;
    if (kind != SpanKind::slab) {
        m.live_bytes += bytes;
        ++m.live_objects;
    }
    return span;
}

void span_free(Kernel& k, Span& span, std::uintptr_t caller)
{
    Memory& m = *k.memory;
    span.live = false;
    span.freed_by = caller;
    m.live_bytes -= span.requested;
    --m.live_objects;
    std::memset(reinterpret_cast<void*>(span.base), 0x6b, span.pages * page_bytes);
    span.next_free = m.free_spans;
    m.free_spans = &span;
    ++m.free_span_count;
}

std::uintptr_t object_address(const Slot& slot)
{
    return slot.span->base + static_cast<std::size_t>(&slot - slot.span->slots) * slot.span->cache->stride;
}

bool memory_find(const Kernel& k, const void* p, HeapObject& out)
{
    const Span* span = span_of(*k.memory, p);
    if (!span)
        return false;
    using State = HeapObject::State;
    if (span->kind != SpanKind::slab) {
        const char* kind = span->kind == SpanKind::vmalloc ? "vmalloc"
                           : span->kind == SpanKind::pages ? "pages"
                                                           : "kmalloc-large";
        out = {span->live ? State::live : State::freed,
               span->base,
               span->requested,
               span->pages * page_bytes,
               kind,
               span->taken_by,
               span->freed_by};
        return true;
    }
    const std::size_t index = (reinterpret_cast<std::uintptr_t>(p) - span->base) / span->cache->stride;
    if (index >= span->count)
        return false;
    const Slot& slot = span->slots[index];
    const State state = slot.live ? State::live : slot.used ? State::freed : State::none;
    out = {state,
           span->base + index * span->cache->stride,
           slot.requested,
           span->cache->stride,
           span->cache->name,
           slot.taken_by,
           slot.freed_by};
    return true;
}

} // namespace irqlab::kernel

// Caches of equal objects: taking, giving back, red zones and poison. [LX mm/slub]
#include <algorithm>
#include <bit>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"

namespace irqlab::kernel {

namespace {

// [LX include/linux/poison.h]
constexpr u8 poison_free = 0x6b, poison_end = 0xa5, red_inactive = 0xbb, red_active = 0xcc;
constexpr std::size_t redzone_checked = 64;
constexpr unsigned quarantine_objects = 64;

constexpr unsigned class_size[kmalloc_classes] = {8,   16,  32,   64,   96,   128, 192,
                                                  256, 512, 1024, 2048, 4096, 8192};
constexpr const char* class_name[kmalloc_classes] = {
    "kmalloc-8",   "kmalloc-16",  "kmalloc-32", "kmalloc-64", "kmalloc-96", "kmalloc-128", "kmalloc-192",
    "kmalloc-256", "kmalloc-512", "kmalloc-1k", "kmalloc-2k", "kmalloc-4k", "kmalloc-8k"};

unsigned span_pages_for(unsigned stride) { return stride <= 1024 ? 1 : stride <= 4096 ? 4 : 16; }

void set_up(Cache& c, const char* name, unsigned size, unsigned stride, void (*ctor)(void*))
{
    c.name = name;
    c.size = size;
    c.stride = stride;
    c.span_pages = std::max(span_pages_for(stride), (stride + 4095) / 4096);
    c.ctor = ctor;
    c.freed_tail = &c.freed;
}

void poison(void* object, std::size_t size)
{
    auto* bytes = static_cast<u8*>(object);
    std::memset(bytes, poison_free, size - 1);
    bytes[size - 1] = poison_end;
}

void add_span(Kernel& k, Cache& c)
{
    Span* span = span_take(k, c.span_pages * page_bytes, 1, SpanKind::slab, 0);
    if (!span)
        return;
    span->cache = &c;
    span->count = static_cast<unsigned>(c.span_pages * page_bytes / c.stride);
    span->slots = static_cast<Slot*>(k.arena.take(span->count * sizeof(Slot)));
    c.fresh = span;
}

void* use_fresh(Cache& c, Slot*& slot)
{
    Span& span = *c.fresh;
    slot = &span.slots[span.next_fresh];
    slot->span = &span;
    void* object = reinterpret_cast<void*>(span.base + span.next_fresh++ * c.stride);
    if (span.next_fresh == span.count)
        c.fresh = nullptr;
    std::memset(object, red_inactive, c.stride);
    poison(object, c.size);
    if (c.ctor)
        c.ctor(object);
    return object;
}

/// The first byte of [from, from + size) that is not `value`, or null.
const u8* first_other(const u8* from, std::size_t size, u8 value)
{
    for (std::size_t i = 0; i < size; ++i)
        if (from[i] != value)
            return from + i;
    return nullptr;
}

const u8* last_other(const u8* from, std::size_t size, u8 value)
{
    while (size > 0 && from[size - 1] == value)
        --size;
    return from + size;
}

void* use_freed(Kernel& k, Cache& c, Slot*& slot)
{
    slot = c.freed;
    c.freed = slot->next;
    if (!c.freed)
        c.freed_tail = &c.freed;
    --c.freed_count;
    auto* object = reinterpret_cast<u8*>(object_address(*slot));
    if (!c.ctor) {
        if (const u8* changed = first_other(object, c.size - 1, poison_free))
            report_poison(k, *slot, changed, last_other(object, c.size - 1, poison_free));
    }
    return object;
}

} // namespace

void caches_init(Kernel& k)
{
    Memory& m = *k.memory;
    for (unsigned i = 0; i < kmalloc_classes;
         ++i) // twice the size: a red zone, and the alignment that Linux gives
        set_up(m.kmalloc[i], class_name[i], class_size[i],
               2 * std::bit_ceil(class_size[i]) -
                   (std::has_single_bit(class_size[i]) ? 0 : std::bit_ceil(class_size[i])),
               nullptr);
}

void* cache_take(Kernel& k, Cache& c, std::size_t size, abi::gfp_t flags, std::uintptr_t caller)
{
    if (!c.fresh && c.freed_count <= quarantine_objects)
        add_span(k, c);
    Slot* slot = nullptr;
    void* object = nullptr;
    if (c.freed && (c.freed_count > quarantine_objects || !c.fresh))
        object = use_freed(k, c, slot);
    else if (c.fresh)
        object = use_fresh(c, slot);
    else
        return nullptr;
    slot->live = slot->used = true;
    slot->requested = static_cast<unsigned>(size);
    slot->taken_by = caller;
    slot->freed_by = 0;
    ++c.live;
    ++k.memory->live_objects;
    k.memory->live_bytes += size;
    std::memset(static_cast<u8*>(object) + size, red_active,
                std::min(std::size_t{c.stride} - size, redzone_checked));
    if ((flags & __GFP_ZERO) != 0)
        std::memset(object, 0, size);
    return object;
}

void cache_free(Kernel& k, Span& span, void* object, std::uintptr_t caller)
{
    Cache& c = *span.cache;
    const std::size_t offset = reinterpret_cast<std::uintptr_t>(object) - span.base;
    const std::size_t index = offset / c.stride;
    if (offset % c.stride != 0 || index >= span.count || !span.slots[index].used)
        return report_invalid_free(k, span, object);
    Slot& slot = span.slots[index];
    if (!slot.live)
        return report_double_free(k, slot);
    const auto* zone = static_cast<const u8*>(object) + slot.requested;
    const std::size_t zone_size = std::min(std::size_t{c.stride} - slot.requested, redzone_checked);
    if (const u8* changed = first_other(zone, zone_size, red_active))
        report_redzone(k, slot, changed, last_other(zone, zone_size, red_active));
    if (!c.ctor)
        poison(object, c.size);
    slot.live = false;
    slot.freed_by = caller;
    slot.next = nullptr;
    *c.freed_tail = &slot;
    c.freed_tail = &slot.next;
    ++c.freed_count;
    --c.live;
    --k.memory->live_objects;
    k.memory->live_bytes -= slot.requested;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

// struct kmem_cache is opaque to drivers: it is our Cache.
struct kmem_cache* kmem_cache_create(const char* name, unsigned int size, unsigned int align, slab_flags_t,
                                     void (*ctor)(void* object))
{
    Kernel& k = kernel::kernel();
    auto* c = k.arena.make<Cache>();
    const unsigned alignment = std::max(std::bit_ceil(std::max(align, 1u)), 8u);
    const unsigned used = (std::max(size, 1u) + alignment - 1) / alignment * alignment;
    const size_t length = std::strlen(name) + 1;
    set_up(*c, static_cast<const char*>(std::memcpy(k.arena.take(length), name, length)), std::max(size, 1u),
           used + std::max(alignment, 16u), ctor);
    c->next = k.memory->caches;
    k.memory->caches = c;
    return reinterpret_cast<kmem_cache*>(c);
}

void kmem_cache_destroy(struct kmem_cache* cache)
{
    if (!cache)
        return;
    Kernel& k = kernel::kernel();
    auto* c = reinterpret_cast<Cache*>(cache);
    if (c->live != 0) {
        __lab_warn("mm/slab_common.c", 497, "kmem_cache_destroy",
                   "%s %s: Slab cache still has objects when called from %pS", "kmem_cache_destroy", c->name,
                   __builtin_return_address(0));
        return;
    }
    for (Cache** at = &k.memory->caches; *at; at = &(*at)->next)
        if (*at == c) {
            *at = c->next;
            break;
        }
}

void* kmem_cache_alloc(struct kmem_cache* cache, gfp_t flags)
{
    Kernel& k = kernel::kernel();
    auto* c = reinterpret_cast<Cache*>(cache);
    const auto caller = reinterpret_cast<unsigned long>(__builtin_return_address(0));
    return allocation_fails(k, flags) ? nullptr : cache_take(k, *c, c->size, flags, caller);
}

void kmem_cache_free(struct kmem_cache* cache, void* object)
{
    Kernel& k = kernel::kernel();
    Span* span = object ? span_of(*k.memory, object) : nullptr;
    if (!object)
        return;
    if (span && span->kind == SpanKind::slab && span->cache == reinterpret_cast<Cache*>(cache))
        cache_free(k, *span, object, reinterpret_cast<unsigned long>(__builtin_return_address(0)));
    else
        __lab_warn("mm/slab.h", 442, "cache_from_obj", "%s: Wrong slab cache. %s but object is from %s\n",
                   "cache_from_obj", reinterpret_cast<Cache*>(cache)->name,
                   span && span->kind == SpanKind::slab ? span->cache->name : "<none>");
}

} // namespace irqlab::abi

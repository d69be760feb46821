// kmalloc and what stands on it. [LX core-api/memory-allocation]
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/printk/format.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr std::size_t kmalloc_max = std::size_t{4} << 20; // KMALLOC_MAX_SIZE: 2^10 pages

/// The smallest class that holds `size`: as Linux's kmalloc_index(), with 96 and 192 between the powers of
/// two.
Cache* class_for(Memory& m, std::size_t size)
{
    for (Cache& c : m.kmalloc)
        if (size <= c.size)
            return &c;
    return nullptr;
}

void free_unknown(Kernel& k, const void* object)
{
    if (k.memory->warned_free)
        return;
    k.memory->warned_free = true;
    abi::__lab_warn("mm/slab_common.c", 932, "free_large_kmalloc", nullptr);
    abi::_printk("\0014object pointer: 0x%p\n", object);
}

} // namespace

bool allocation_fails(Kernel& k, abi::gfp_t flags)
{
    if ((flags & __GFP_DIRECT_RECLAIM) != 0)
        abi::__might_sleep("include/linux/sched/mm.h", 274);
    return (flags & __GFP_NOFAIL) == 0 && !k.memory->booting && k.choice.choose(sim::Question::allocation, 2, 0) == 1;
}

void* heap_take(Kernel& k, std::size_t size, abi::gfp_t flags, std::uintptr_t caller)
{
    if (size == 0)
        return reinterpret_cast<void*>(zero_size_ptr);
    if (size > kmalloc_max) {
        if ((flags & __GFP_NOWARN) == 0)
            abi::__lab_warn("mm/page_alloc.c", 5534, "__alloc_pages", nullptr);
        return nullptr;
    }
    if (allocation_fails(k, flags))
        return nullptr;
    if (Cache* c = class_for(*k.memory, size))
        return cache_take(k, *c, size, flags, caller);
    Span* span = span_take(k, size, 1, SpanKind::large, caller);
    if (!span)
        return nullptr;
    std::memset(reinterpret_cast<void*>(span->base), (flags & __GFP_ZERO) != 0 ? 0 : 0x6b,
                span->pages * page_bytes);
    return reinterpret_cast<void*>(span->base);
}

void heap_free(Kernel& k, const void* object, std::uintptr_t caller)
{
    if (reinterpret_cast<std::uintptr_t>(object) <= zero_size_ptr)
        return;
    Span* span = span_of(*k.memory, object);
    if (span && span->kind == SpanKind::slab)
        return cache_free(k, *span, const_cast<void*>(object), caller);
    if (!span || span->kind != SpanKind::large || !span->live ||
        span->base != reinterpret_cast<std::uintptr_t>(object))
        return free_unknown(k, object);
    span_free(k, *span, caller);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

#define CALLER reinterpret_cast<unsigned long>(__builtin_return_address(0))

void* __kmalloc(size_t size, gfp_t flags) { return heap_take(kernel::kernel(), size, flags, CALLER); }
void kfree(const void* ptr) { heap_free(kernel::kernel(), ptr, CALLER); }

size_t ksize(const void* ptr)
{
    HeapObject object;
    if (reinterpret_cast<unsigned long>(ptr) <= zero_size_ptr || !memory_find(kernel::kernel(), ptr, object))
        return 0;
    const Span* span = span_of(*kernel::kernel().memory, ptr);
    return span->kind == SpanKind::slab ? span->cache->size : span->pages * page_bytes;
}

void kfree_sensitive(const void* ptr)
{
    HeapObject object;
    if (ptr && memory_find(kernel::kernel(), ptr, object) && object.state == HeapObject::State::live)
        std::memset(const_cast<void*>(ptr), 0, object.size);
    heap_free(kernel::kernel(), ptr, CALLER);
}

void* krealloc(const void* ptr, size_t size, gfp_t flags)
{
    Kernel& k = kernel::kernel();
    if (size == 0) {
        heap_free(k, ptr, CALLER);
        return reinterpret_cast<void*>(zero_size_ptr);
    }
    HeapObject old;
    const bool has_old = reinterpret_cast<unsigned long>(ptr) > zero_size_ptr && memory_find(k, ptr, old);
    void* fresh = heap_take(k, size, flags, CALLER);
    if (!fresh || !has_old)
        return fresh;
    std::memcpy(fresh, ptr, old.size < size ? old.size : size);
    heap_free(k, ptr, CALLER);
    return fresh;
}

void* kmemdup(const void* from, size_t size, gfp_t flags)
{
    void* copy = heap_take(kernel::kernel(), size, flags, CALLER);
    return copy ? std::memcpy(copy, from, size) : nullptr;
}

char* kmemdup_nul(const char* text, size_t size, gfp_t flags)
{
    if (!text)
        return nullptr;
    auto* copy = static_cast<char*>(heap_take(kernel::kernel(), size + 1, flags, CALLER));
    if (!copy)
        return nullptr;
    std::memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

char* kstrdup(const char* text, gfp_t flags)
{
    return text ? kmemdup_nul(text, std::strlen(text), flags) : nullptr;
}

char* kstrndup(const char* text, size_t max, gfp_t flags)
{
    return text ? kmemdup_nul(text, strnlen(text, max), flags) : nullptr;
}

char* kvasprintf(gfp_t flags, const char* format, va_list args)
{
    va_list copy;
    va_copy(copy, args);
    const int length = vformat_text(nullptr, 0, format, copy);
    va_end(copy);
    auto* text =
        static_cast<char*>(heap_take(kernel::kernel(), static_cast<size_t>(length) + 1, flags, CALLER));
    if (text)
        vformat_text(text, static_cast<size_t>(length) + 1, format, args);
    return text;
}

char* kasprintf(gfp_t flags, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    char* text = kvasprintf(flags, format, args);
    va_end(args);
    return text;
}

} // namespace irqlab::abi

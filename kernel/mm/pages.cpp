// Pages, vmalloc, physical addresses. A heap page's physical address is its place in the heap.
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

namespace {

void* pages_take(Kernel& k, abi::gfp_t flags, std::size_t bytes, std::size_t align, SpanKind kind,
                 std::uintptr_t caller)
{
    if (allocation_fails(k, flags))
        return nullptr;
    Span* span = span_take(k, bytes, align, kind, caller);
    if (!span)
        return nullptr;
    std::memset(reinterpret_cast<void*>(span->base), (flags & __GFP_ZERO) != 0 ? 0 : 0x6b,
                span->pages * page_bytes);
    return reinterpret_cast<void*>(span->base);
}

void pages_free(Kernel& k, const void* p, SpanKind kind, std::uintptr_t caller)
{
    Span* span = p ? span_of(*k.memory, p) : nullptr;
    const bool good =
        span && span->kind == kind && span->base == reinterpret_cast<std::uintptr_t>(p) && span->live;
    if (good)
        span_free(k, *span, caller);
    else if (p && kind == SpanKind::vmalloc)
        abi::__lab_warn("mm/vmalloc.c", 2703, "__vunmap", "Trying to vfree() nonexistent vm area (%p)\n", p);
    else if (p)
        abi::__lab_warn("mm/page_alloc.c", 5700, "__free_pages", nullptr);
}

abi::page* page_of(Kernel& k, const void* p)
{
    Span* span = span_of(*k.memory, p);
    if (!span)
        return nullptr;
    if (!span->page) {
        span->page = static_cast<abi::page*>(k.arena.take(span->pages * sizeof(abi::page)));
        for (unsigned i = 0; i < span->pages; ++i) {
            span->page[i].__lab = reinterpret_cast<void*>(span->base + i * page_bytes);
            span->page[i]._refcount.counter = 1;
        }
    }
    return &span->page[(reinterpret_cast<std::uintptr_t>(p) - span->base) / page_bytes];
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

#define CALLER reinterpret_cast<unsigned long>(__builtin_return_address(0))

unsigned long __get_free_pages(gfp_t flags, unsigned int order)
{
    if (order > 10)
        return 0;
    return reinterpret_cast<unsigned long>(pages_take(kernel::kernel(), flags, page_bytes << order,
                                                      size_t{1} << order, SpanKind::pages, CALLER));
}
unsigned long get_zeroed_page(gfp_t flags)
{
    return reinterpret_cast<unsigned long>(
        pages_take(kernel::kernel(), flags | __GFP_ZERO, page_bytes, 1, SpanKind::pages, CALLER));
}
void free_pages(unsigned long addr, unsigned int)
{
    pages_free(kernel::kernel(), reinterpret_cast<void*>(addr), SpanKind::pages, CALLER);
}

struct page* __lab_alloc_pages(gfp_t flags, unsigned int order)
{
    void* p = order > 10 ? nullptr
                         : pages_take(kernel::kernel(), flags, page_bytes << order, size_t{1} << order,
                                      SpanKind::pages, CALLER);
    return p ? page_of(kernel::kernel(), p) : nullptr;
}
void __free_pages(struct page* page, unsigned int)
{
    if (page)
        pages_free(kernel::kernel(), page->__lab, SpanKind::pages, CALLER);
}
void* __lab_page_address(const struct page* page) { return page->__lab; }
struct page* __lab_virt_to_page(const volatile void* addr)
{
    return page_of(kernel::kernel(), const_cast<const void*>(addr));
}
phys_addr_t __lab_virt_to_phys(const volatile void* addr)
{
    return phys_of(kernel::kernel(), const_cast<const void*>(addr));
}
void* __lab_phys_to_virt(phys_addr_t addr)
{
    const u64 offset = addr - heap_phys;
    return offset < heap_bytes ? kernel::kernel().memory->heap + offset : reinterpret_cast<void*>(addr);
}

void* vmalloc(unsigned long size)
{
    return size ? pages_take(kernel::kernel(), GFP_KERNEL, size, 1, SpanKind::vmalloc, CALLER) : nullptr;
}
void* vzalloc(unsigned long size)
{
    return size ? pages_take(kernel::kernel(), GFP_KERNEL | __GFP_ZERO, size, 1, SpanKind::vmalloc, CALLER)
                : nullptr;
}
void* vmalloc_user(unsigned long size)
{
    return size ? pages_take(kernel::kernel(), GFP_KERNEL | __GFP_ZERO, size, 1, SpanKind::vmalloc, CALLER)
                : nullptr;
}
void vfree(const void* ptr)
{
    Kernel& k = kernel::kernel();
    if (k.this_cpu->in_interrupt() == false)
        __might_sleep("mm/vmalloc.c", 2760);
    pages_free(k, ptr, SpanKind::vmalloc, CALLER);
}

void* kvmalloc_node(size_t size, gfp_t flags, int)
{
    Kernel& k = kernel::kernel();
    if (size <= page_bytes * 2)
        return heap_take(k, size, flags, CALLER);
    return pages_take(k, flags, size, 1, SpanKind::vmalloc, CALLER);
}
void kvfree(const void* ptr)
{
    Kernel& k = kernel::kernel();
    const Span* span = ptr ? span_of(*k.memory, ptr) : nullptr;
    if (span && span->kind == SpanKind::vmalloc)
        pages_free(k, ptr, SpanKind::vmalloc, CALLER);
    else
        heap_free(k, ptr, CALLER);
}

} // namespace irqlab::abi

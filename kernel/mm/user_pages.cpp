// Pages of a process's memory in a driver's hands. A page of user memory gets its struct page when it is asked for the
// first time, and keeps it. Source: [LX core-api/pin_user_pages], [LX mm/gup.c].
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/vfs/user_memory.hpp"

namespace irqlab::kernel {

namespace {

abi::page& page_of_user(Kernel& k, void* address)
{
    for (UserPage* p = k.memory->user_pages; p; p = p->next)
        if (p->page.__lab == address)
            return p->page;
    auto* fresh = k.arena.make<UserPage>();
    fresh->page.__lab = address;
    fresh->page._refcount.counter = 1; // the mapping's
    fresh->next = k.memory->user_pages;
    k.memory->user_pages = fresh;
    return fresh->page;
}

int take_pages(Kernel& k, unsigned long start, int count, abi::page** pages)
{
    for (int i = 0; i < count; ++i) {
        void* address = reinterpret_cast<void*>(start / page_bytes * page_bytes + static_cast<unsigned>(i) * page_bytes);
        if (user_bytes_from(address) < page_bytes)
            return i ? i : -EFAULT;
        abi::page& page = page_of_user(k, address);
        ++page._refcount.counter;
        if (pages)
            pages[i] = &page;
    }
    return count < 0 ? 0 : count;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int get_user_pages_fast(unsigned long start, int count, unsigned int, struct page** pages)
{
    return take_pages(kernel::kernel(), start, count, pages);
}

int pin_user_pages_fast(unsigned long start, int count, unsigned int flags, struct page** pages)
{
    return pages ? get_user_pages_fast(start, count, flags, pages) : -EINVAL;
}

void unpin_user_page(struct page* page) { --page->_refcount.counter; }

void unpin_user_pages(struct page** pages, unsigned long count)
{
    for (unsigned long i = 0; i < count; ++i)
        unpin_user_page(pages[i]);
}

} // namespace irqlab::abi

// What a driver's mmap() puts into a user mapping. Whoever made the mapping finds the pieces in vma->__lab.
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"

namespace irqlab::kernel {

namespace {

// vm_flags of memory that has no struct page, or whose pages the driver put in. [LX include/linux/mm.h]
constexpr unsigned long vm_pfnmap = 0x400, vm_io = 0x4000, vm_dontexpand = 0x40000, vm_dontdump = 0x4000000,
                        vm_mixedmap = 0x10000000;

bool fits(const abi::vm_area_struct& vma, unsigned long addr, unsigned long size)
{
    return addr % page_bytes == 0 && addr >= vma.vm_start && addr <= vma.vm_end && size <= vma.vm_end - addr;
}

void add(abi::vm_area_struct& vma, unsigned long addr, u64 phys, unsigned long size)
{
    auto* piece = kernel().arena.make<VmaPiece>();
    *piece = {addr, phys, size, static_cast<VmaPiece*>(vma.__lab)};
    vma.__lab = piece;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int remap_pfn_range(struct vm_area_struct* vma, unsigned long addr, unsigned long pfn, unsigned long size,
                    pgprot_t)
{
    size = (size + page_bytes - 1) / page_bytes * page_bytes;
    if (!fits(*vma, addr, size))
        return -EINVAL;
    vma->vm_flags |= vm_io | vm_pfnmap | vm_dontexpand | vm_dontdump;
    add(*vma, addr, pfn * page_bytes, size);
    return 0;
}

int vm_insert_page(struct vm_area_struct* vma, unsigned long addr, struct page* page)
{
    if (!fits(*vma, addr, page_bytes))
        return -EFAULT;
    if (page->_refcount.counter == 0)
        return -EINVAL;
    vma->vm_flags |= vm_mixedmap;
    add(*vma, addr, phys_of(kernel::kernel(), page->__lab), page_bytes);
    return 0;
}

int vm_iomap_memory(struct vm_area_struct* vma, phys_addr_t start, unsigned long size)
{
    const unsigned long first = start / page_bytes;
    const unsigned long pages = (start % page_bytes + size + page_bytes - 1) / page_bytes;
    const unsigned long wanted = (vma->vm_end - vma->vm_start) / page_bytes;
    if (vma->vm_pgoff > pages || wanted > pages - vma->vm_pgoff)
        return -EINVAL;
    return remap_pfn_range(vma, vma->vm_start, first + vma->vm_pgoff, wanted * page_bytes, vma->vm_page_prot);
}

int remap_vmalloc_range(struct vm_area_struct* vma, void* addr, unsigned long pgoff)
{
    Kernel& k = kernel::kernel();
    HeapObject object;
    const unsigned long size = vma->vm_end - vma->vm_start;
    const unsigned long from = pgoff * page_bytes;
    if (!memory_find(k, addr, object) || object.start != reinterpret_cast<unsigned long>(addr) ||
        from > object.room || size > object.room - from)
        return -EINVAL;
    vma->vm_flags |= vm_dontexpand | vm_dontdump;
    add(*vma, vma->vm_start, phys_of(k, static_cast<char*>(addr) + from), size);
    return 0;
}

} // namespace irqlab::abi

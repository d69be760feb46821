/* SPDX-License-Identifier: MIT */
/* linux/mm.h: pages and mappings. */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/atomic.h>
#include <linux/mm_types.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <asm/processor.h>
#include <asm/pgtable.h>
#define VM_READ 0x00000001UL
#define VM_WRITE 0x00000002UL
#define VM_EXEC 0x00000004UL
#define VM_SHARED 0x00000008UL
#define VM_PFNMAP 0x00000400UL
#define VM_IO 0x00004000UL
#define VM_DONTCOPY 0x00020000UL
#define VM_DONTEXPAND 0x00040000UL
#define VM_DONTDUMP 0x04000000UL
#define VM_MIXEDMAP 0x10000000UL
#define VM_FAULT_OOM 0x000001
#define VM_FAULT_SIGBUS 0x000002
#define VM_FAULT_NOPAGE 0x000100
#define VM_FAULT_LOCKED 0x000200
#define FOLL_WRITE 0x01
#define FOLL_FORCE 0x10
#define FOLL_LONGTERM 0x10000
#define page_address(page) __lab_page_address(page)
#define io_remap_pfn_range remap_pfn_range
#define kmap(page) page_address(page)
#define kunmap(page) ((void)(page))
#define kmap_atomic(page) page_address(page)
#define kunmap_atomic(addr) ((void)(addr))
#define kmap_local_page(page) page_address(page)
#define kunmap_local(addr) ((void)(addr))
#define SetPageReserved(page) ((void)(page))
#define ClearPageReserved(page) ((void)(page))
#define vmalloc_to_page(addr) __lab_virt_to_page(addr)
#define vmalloc_to_pfn(addr) ((unsigned long)(__lab_virt_to_phys(addr) >> PAGE_SHIFT))
#define virt_to_head_page(addr) virt_to_page(addr)
#define get_order(size) ((size) <= PAGE_SIZE ? 0 : order_base_2(((size) + PAGE_SIZE - 1) >> PAGE_SHIFT))
static inline int page_count(const struct page *page) { return atomic_read(&page->_refcount); }
static inline void get_page(struct page *page) { atomic_inc(&page->_refcount); }
static inline void put_page(struct page *page)
{
    if (atomic_dec_and_test(&page->_refcount))
        __free_pages(page, 0);
}
static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
    return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}
#if IRQLAB_KERNEL >= 0x060300
static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags) { vma->vm_flags |= flags; }
static inline void vm_flags_clear(struct vm_area_struct *vma, unsigned long flags) { vma->vm_flags &= ~flags; }
#endif
#endif

/* SPDX-License-Identifier: MIT */
/* mm.h: memory: kmalloc, vmalloc, pages, caches, mappings of device and user memory. */
#ifndef IRQLAB_ABI_MM_H
#define IRQLAB_ABI_MM_H

#include "lock.h"

IRQLAB_ABI_BEGIN

#define __GFP_DMA ((gfp_t)0x01)
#define __GFP_HIGHMEM ((gfp_t)0x02)
#define __GFP_DMA32 ((gfp_t)0x04)
#define __GFP_MOVABLE ((gfp_t)0x08)
#define __GFP_RECLAIMABLE ((gfp_t)0x10)
#define __GFP_HIGH ((gfp_t)0x20)
#define __GFP_IO ((gfp_t)0x40)
#define __GFP_FS ((gfp_t)0x80)
#define __GFP_ZERO ((gfp_t)0x100)
#define __GFP_ATOMIC ((gfp_t)0x200)
#define __GFP_DIRECT_RECLAIM ((gfp_t)0x400)
#define __GFP_KSWAPD_RECLAIM ((gfp_t)0x800)
#define __GFP_RECLAIM (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define __GFP_WRITE ((gfp_t)0x1000)
#define __GFP_NOWARN ((gfp_t)0x2000)
#define __GFP_RETRY_MAYFAIL ((gfp_t)0x4000)
#define __GFP_NOFAIL ((gfp_t)0x8000)
#define __GFP_NORETRY ((gfp_t)0x10000)
#define __GFP_MEMALLOC ((gfp_t)0x20000)
#define __GFP_COMP ((gfp_t)0x40000)
#define __GFP_NOMEMALLOC ((gfp_t)0x80000)
#define __GFP_HARDWALL ((gfp_t)0x100000)
#define __GFP_THISNODE ((gfp_t)0x200000)
#define __GFP_ACCOUNT ((gfp_t)0x400000)
#define GFP_ATOMIC (__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM)
#define GFP_NOIO (__GFP_RECLAIM)
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)
#define GFP_USER (GFP_KERNEL | __GFP_HARDWALL)
#define GFP_DMA __GFP_DMA
#define GFP_DMA32 __GFP_DMA32
#define GFP_HIGHUSER (GFP_USER | __GFP_HIGHMEM)

/* 6.10 renamed the entry points; all of them are exported. */
void *__kmalloc(size_t size, gfp_t flags) __attribute__((malloc));
void kfree(const void *ptr);
void kfree_sensitive(const void *ptr);
void *krealloc(const void *ptr, size_t size, gfp_t flags);
size_t ksize(const void *ptr);
void *kmemdup(const void *from, size_t size, gfp_t flags);
char *kstrdup(const char *text, gfp_t flags);
char *kstrndup(const char *text, size_t max, gfp_t flags);
char *kmemdup_nul(const char *text, size_t size, gfp_t flags);
char *kasprintf(gfp_t flags, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
char *kvasprintf(gfp_t flags, const char *format, va_list args);
void *kvmalloc_node(size_t size, gfp_t flags, int node);
void kvfree(const void *ptr);
void *vmalloc(unsigned long size);
void *vzalloc(unsigned long size);
void *vmalloc_user(unsigned long size);
void vfree(const void *ptr);

unsigned long __get_free_pages(gfp_t flags, unsigned int order);
unsigned long get_zeroed_page(gfp_t flags);
void free_pages(unsigned long addr, unsigned int order);
struct page *__lab_alloc_pages(gfp_t flags, unsigned int order);
void __free_pages(struct page *page, unsigned int order);
void *__lab_page_address(const struct page *page);
struct page *__lab_virt_to_page(const volatile void *addr);
phys_addr_t __lab_virt_to_phys(const volatile void *addr);
void *__lab_phys_to_virt(phys_addr_t addr);

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags,
                                     void (*ctor)(void *object));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* Device memory: a cookie in an address range of its own, for the functions of io.h only. */
void *ioremap(resource_size_t start, unsigned long size);
void *ioremap_wc(resource_size_t start, unsigned long size);
void *ioremap_cache(resource_size_t start, unsigned long size);
void iounmap(volatile void *cookie);
void *devm_ioremap(struct device *dev, resource_size_t start, resource_size_t size);
void *devm_ioremap_resource(struct device *dev, const struct resource *resource);
void *memremap(resource_size_t start, size_t size, unsigned long flags);
void memunmap(void *addr);

typedef struct { unsigned long pgprot; } pgprot_t;
typedef unsigned int vm_fault_t;
struct page { unsigned long flags; atomic_t _refcount; unsigned long index; void *__lab; };
struct vm_operations_struct {
    void (*open)(struct vm_area_struct *vma);
    void (*close)(struct vm_area_struct *vma);
    vm_fault_t (*fault)(struct vm_fault *fault);
    int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write);
};
struct vm_area_struct {
    unsigned long vm_start, vm_end;
    struct mm_struct *vm_mm;
    pgprot_t vm_page_prot;
    unsigned long vm_flags;
    const struct vm_operations_struct *vm_ops;
    unsigned long vm_pgoff;
    struct file *vm_file;
    void *vm_private_data;
    void *__lab;
};
struct vm_fault {
    struct vm_area_struct *vma;
    gfp_t gfp_mask;
    pgoff_t pgoff;
    unsigned long address;
    unsigned int flags;
    struct page *page;
};
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size,
                    pgprot_t prot);
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
int get_user_pages_fast(unsigned long start, int count, unsigned int flags, struct page **pages);
int pin_user_pages_fast(unsigned long start, int count, unsigned int flags, struct page **pages);
void unpin_user_page(struct page *page);
void unpin_user_pages(struct page **pages, unsigned long count);
int vm_iomap_memory(struct vm_area_struct *vma, phys_addr_t start, unsigned long size);
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff);

void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t flags, unsigned long attrs);
void dma_free_attrs(struct device *dev, size_t size, void *addr, dma_addr_t handle, unsigned long attrs);
void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs);
void dmam_free_coherent(struct device *dev, size_t size, void *addr, dma_addr_t handle);
int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);
dma_addr_t __lab_dma_map_single(struct device *dev, void *addr, size_t size, int direction);
void __lab_dma_unmap_single(struct device *dev, dma_addr_t handle, size_t size, int direction);
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t handle, size_t size, int direction);
void dma_sync_single_for_device(struct device *dev, dma_addr_t handle, size_t size, int direction);

IRQLAB_ABI_END

#endif

// What of this folder modules may call.
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/module/export.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

namespace {
void* ioport_resource_of(Kernel& k) { return &k.memory->ioports; }
void* iomem_resource_of(Kernel& k) { return &k.memory->iomem; }
} // namespace

extern const Export mm_exports[] = {
    EXPORT(__devm_request_region),
    EXPORT(__free_pages),
    EXPORT(__get_free_pages),
    EXPORT(__kmalloc),
    EXPORT(__lab_alloc_pages),
    EXPORT(__lab_dma_map_single),
    EXPORT(__lab_dma_unmap_single),
    EXPORT(__lab_inb),
    EXPORT(__lab_inl),
    EXPORT(__lab_inw),
    EXPORT(__lab_mmio_read),
    EXPORT(__lab_mmio_write),
    EXPORT(__lab_outb),
    EXPORT(__lab_outl),
    EXPORT(__lab_outw),
    EXPORT(__lab_page_address),
    EXPORT(__lab_phys_to_virt),
    EXPORT(__lab_virt_to_page),
    EXPORT(__lab_virt_to_phys),
    EXPORT(__release_region),
    EXPORT(__request_region),
    EXPORT(devm_ioremap),
    EXPORT(devm_ioremap_resource),
    EXPORT(dma_alloc_attrs),
    EXPORT(dma_free_attrs),
    EXPORT(dma_set_coherent_mask),
    EXPORT(dma_set_mask),
    EXPORT(dma_sync_single_for_cpu),
    EXPORT(dma_sync_single_for_device),
    EXPORT(dmam_alloc_attrs),
    EXPORT(dmam_free_coherent),
    EXPORT(free_pages),
    EXPORT_GPL(get_user_pages_fast),
    EXPORT(get_zeroed_page),
    EXPORT(ioport_map),
    EXPORT(ioport_unmap),
    EXPORT(ioremap),
    EXPORT(ioremap_cache),
    EXPORT(ioremap_wc),
    EXPORT(iounmap),
    EXPORT(kasprintf),
    EXPORT(kfree),
    {"kfree_sensitive", reinterpret_cast<const void*>(&abi::kfree_sensitive), false, Release::v5_10,
     Release::v6_12},
    EXPORT(kmem_cache_alloc),
    EXPORT(kmem_cache_create),
    EXPORT(kmem_cache_destroy),
    EXPORT(kmem_cache_free),
    EXPORT(kmemdup),
    EXPORT(kmemdup_nul),
    EXPORT(krealloc),
    EXPORT(ksize),
    EXPORT(kstrdup),
    EXPORT(kstrndup),
    EXPORT(kvasprintf),
    EXPORT(kvfree),
    EXPORT(kvmalloc_node),
    EXPORT(memremap),
    EXPORT(memunmap),
    {"pin_user_pages_fast", reinterpret_cast<const void*>(&abi::pin_user_pages_fast), true, Release::v5_10},
    EXPORT(release_resource),
    EXPORT(remap_pfn_range),
    EXPORT(remap_vmalloc_range),
    EXPORT(request_resource),
    {"unpin_user_page", reinterpret_cast<const void*>(&abi::unpin_user_page), false, Release::v5_10},
    {"unpin_user_pages", reinterpret_cast<const void*>(&abi::unpin_user_pages), false, Release::v5_10},
    EXPORT(vfree),
    EXPORT(vm_insert_page),
    EXPORT(vm_iomap_memory),
    EXPORT(vmalloc),
    EXPORT(vmalloc_user),
    EXPORT(vzalloc),
    {"ioport_resource", nullptr, false, Release::v5_4, Release::v6_12, ioport_resource_of},
    {"iomem_resource", nullptr, false, Release::v5_4, Release::v6_12, iomem_resource_of},
};
extern const std::size_t mm_exports_count = std::size(mm_exports);

} // namespace irqlab::kernel

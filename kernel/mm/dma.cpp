// Memory that a device reaches: its address on the bus is the physical one, if the device has so many address lines.
//
// Caches are coherent, and nothing is mapped or bounced: what a mask does not cover cannot be had. Not modelled: an
// IOMMU's translation of DMA, swiotlb. Source: [LX core-api/dma-api]; [LX kernel/dma/direct.c] for what is refused.
#include "kernel/entry/oops.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/sched/task.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

namespace {

constexpr u64 mapping_error = ~u64{0};
constexpr u64 zone_dma = 0xffffff; // no mask may be smaller than 24 bits

bool covers(u64 mask, u64 address, std::size_t size) { return size != 0 && address + size - 1 <= mask; }

/// Before 5.x a null device stood for ISA's: 24 bits, which nothing here is held to.
u64 coherent_mask(const abi::device* dev) { return dev ? dev->coherent_dma_mask : ~u64{0}; }

struct Coherent {
    void* memory;
    std::size_t size;
};

void release_coherent(void* data)
{
    const auto& held = *static_cast<const Coherent*>(data);
    abi::dma_free_attrs(nullptr, held.size, held.memory, phys_of(kernel(), held.memory), 0);
}

bool same_memory(const void* data, const void* wanted)
{
    return static_cast<const Coherent*>(data)->memory == static_cast<const Coherent*>(wanted)->memory;
}

void warn_overflow(const abi::device& dev, u64 address, std::size_t size, u64 mask)
{
    kernel_warn("kernel/dma/direct.h", 103, "dma_map_page_attrs",
                    "%s %s: DMA addr 0x%016llx+%zu overflow (mask %llx, bus limit 0).\n",
                    dev.driver ? dev.driver->name : "", name_of(dev), address, size, mask);
}

/// vmalloc's memory and stacks are in pieces: Linux does not map them.
bool is_vmalloc(Kernel& k, const void* p)
{
    const Span* span = span_of(*k.memory, p);
    if (span)
        return span->kind == SpanKind::vmalloc;
    const Task* task = k.this_cpu->current;
    return task && reinterpret_cast<std::uintptr_t>(p) - task->fiber.stack_low() < sim::Fiber::stack_bytes;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void* dma_alloc_attrs(struct device* dev, size_t size, dma_addr_t* handle, gfp_t flags, unsigned long)
{
    Kernel& k = kernel::kernel();
    const u64 mask = coherent_mask(dev);
    if (mask == 0)
        kernel_warn("kernel/dma/mapping.c", 494, "dma_alloc_attrs", nullptr);
    unsigned order = 0;
    while ((page_bytes << order) < size)
        ++order;
    void* memory = reinterpret_cast<void*>(__get_free_pages(flags | __GFP_ZERO, order));
    if (!memory)
        return nullptr;
    *handle = phys_of(k, memory);
    if (covers(mask, *handle, size))
        return memory;
    free_pages(reinterpret_cast<unsigned long>(memory), order);
    return nullptr;
}

void dma_free_attrs(struct device*, size_t, void* addr, dma_addr_t, unsigned long)
{
    free_pages(reinterpret_cast<unsigned long>(addr), 0);
}

void* dmam_alloc_attrs(struct device* dev, size_t size, dma_addr_t* handle, gfp_t flags, unsigned long attrs)
{
    void* held = devres_add(*dev, sizeof(Coherent), release_coherent);
    if (!held)
        return nullptr;
    void* memory = dma_alloc_attrs(dev, size, handle, flags, attrs);
    *static_cast<Coherent*>(held) = {memory, size};
    if (!memory) {
        const Coherent wanted{nullptr, size};
        devres_take(*dev, release_coherent, same_memory, &wanted);
    }
    return memory;
}

void dmam_free_coherent(struct device* dev, size_t size, void* addr, dma_addr_t handle)
{
    const Coherent wanted{addr, size};
    if (!devres_take(*dev, release_coherent, same_memory, &wanted))
        kernel_warn("kernel/dma/mapping.c", 66, "dmam_free_coherent", nullptr);
    dma_free_attrs(dev, size, addr, handle, 0);
}

int dma_set_mask(struct device* dev, u64 mask)
{
    if (!dev->dma_mask || mask < zone_dma)
        return -EIO;
    *dev->dma_mask = mask;
    return 0;
}

int dma_set_coherent_mask(struct device* dev, u64 mask)
{
    if (mask < zone_dma)
        return -EIO;
    dev->coherent_dma_mask = mask;
    return 0;
}

dma_addr_t __lab_dma_map_single(struct device* dev, void* addr, size_t size, int)
{
    Kernel& k = kernel::kernel();
    if (is_vmalloc(k, addr)) {
        kernel_warn("include/linux/dma-mapping.h", 330, "dma_map_single_attrs", "%s %s: rejecting DMA map of vmalloc memory\n",
                   dev && dev->driver ? dev->driver->name : "", dev ? name_of(*dev) : "");
        return mapping_error;
    }
    const u64 address = phys_of(k, addr);
    if (!dev)
        return address;
    if (!dev->dma_mask) {
        kernel_warn("kernel/dma/mapping.c", 144, "dma_map_page_attrs", nullptr);
        return mapping_error;
    }
    if (covers(*dev->dma_mask, address, size) && address < ram_end)
        return address;
    warn_overflow(*dev, address, size, *dev->dma_mask);
    return mapping_error;
}

void __lab_dma_unmap_single(struct device*, dma_addr_t, size_t, int) {}
void dma_sync_single_for_cpu(struct device*, dma_addr_t, size_t, int) {}
void dma_sync_single_for_device(struct device*, dma_addr_t, size_t, int) {}

} // namespace irqlab::abi

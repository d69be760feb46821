/* SPDX-License-Identifier: MIT */
/* linux/dma-mapping.h: memory that a device reaches. */
#ifndef _LINUX_DMA_MAPPING_H
#define _LINUX_DMA_MAPPING_H
#include <linux/errno.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <abi/mm.h>
enum dma_data_direction { DMA_BIDIRECTIONAL = 0, DMA_TO_DEVICE = 1, DMA_FROM_DEVICE = 2, DMA_NONE = 3 };
#define DMA_BIT_MASK(n) (((n) == 64) ? ~0ULL : ((1ULL << (n)) - 1))
#define DMA_MAPPING_ERROR (~(dma_addr_t)0)
static inline void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp)
{
    return dma_alloc_attrs(dev, size, handle, gfp, 0);
}
static inline void dma_free_coherent(struct device *dev, size_t size, void *addr, dma_addr_t handle)
{
    dma_free_attrs(dev, size, addr, handle, 0);
}
static inline int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
    int rc = dma_set_mask(dev, mask);
    return rc ? rc : dma_set_coherent_mask(dev, mask);
}
#define dma_map_single(dev, addr, size, direction) __lab_dma_map_single(dev, addr, size, direction)
#define dma_unmap_single(dev, handle, size, direction) __lab_dma_unmap_single(dev, handle, size, direction)
static inline u64 dma_get_mask(struct device *dev)
{
    return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask : DMA_BIT_MASK(32);
}
static inline int dma_mapping_error(struct device *dev, dma_addr_t handle)
{
    return handle == DMA_MAPPING_ERROR ? -ENOMEM : 0;
}
static inline void *dmam_alloc_coherent(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp)
{
    return dmam_alloc_attrs(dev, size, handle, gfp, 0);
}
#endif

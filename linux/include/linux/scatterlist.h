/* SPDX-License-Identifier: MIT */
/* linux/scatterlist.h: memory in pieces. */
#ifndef _LINUX_SCATTERLIST_H
#define _LINUX_SCATTERLIST_H
#include <linux/string.h>
#include <linux/types.h>
#include <linux/bug.h>
#include <linux/mm.h>
#include <asm/io.h>
struct scatterlist {
    unsigned long page_link;
    unsigned int offset, length;
    dma_addr_t dma_address;
    unsigned int dma_length;
};
static inline struct page *sg_page(struct scatterlist *sg) { return (struct page *)(sg->page_link & ~3UL); }
static inline void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int length, unsigned int offset)
{
    sg->page_link = (sg->page_link & 3UL) | (unsigned long)page;
    sg->offset = offset;
    sg->length = length;
}
static inline void *sg_virt(struct scatterlist *sg) { return (char *)page_address(sg_page(sg)) + sg->offset; }
#define sg_dma_address(sg) ((sg)->dma_address)
#define sg_dma_len(sg) ((sg)->dma_length)
#endif

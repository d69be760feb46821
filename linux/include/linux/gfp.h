/* SPDX-License-Identifier: MIT */
/* linux/gfp.h: allocation flags, pages */
#ifndef IRQLAB_LINUX_GFP_H
#define IRQLAB_LINUX_GFP_H
#include <linux/types.h>
#include <asm/page.h>
#include <abi/mm.h>
#define __get_free_page(flags) __get_free_pages((flags), 0)
#define __get_dma_pages(flags, order) __get_free_pages((flags) | GFP_DMA, (order))
#define free_page(addr) free_pages((addr), 0)
#define alloc_pages(flags, order) __lab_alloc_pages(flags, order)
#define alloc_page(flags) alloc_pages(flags, 0)
#define alloc_pages_node(node, flags, order) alloc_pages(flags, order)
#define __free_page(page) __free_pages((page), 0)
#define gfpflags_allow_blocking(flags) (!!((flags) & __GFP_DIRECT_RECLAIM))
#endif

/* SPDX-License-Identifier: MIT */
/* asm/dma.h: the ISA DMA controller */
#ifndef IRQLAB_ASM_DMA_H
#define IRQLAB_ASM_DMA_H
#include <asm/io.h>
#include <linux/spinlock.h>
#include <linux/delay.h>
#endif

/* SPDX-License-Identifier: MIT */
/* asm/cache.h: cache line attributes */
#ifndef IRQLAB_ASM_CACHE_H
#define IRQLAB_ASM_CACHE_H
#include <linux/compiler.h>
#endif

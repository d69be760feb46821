/* SPDX-License-Identifier: MIT */
/* asm/cmpxchg.h: compare and exchange */
#ifndef IRQLAB_ASM_CMPXCHG_H
#define IRQLAB_ASM_CMPXCHG_H
#include <linux/atomic.h>
#endif

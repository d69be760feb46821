/* SPDX-License-Identifier: MIT */
/* asm/bitops.h: bits */
#ifndef IRQLAB_ASM_BITOPS_H
#define IRQLAB_ASM_BITOPS_H
#include <linux/bitops.h>
#endif

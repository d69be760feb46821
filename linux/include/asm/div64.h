/* SPDX-License-Identifier: MIT */
/* asm/div64.h: 64-bit division */
#ifndef IRQLAB_ASM_DIV64_H
#define IRQLAB_ASM_DIV64_H
#include <linux/math.h>
#endif

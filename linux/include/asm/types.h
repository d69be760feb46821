/* SPDX-License-Identifier: MIT */
/* asm/types.h: integer types */
#ifndef IRQLAB_ASM_TYPES_H
#define IRQLAB_ASM_TYPES_H
#include <linux/types.h>
#endif

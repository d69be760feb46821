/* SPDX-License-Identifier: MIT */
/* asm/segment.h: segments */
#ifndef IRQLAB_ASM_SEGMENT_H
#define IRQLAB_ASM_SEGMENT_H
#include <linux/types.h>
#endif

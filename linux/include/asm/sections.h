/* SPDX-License-Identifier: MIT */
/* asm/sections.h: sections of the kernel */
#ifndef IRQLAB_ASM_SECTIONS_H
#define IRQLAB_ASM_SECTIONS_H
#include <linux/types.h>
#endif

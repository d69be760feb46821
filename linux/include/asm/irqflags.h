/* SPDX-License-Identifier: MIT */
/* asm/irqflags.h: the interrupt flag */
#ifndef IRQLAB_ASM_IRQFLAGS_H
#define IRQLAB_ASM_IRQFLAGS_H
#include <linux/irqflags.h>
#endif

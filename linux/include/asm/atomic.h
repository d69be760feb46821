/* SPDX-License-Identifier: MIT */
/* asm/atomic.h: atomic integers */
#ifndef IRQLAB_ASM_ATOMIC_H
#define IRQLAB_ASM_ATOMIC_H
#include <linux/atomic.h>
#endif

/* SPDX-License-Identifier: MIT */
/* asm/system.h: barriers; until 3.3. Given for 5.4, which stands for all before it. */
#ifndef _IRQLAB_ASM_SYSTEM_H
#define _IRQLAB_ASM_SYSTEM_H
#if IRQLAB_KERNEL >= 0x050500
#error "asm/system.h: No such file or directory"
#endif
#include <linux/irqflags.h>
#include <asm/barrier.h>
#include <linux/atomic.h>
#endif

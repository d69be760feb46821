/* SPDX-License-Identifier: MIT */
/* asm/semaphore.h: semaphores; until 2.6.25. Given for 5.4, which stands for all before it. */
#ifndef _IRQLAB_ASM_SEMAPHORE_H
#define _IRQLAB_ASM_SEMAPHORE_H
#if IRQLAB_KERNEL >= 0x050500
#error "asm/semaphore.h: No such file or directory"
#endif
#include <linux/semaphore.h>
#endif

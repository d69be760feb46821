/* SPDX-License-Identifier: MIT */
/* asm/preempt.h: preemption */
#ifndef IRQLAB_ASM_PREEMPT_H
#define IRQLAB_ASM_PREEMPT_H
#include <linux/preempt.h>
#endif

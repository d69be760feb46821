/* SPDX-License-Identifier: MIT */
/* asm/smp.h: CPUs */
#ifndef IRQLAB_ASM_SMP_H
#define IRQLAB_ASM_SMP_H
#include <linux/smp.h>
#endif

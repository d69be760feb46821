/* SPDX-License-Identifier: MIT */
/* asm/percpu.h: per-CPU variables */
#ifndef IRQLAB_ASM_PERCPU_H
#define IRQLAB_ASM_PERCPU_H
#include <linux/percpu.h>
#endif

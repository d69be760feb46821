/* SPDX-License-Identifier: MIT */
/* asm/tsc.h: cycles */
#ifndef IRQLAB_ASM_TSC_H
#define IRQLAB_ASM_TSC_H
#include <asm/timex.h>
#endif

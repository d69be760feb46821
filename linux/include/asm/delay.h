/* SPDX-License-Identifier: MIT */
/* asm/delay.h: waiting in place */
#ifndef IRQLAB_ASM_DELAY_H
#define IRQLAB_ASM_DELAY_H
#include <linux/delay.h>
#endif

/* SPDX-License-Identifier: MIT */
/* asm/signal.h: signals */
#ifndef IRQLAB_ASM_SIGNAL_H
#define IRQLAB_ASM_SIGNAL_H
#include <linux/signal.h>
#endif

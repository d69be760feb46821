/* SPDX-License-Identifier: MIT */
/* asm/irq.h: legacy interrupts. */
#ifndef _ASM_IRQ_H
#define _ASM_IRQ_H
#include <asm/irq_vectors.h>
static inline int irq_canonicalize(int irq) { return irq == 2 ? 9 : irq; }
#endif

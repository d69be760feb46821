/* SPDX-License-Identifier: MIT */
/* asm/hw_irq.h: the per-CPU table from vector to descriptor. */
#ifndef _ASM_HW_IRQ_H
#define _ASM_HW_IRQ_H
#include <asm/irq_vectors.h>
#include <linux/percpu.h>
#define VECTOR_UNUSED NULL
#define VECTOR_SHUTDOWN ((void *)-1L)
#define VECTOR_RETRIGGERED ((void *)-2L)
typedef struct irq_desc *vector_irq_t[NR_VECTORS];
#endif

/* SPDX-License-Identifier: MIT */
/* asm/irq_vectors.h: the vectors' use on x86 [SDM3] "Exception and Interrupt Vectors". */
#ifndef _ASM_IRQ_VECTORS_H
#define _ASM_IRQ_VECTORS_H
#include <abi/irq.h>
#define NMI_VECTOR 0x02
#define IA32_SYSCALL_VECTOR 0x80
#define ISA_IRQ_VECTOR(irq) (((FIRST_EXTERNAL_VECTOR + 16) & ~15) + irq)
#define NR_IRQS_LEGACY 16
#define NR_IRQS 4352
#define LOCAL_TIMER_VECTOR 0xec
#define RESCHEDULE_VECTOR 0xfd
#define IRQ_WORK_VECTOR 0xf6
#endif

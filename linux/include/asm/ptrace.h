/* SPDX-License-Identifier: MIT */
/* asm/ptrace.h: saved registers. */
#ifndef _ASM_PTRACE_H
#define _ASM_PTRACE_H
#include <linux/types.h>
static inline unsigned long instruction_pointer(struct pt_regs *regs) { return regs->ip; }
static inline unsigned long user_stack_pointer(struct pt_regs *regs) { return regs->sp; }
static inline unsigned long kernel_stack_pointer(struct pt_regs *regs) { return regs->sp; }
static inline int user_mode(struct pt_regs *regs) { return (regs->cs & 3) == 3; }
#endif

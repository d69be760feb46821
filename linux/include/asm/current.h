/* SPDX-License-Identifier: MIT */
/* asm/current.h: the task that runs. */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H
#include <linux/compiler.h>
struct task_struct;
struct task_struct *__lab_current(void);
static inline struct task_struct *get_current(void) { return __lab_current(); }
#define current get_current()
#endif

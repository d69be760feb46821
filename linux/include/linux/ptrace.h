/* SPDX-License-Identifier: MIT */
/* linux/ptrace.h: saved registers */
#ifndef IRQLAB_LINUX_PTRACE_H
#define IRQLAB_LINUX_PTRACE_H
#include <asm/ptrace.h>
#include <linux/sched.h>
#endif

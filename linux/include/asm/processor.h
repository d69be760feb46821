/* SPDX-License-Identifier: MIT */
/* asm/processor.h: instructions and facts of the processor. */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H
#include <linux/types.h>
#include <linux/bug.h>
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/current.h>
#include <asm/msr.h>
#include <abi/lock.h>
#include <abi/time.h>
#define cpu_relax() __lab_cpu_relax()
#define prefetch(x) __builtin_prefetch(x)
#define prefetchw(x) __builtin_prefetch(x, 1)
#endif

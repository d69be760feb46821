/* SPDX-License-Identifier: MIT */
/* asm/timex.h: cycles. */
#ifndef _ASM_TIMEX_H
#define _ASM_TIMEX_H
#include <asm/processor.h>
#include <asm/msr.h>
typedef unsigned long long cycles_t;
static inline cycles_t get_cycles(void) { return __lab_rdtsc(); }
#endif

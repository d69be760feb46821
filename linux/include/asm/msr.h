/* SPDX-License-Identifier: MIT */
/* asm/msr.h: the time stamp counter. */
#ifndef _ASM_MSR_H
#define _ASM_MSR_H
#include <abi/time.h>
#define rdtsc() __lab_rdtsc()
#define rdtsc_ordered() __lab_rdtsc()
#define rdtscll(value) ((value) = __lab_rdtsc())
#define rdtscl(low) ((low) = (u32)__lab_rdtsc())
#endif

/* SPDX-License-Identifier: MIT */
/* linux/sched/clock.h: the scheduler's clock. */
#ifndef _LINUX_SCHED_CLOCK_H
#define _LINUX_SCHED_CLOCK_H
#include <linux/smp.h>
#include <abi/time.h>
static inline u64 cpu_clock(int cpu) { return local_clock(); }
#endif

/* SPDX-License-Identifier: MIT */
/* linux/bottom_half.h: softirqs of this CPU held off. */
#ifndef _LINUX_BOTTOM_HALF_H
#define _LINUX_BOTTOM_HALF_H
#include <linux/types.h>
#include <abi/softirq.h>
static inline void local_bh_disable(void) { __lab_local_bh_disable(); }
static inline void local_bh_enable(void) { __lab_local_bh_enable(); }
#endif

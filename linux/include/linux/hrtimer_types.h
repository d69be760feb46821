/* SPDX-License-Identifier: MIT */
/* linux/hrtimer_types.h: timers with nanoseconds */
#ifndef IRQLAB_LINUX_HRTIMER_TYPES_H
#define IRQLAB_LINUX_HRTIMER_TYPES_H
#include <linux/types.h>
#include <abi/time.h>
#endif

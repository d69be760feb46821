/* SPDX-License-Identifier: MIT */
/* linux/sched_clock.h: the scheduler's clock */
#ifndef IRQLAB_LINUX_SCHED_CLOCK_H
#define IRQLAB_LINUX_SCHED_CLOCK_H
#include <linux/types.h>
#endif

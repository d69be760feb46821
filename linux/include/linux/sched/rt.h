/* SPDX-License-Identifier: MIT */
/* linux/sched/rt.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_RT_H
#define IRQLAB_LINUX_SCHED_RT_H
#include <linux/sched.h>
#endif

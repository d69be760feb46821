/* SPDX-License-Identifier: MIT */
/* linux/sched/debug.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_DEBUG_H
#define IRQLAB_LINUX_SCHED_DEBUG_H
#include <linux/sched.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/sched/mm.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_MM_H
#define IRQLAB_LINUX_SCHED_MM_H
#include <linux/sched.h>
#endif

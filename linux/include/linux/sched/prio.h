/* SPDX-License-Identifier: MIT */
/* linux/sched/prio.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_PRIO_H
#define IRQLAB_LINUX_SCHED_PRIO_H
#include <linux/sched.h>
#endif

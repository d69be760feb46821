/* SPDX-License-Identifier: MIT */
/* linux/sched/deadline.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_DEADLINE_H
#define IRQLAB_LINUX_SCHED_DEADLINE_H
#include <linux/sched.h>
#endif

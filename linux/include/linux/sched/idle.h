/* SPDX-License-Identifier: MIT */
/* linux/sched/idle.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_IDLE_H
#define IRQLAB_LINUX_SCHED_IDLE_H
#include <linux/sched.h>
#endif

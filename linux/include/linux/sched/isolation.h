/* SPDX-License-Identifier: MIT */
/* linux/sched/isolation.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_ISOLATION_H
#define IRQLAB_LINUX_SCHED_ISOLATION_H
#include <linux/sched.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/sched/loadavg.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_LOADAVG_H
#define IRQLAB_LINUX_SCHED_LOADAVG_H
#include <linux/sched.h>
#endif

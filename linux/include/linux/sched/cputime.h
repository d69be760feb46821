/* SPDX-License-Identifier: MIT */
/* linux/sched/cputime.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_CPUTIME_H
#define IRQLAB_LINUX_SCHED_CPUTIME_H
#include <linux/sched.h>
#endif

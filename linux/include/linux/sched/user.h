/* SPDX-License-Identifier: MIT */
/* linux/sched/user.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_USER_H
#define IRQLAB_LINUX_SCHED_USER_H
#include <linux/sched.h>
#endif

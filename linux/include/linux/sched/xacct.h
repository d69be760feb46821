/* SPDX-License-Identifier: MIT */
/* linux/sched/xacct.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_XACCT_H
#define IRQLAB_LINUX_SCHED_XACCT_H
#include <linux/sched.h>
#endif

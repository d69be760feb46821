/* SPDX-License-Identifier: MIT */
/* linux/sched/topology.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_TOPOLOGY_H
#define IRQLAB_LINUX_SCHED_TOPOLOGY_H
#include <linux/sched.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/topology.h: nodes of memory */
#ifndef IRQLAB_LINUX_TOPOLOGY_H
#define IRQLAB_LINUX_TOPOLOGY_H
#include <linux/cpumask.h>
#endif

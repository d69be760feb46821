/* SPDX-License-Identifier: MIT */
/* linux/swait.h: wait queues */
#ifndef IRQLAB_LINUX_SWAIT_H
#define IRQLAB_LINUX_SWAIT_H
#include <linux/wait.h>
#endif

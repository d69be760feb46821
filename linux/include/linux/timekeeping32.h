/* SPDX-License-Identifier: MIT */
/* linux/timekeeping32.h: older clocks */
#ifndef IRQLAB_LINUX_TIMEKEEPING32_H
#define IRQLAB_LINUX_TIMEKEEPING32_H
#include <linux/time64.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/math64.h: 64-bit division */
#ifndef IRQLAB_LINUX_MATH64_H
#define IRQLAB_LINUX_MATH64_H
#include <linux/math.h>
#endif

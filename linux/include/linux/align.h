/* SPDX-License-Identifier: MIT */
/* linux/align.h: alignment */
#ifndef IRQLAB_LINUX_ALIGN_H
#define IRQLAB_LINUX_ALIGN_H
#include <linux/math.h>
#endif

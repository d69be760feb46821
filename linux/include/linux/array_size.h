/* SPDX-License-Identifier: MIT */
/* linux/array_size.h: ARRAY_SIZE */
#ifndef IRQLAB_LINUX_ARRAY_SIZE_H
#define IRQLAB_LINUX_ARRAY_SIZE_H
#include <linux/kernel.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/find.h: bit searches */
#ifndef IRQLAB_LINUX_FIND_H
#define IRQLAB_LINUX_FIND_H
#include <linux/bitops.h>
#endif

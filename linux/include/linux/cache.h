/* SPDX-License-Identifier: MIT */
/* linux/cache.h: cache line attributes */
#ifndef IRQLAB_LINUX_CACHE_H
#define IRQLAB_LINUX_CACHE_H
#include <linux/compiler.h>
#endif

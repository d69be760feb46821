/* SPDX-License-Identifier: MIT */
/* linux/ratelimit.h: rate limits */
#ifndef IRQLAB_LINUX_RATELIMIT_H
#define IRQLAB_LINUX_RATELIMIT_H
#include <linux/ratelimit_types.h>
#endif

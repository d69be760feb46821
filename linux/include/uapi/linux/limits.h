/* SPDX-License-Identifier: MIT */
/* uapi/linux/limits.h: limits */
#ifndef IRQLAB_UAPI_LINUX_LIMITS_H
#define IRQLAB_UAPI_LINUX_LIMITS_H
#include <linux/limits.h>
#endif

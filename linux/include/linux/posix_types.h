/* SPDX-License-Identifier: MIT */
/* linux/posix_types.h: integer types */
#ifndef IRQLAB_LINUX_POSIX_TYPES_H
#define IRQLAB_LINUX_POSIX_TYPES_H
#include <linux/types.h>
#endif

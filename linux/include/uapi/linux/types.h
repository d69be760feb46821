/* SPDX-License-Identifier: MIT */
/* uapi/linux/types.h: integer types */
#ifndef IRQLAB_UAPI_LINUX_TYPES_H
#define IRQLAB_UAPI_LINUX_TYPES_H
#include <linux/types.h>
#endif

/* SPDX-License-Identifier: MIT */
/* uapi/linux/version.h: the kernel version */
#ifndef IRQLAB_UAPI_LINUX_VERSION_H
#define IRQLAB_UAPI_LINUX_VERSION_H
#include <linux/version.h>
#endif

/* SPDX-License-Identifier: MIT */
/* generated/uapi/linux/version.h: the kernel version */
#ifndef IRQLAB_GENERATED_UAPI_LINUX_VERSION_H
#define IRQLAB_GENERATED_UAPI_LINUX_VERSION_H
#include <linux/version.h>
#endif

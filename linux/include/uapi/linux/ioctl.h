/* SPDX-License-Identifier: MIT */
/* uapi/linux/ioctl.h: numbers of ioctls */
#ifndef IRQLAB_UAPI_LINUX_IOCTL_H
#define IRQLAB_UAPI_LINUX_IOCTL_H
#include <uapi/asm/ioctl.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/ioctl.h: numbers of ioctls */
#ifndef IRQLAB_LINUX_IOCTL_H
#define IRQLAB_LINUX_IOCTL_H
#include <uapi/asm/ioctl.h>
#endif

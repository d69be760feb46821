/* SPDX-License-Identifier: MIT */
/* asm/ioctl.h: numbers of ioctls */
#ifndef IRQLAB_ASM_IOCTL_H
#define IRQLAB_ASM_IOCTL_H
#include <uapi/asm/ioctl.h>
#endif

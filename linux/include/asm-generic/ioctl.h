/* SPDX-License-Identifier: MIT */
/* asm-generic/ioctl.h: numbers of ioctls */
#ifndef IRQLAB_ASM_GENERIC_IOCTL_H
#define IRQLAB_ASM_GENERIC_IOCTL_H
#include <uapi/asm/ioctl.h>
#endif

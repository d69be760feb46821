/* SPDX-License-Identifier: MIT */
/* linux/version.h: the kernel version that this build is for (gcc -DIRQLAB_KERNEL=0xMMmm00). */
#ifndef _LINUX_VERSION_H
#define _LINUX_VERSION_H
#ifndef IRQLAB_KERNEL
#error "IRQLAB_KERNEL is not defined: modules are compiled by `irqlab build`"
#endif
#define LINUX_VERSION_CODE IRQLAB_KERNEL
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#define LINUX_VERSION_MAJOR (IRQLAB_KERNEL >> 16)
#define LINUX_VERSION_PATCHLEVEL ((IRQLAB_KERNEL >> 8) & 255)
#define LINUX_VERSION_SUBLEVEL (IRQLAB_KERNEL & 255)
#endif

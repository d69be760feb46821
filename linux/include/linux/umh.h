/* SPDX-License-Identifier: MIT */
/* linux/umh.h: user-mode helpers */
#ifndef IRQLAB_LINUX_UMH_H
#define IRQLAB_LINUX_UMH_H
#include <linux/kmod.h>
#endif

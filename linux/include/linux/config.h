/* SPDX-License-Identifier: MIT */
/* linux/config.h: the configuration; until 2.6.18. Given for 5.4, which stands for all before it. */
#ifndef _IRQLAB_LINUX_CONFIG_H
#define _IRQLAB_LINUX_CONFIG_H
#if IRQLAB_KERNEL >= 0x050500
#error "linux/config.h: No such file or directory"
#endif
#include <linux/kconfig.h>
#endif

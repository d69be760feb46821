/* SPDX-License-Identifier: MIT */
/* linux/param.h: the tick */
#ifndef IRQLAB_LINUX_PARAM_H
#define IRQLAB_LINUX_PARAM_H
#include <asm/param.h>
#endif

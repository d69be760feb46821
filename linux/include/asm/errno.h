/* SPDX-License-Identifier: MIT */
/* asm/errno.h: error numbers */
#ifndef IRQLAB_ASM_ERRNO_H
#define IRQLAB_ASM_ERRNO_H
#include <linux/errno.h>
#endif

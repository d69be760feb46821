/* SPDX-License-Identifier: MIT */
/* asm-generic/errno.h: error numbers */
#ifndef IRQLAB_ASM_GENERIC_ERRNO_H
#define IRQLAB_ASM_GENERIC_ERRNO_H
#include <linux/errno.h>
#endif

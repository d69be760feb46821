/* SPDX-License-Identifier: MIT */
/* asm-generic/errno-base.h: error numbers */
#ifndef IRQLAB_ASM_GENERIC_ERRNO_BASE_H
#define IRQLAB_ASM_GENERIC_ERRNO_BASE_H
#include <linux/errno.h>
#endif

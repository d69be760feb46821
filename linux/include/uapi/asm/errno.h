/* SPDX-License-Identifier: MIT */
/* uapi/asm/errno.h: error numbers */
#ifndef IRQLAB_UAPI_ASM_ERRNO_H
#define IRQLAB_UAPI_ASM_ERRNO_H
#include <linux/errno.h>
#endif

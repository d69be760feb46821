/* SPDX-License-Identifier: MIT */
/* uapi/asm/types.h: integer types */
#ifndef IRQLAB_UAPI_ASM_TYPES_H
#define IRQLAB_UAPI_ASM_TYPES_H
#include <linux/types.h>
#endif

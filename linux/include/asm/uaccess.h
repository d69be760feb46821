/* SPDX-License-Identifier: MIT */
/* asm/uaccess.h: user memory */
#ifndef IRQLAB_ASM_UACCESS_H
#define IRQLAB_ASM_UACCESS_H
#include <linux/uaccess.h>
#endif

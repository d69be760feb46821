/* SPDX-License-Identifier: MIT */
/* asm/rwonce.h: READ_ONCE and WRITE_ONCE */
#ifndef IRQLAB_ASM_RWONCE_H
#define IRQLAB_ASM_RWONCE_H
#include <linux/compiler.h>
#endif

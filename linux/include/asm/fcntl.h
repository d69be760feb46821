/* SPDX-License-Identifier: MIT */
/* asm/fcntl.h: flags of open */
#ifndef IRQLAB_ASM_FCNTL_H
#define IRQLAB_ASM_FCNTL_H
#include <uapi/linux/fcntl.h>
#endif

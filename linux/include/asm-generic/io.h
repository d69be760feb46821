/* SPDX-License-Identifier: MIT */
/* asm-generic/io.h: ports and device memory */
#ifndef IRQLAB_ASM_GENERIC_IO_H
#define IRQLAB_ASM_GENERIC_IO_H
#include <asm/io.h>
#endif

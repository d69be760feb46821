/* SPDX-License-Identifier: MIT */
/* linux/swab.h: byte order */
#ifndef IRQLAB_LINUX_SWAB_H
#define IRQLAB_LINUX_SWAB_H
#include <asm/byteorder.h>
#endif

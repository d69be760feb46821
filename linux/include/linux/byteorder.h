/* SPDX-License-Identifier: MIT */
/* linux/byteorder.h: byte order */
#ifndef IRQLAB_LINUX_BYTEORDER_H
#define IRQLAB_LINUX_BYTEORDER_H
#include <asm/byteorder.h>
#endif

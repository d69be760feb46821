/* SPDX-License-Identifier: MIT */
/* linux/compiler_types.h: part of linux/compiler.h */
#ifndef IRQLAB_LINUX_COMPILER_TYPES_H
#define IRQLAB_LINUX_COMPILER_TYPES_H
#include <linux/compiler.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/compiler_attributes.h: part of linux/compiler.h */
#ifndef IRQLAB_LINUX_COMPILER_ATTRIBUTES_H
#define IRQLAB_LINUX_COMPILER_ATTRIBUTES_H
#include <linux/compiler.h>
#endif

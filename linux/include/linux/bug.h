/* SPDX-License-Identifier: MIT */
/* linux/bug.h: assertions */
#ifndef IRQLAB_LINUX_BUG_H
#define IRQLAB_LINUX_BUG_H
#include <asm/bug.h>
#include <linux/build_bug.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/io.h: ports and device memory */
#ifndef IRQLAB_LINUX_IO_H
#define IRQLAB_LINUX_IO_H
#include <linux/types.h>
#include <linux/init.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <asm/io.h>
#include <asm/page.h>
enum { MEMREMAP_WB = 1, MEMREMAP_WT = 2, MEMREMAP_WC = 4 };
#endif

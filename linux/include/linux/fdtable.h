/* SPDX-License-Identifier: MIT */
/* linux/fdtable.h: open files */
#ifndef IRQLAB_LINUX_FDTABLE_H
#define IRQLAB_LINUX_FDTABLE_H
#include <linux/fs.h>
#endif

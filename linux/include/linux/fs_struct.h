/* SPDX-License-Identifier: MIT */
/* linux/fs_struct.h: a task's directories */
#ifndef IRQLAB_LINUX_FS_STRUCT_H
#define IRQLAB_LINUX_FS_STRUCT_H
#include <linux/path.h>
#include <linux/spinlock.h>
#endif

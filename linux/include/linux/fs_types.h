/* SPDX-License-Identifier: MIT */
/* linux/fs_types.h: files */
#ifndef IRQLAB_LINUX_FS_TYPES_H
#define IRQLAB_LINUX_FS_TYPES_H
#include <linux/types.h>
#endif

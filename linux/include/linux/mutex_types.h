/* SPDX-License-Identifier: MIT */
/* linux/mutex_types.h: struct mutex; a header of its own since 6.7. */
#ifndef _LINUX_MUTEX_TYPES_H
#define _LINUX_MUTEX_TYPES_H
#if IRQLAB_KERNEL < 0x060700
#error "linux/mutex_types.h: No such file or directory (since 6.7)"
#endif
#include <linux/mutex.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/rwlock_types.h: rwlocks at rest */
#ifndef IRQLAB_LINUX_RWLOCK_TYPES_H
#define IRQLAB_LINUX_RWLOCK_TYPES_H
#include <linux/spinlock_types.h>
#endif

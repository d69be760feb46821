/* SPDX-License-Identifier: MIT */
/* linux/spinlock_types_raw.h: raw spin locks at rest */
#ifndef IRQLAB_LINUX_SPINLOCK_TYPES_RAW_H
#define IRQLAB_LINUX_SPINLOCK_TYPES_RAW_H
#include <linux/spinlock_types.h>
#endif

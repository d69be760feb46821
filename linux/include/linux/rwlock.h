/* SPDX-License-Identifier: MIT */
/* linux/rwlock.h: rwlocks */
#ifndef IRQLAB_LINUX_RWLOCK_H
#define IRQLAB_LINUX_RWLOCK_H
#include <linux/spinlock.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/spinlock_api_smp.h: spin locks */
#ifndef IRQLAB_LINUX_SPINLOCK_API_SMP_H
#define IRQLAB_LINUX_SPINLOCK_API_SMP_H
#include <linux/spinlock.h>
#endif

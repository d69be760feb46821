/* SPDX-License-Identifier: MIT */
/* linux/smp_lock.h: the big kernel lock; until 2.6.38. Given for 5.4, which stands for all before it. */
#ifndef _IRQLAB_LINUX_SMP_LOCK_H
#define _IRQLAB_LINUX_SMP_LOCK_H
#if IRQLAB_KERNEL >= 0x050500
#error "linux/smp_lock.h: No such file or directory"
#endif
#include <linux/sched.h>
#define lock_kernel() ((void)0)
#define unlock_kernel() ((void)0)
#endif

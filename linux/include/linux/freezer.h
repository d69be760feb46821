/* SPDX-License-Identifier: MIT */
/* linux/freezer.h: freezing of tasks */
#ifndef IRQLAB_LINUX_FREEZER_H
#define IRQLAB_LINUX_FREEZER_H
#include <linux/sched.h>
static inline bool try_to_freeze(void) { return false; }
static inline void set_freezable(void) {}
static inline bool freezing(struct task_struct *task) { return false; }
#endif

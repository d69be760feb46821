/* SPDX-License-Identifier: MIT */
/* linux/lockdep_types.h: lockdep's types */
#ifndef IRQLAB_LINUX_LOCKDEP_TYPES_H
#define IRQLAB_LINUX_LOCKDEP_TYPES_H
#include <linux/lockdep.h>
#endif

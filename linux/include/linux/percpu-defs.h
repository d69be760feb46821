/* SPDX-License-Identifier: MIT */
/* linux/percpu-defs.h: per-CPU variables */
#ifndef IRQLAB_LINUX_PERCPU_DEFS_H
#define IRQLAB_LINUX_PERCPU_DEFS_H
#include <linux/percpu.h>
#endif

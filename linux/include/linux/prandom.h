/* SPDX-License-Identifier: MIT */
/* linux/prandom.h: random numbers */
#ifndef IRQLAB_LINUX_PRANDOM_H
#define IRQLAB_LINUX_PRANDOM_H
#include <linux/random.h>
#endif

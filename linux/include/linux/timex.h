/* SPDX-License-Identifier: MIT */
/* linux/timex.h: cycles */
#ifndef IRQLAB_LINUX_TIMEX_H
#define IRQLAB_LINUX_TIMEX_H
#include <asm/timex.h>
#include <linux/time.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/time.h: time of day. */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H
#include <linux/cache.h>
#include <linux/math64.h>
#include <linux/time64.h>
extern struct timezone sys_tz;
#if IRQLAB_KERNEL < 0x050600
#include <linux/time32.h>
#endif
#endif

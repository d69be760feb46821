/* SPDX-License-Identifier: MIT */
/* linux/srcu.h: RCU whose readers may sleep. */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H
#include <linux/rcupdate.h>
#endif

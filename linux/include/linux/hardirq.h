/* SPDX-License-Identifier: MIT */
/* linux/hardirq.h: waiting for handlers. */
#ifndef _LINUX_HARDIRQ_H
#define _LINUX_HARDIRQ_H
#include <linux/preempt.h>
#include <linux/lockdep.h>
#include <linux/smp.h>
#include <asm/hardirq.h>
#include <abi/irq.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/irqreturn.h: what a handler answers. */
#ifndef _LINUX_IRQRETURN_H
#define _LINUX_IRQRETURN_H
#include <abi/irq.h>
#define IRQ_RETVAL(x) ((x) ? IRQ_HANDLED : IRQ_NONE)
#endif

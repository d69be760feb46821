/* SPDX-License-Identifier: MIT */
/* linux/irqhandler.h: flow handlers. */
#ifndef _LINUX_IRQHANDLER_H
#define _LINUX_IRQHANDLER_H
#include <abi/irq.h>
#endif

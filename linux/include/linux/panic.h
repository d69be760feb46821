/* SPDX-License-Identifier: MIT */
/* linux/panic.h: panic */
#ifndef IRQLAB_LINUX_PANIC_H
#define IRQLAB_LINUX_PANIC_H
#include <linux/kernel.h>
#endif

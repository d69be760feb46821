/* SPDX-License-Identifier: MIT */
/* linux/signal_types.h: signals */
#ifndef IRQLAB_LINUX_SIGNAL_TYPES_H
#define IRQLAB_LINUX_SIGNAL_TYPES_H
#include <linux/signal.h>
#endif

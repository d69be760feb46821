/* SPDX-License-Identifier: MIT */
/* linux/ftrace.h: tracing */
#ifndef IRQLAB_LINUX_FTRACE_H
#define IRQLAB_LINUX_FTRACE_H
#include <linux/kernel.h>
#endif

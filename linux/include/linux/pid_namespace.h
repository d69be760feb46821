/* SPDX-License-Identifier: MIT */
/* linux/pid_namespace.h: process identifiers */
#ifndef IRQLAB_LINUX_PID_NAMESPACE_H
#define IRQLAB_LINUX_PID_NAMESPACE_H
#include <linux/pid.h>
#endif

/* SPDX-License-Identifier: MIT */
/* uapi/linux/sched/types.h: scheduling parameters */
#ifndef IRQLAB_UAPI_LINUX_SCHED_TYPES_H
#define IRQLAB_UAPI_LINUX_SCHED_TYPES_H
#include <uapi/linux/sched.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/sched/types.h: scheduling parameters. */
#ifndef _LINUX_SCHED_TYPES_H
#define _LINUX_SCHED_TYPES_H
#include <uapi/linux/sched.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/utsname.h: names of the system */
#ifndef IRQLAB_LINUX_UTSNAME_H
#define IRQLAB_LINUX_UTSNAME_H
#include <linux/sched.h>
#endif

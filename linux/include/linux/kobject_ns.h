/* SPDX-License-Identifier: MIT */
/* linux/kobject_ns.h: objects of /sys */
#ifndef IRQLAB_LINUX_KOBJECT_NS_H
#define IRQLAB_LINUX_KOBJECT_NS_H
#include <linux/kobject.h>
#endif

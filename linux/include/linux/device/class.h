/* SPDX-License-Identifier: MIT */
/* linux/device/class.h: the driver model */
#ifndef IRQLAB_LINUX_DEVICE_CLASS_H
#define IRQLAB_LINUX_DEVICE_CLASS_H
#include <linux/device.h>
#endif

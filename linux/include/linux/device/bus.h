/* SPDX-License-Identifier: MIT */
/* linux/device/bus.h: the driver model */
#ifndef IRQLAB_LINUX_DEVICE_BUS_H
#define IRQLAB_LINUX_DEVICE_BUS_H
#include <linux/device.h>
#endif

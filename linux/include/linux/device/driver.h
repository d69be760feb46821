/* SPDX-License-Identifier: MIT */
/* linux/device/driver.h: the driver model */
#ifndef IRQLAB_LINUX_DEVICE_DRIVER_H
#define IRQLAB_LINUX_DEVICE_DRIVER_H
#include <linux/device.h>
#endif

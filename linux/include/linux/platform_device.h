/* SPDX-License-Identifier: MIT */
/* linux/platform_device.h: devices without a bus. */
#ifndef _LINUX_PLATFORM_DEVICE_H
#define _LINUX_PLATFORM_DEVICE_H
#include <linux/device.h>
#include <abi/device.h>
#define PLATFORM_DEVID_NONE (-1)
#define PLATFORM_DEVID_AUTO (-2)
#define to_platform_device(x) container_of((x), struct platform_device, dev)
#define to_platform_driver(x) container_of((x), struct platform_driver, driver)
#define platform_driver_register(driver) __platform_driver_register(driver, THIS_MODULE)
static inline void *platform_get_drvdata(const struct platform_device *pdev) { return dev_get_drvdata(&pdev->dev); }
static inline void platform_set_drvdata(struct platform_device *pdev, void *data) { dev_set_drvdata(&pdev->dev, data); }
#define platform_device_register_simple(name, id, resources, count)                                                 \
    __lab_platform_device_register_simple(name, id, resources, count)
#define module_platform_driver(driver) module_driver(driver, platform_driver_register, platform_driver_unregister)
#endif

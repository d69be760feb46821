/* SPDX-License-Identifier: MIT */
/* linux/miscdevice.h: character devices of major 10. */
#ifndef _LINUX_MISCDEVICE_H
#define _LINUX_MISCDEVICE_H
#include <linux/major.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/device.h>
#include <abi/device.h>
#define MISC_DYNAMIC_MINOR 255
#define module_misc_device(misc) module_driver(misc, misc_register, misc_deregister)
#define builtin_misc_device(misc) module_misc_device(misc)
#endif

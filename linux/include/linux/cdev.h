/* SPDX-License-Identifier: MIT */
/* linux/cdev.h: character devices */
#ifndef IRQLAB_LINUX_CDEV_H
#define IRQLAB_LINUX_CDEV_H
#include <linux/kobject.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/device.h>
#include <abi/fs.h>
#endif

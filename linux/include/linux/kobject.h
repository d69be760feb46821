/* SPDX-License-Identifier: MIT */
/* linux/kobject.h: objects with a name, a parent and a directory in /sys. */
#ifndef _LINUX_KOBJECT_H
#define _LINUX_KOBJECT_H
#include <linux/types.h>
#include <linux/list.h>
#include <linux/sysfs.h>
#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/kref.h>
#include <linux/kernel.h>
#include <linux/wait.h>
#include <linux/atomic.h>
#include <linux/workqueue.h>
#include <linux/uidgid.h>
#include <abi/device.h>
static inline const char *kobject_name(const struct kobject *kobj) { return kobj->name; }
static inline const struct kobj_type *get_ktype(const struct kobject *kobj) { return kobj->ktype; }
#endif

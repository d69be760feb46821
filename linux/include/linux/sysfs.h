/* SPDX-License-Identifier: MIT */
/* linux/sysfs.h: attributes as files of /sys. */
#ifndef _LINUX_SYSFS_H
#define _LINUX_SYSFS_H
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/kstrtox.h>
#include <linux/sprintf.h>
#include <linux/stat.h>
#include <linux/atomic.h>
#include <linux/stringify.h>
#include <abi/device.h>
#define __ATTR(_name, _mode, _show, _store)                                                                         \
    { .attr = {.name = __stringify(_name), .mode = (_mode)}, .show = _show, .store = _store }
#define __ATTR_RO(_name) { .attr = {.name = __stringify(_name), .mode = 0444}, .show = _name##_show }
#define __ATTR_RO_MODE(_name, _mode) { .attr = {.name = __stringify(_name), .mode = _mode}, .show = _name##_show }
#define __ATTR_RW_MODE(_name, _mode)                                                                                \
    { .attr = {.name = __stringify(_name), .mode = _mode}, .show = _name##_show, .store = _name##_store }
#define __ATTR_WO(_name) { .attr = {.name = __stringify(_name), .mode = 0200}, .store = _name##_store }
#define __ATTR_RW(_name) __ATTR(_name, 0644, _name##_show, _name##_store)
#define __ATTR_NULL { .attr = {.name = NULL} }
#define ATTRIBUTE_GROUPS(_name)                                                                                     \
    static const struct attribute_group _name##_group = {.attrs = _name##_attrs};                                   \
    static const struct attribute_group *_name##_groups[] = {&_name##_group, NULL}
#define __BIN_ATTR(_name, _mode, _read, _write, _size)                                                              \
    { .attr = {.name = __stringify(_name), .mode = _mode}, .read = _read, .write = _write, .size = _size }
#define BIN_ATTR(_name, _mode, _read, _write, _size)                                                                \
    struct bin_attribute bin_attr_##_name = __BIN_ATTR(_name, _mode, _read, _write, _size)
#define sysfs_attr_init(attr) ((void)(attr))
#define sysfs_bin_attr_init(attr) ((void)(attr))
static inline int __must_check sysfs_create_file(struct kobject *kobj, const struct attribute *attr)
{
    return sysfs_create_file_ns(kobj, attr, NULL);
}
static inline void sysfs_remove_file(struct kobject *kobj, const struct attribute *attr)
{
    sysfs_remove_file_ns(kobj, attr, NULL);
}
#endif

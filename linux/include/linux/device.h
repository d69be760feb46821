/* SPDX-License-Identifier: MIT */
/* linux/device.h: the driver model. */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H
#include <linux/dev_printk.h>
#include <linux/ioport.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/mutex.h>
#include <linux/pm.h>
#include <linux/atomic.h>
#include <linux/uidgid.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/export.h>
#include <abi/device.h>

#if IRQLAB_KERNEL < 0x060400
#define class_create(owner, name)                                                                                   \
    ({                                                                                                              \
        static struct lock_class_key __lab_key;                                                                     \
        __class_create(owner, name, &__lab_key);                                                                    \
    })
#define class_register(cls)                                                                                         \
    ({                                                                                                              \
        static struct lock_class_key __lab_key;                                                                     \
        __class_register(cls, &__lab_key);                                                                          \
    })
#endif
static inline int class_create_file(const struct class *cls, const struct class_attribute *attr)
{
    return class_create_file_ns(cls, attr, NULL);
}
static inline void class_remove_file(const struct class *cls, const struct class_attribute *attr)
{
    class_remove_file_ns(cls, attr, NULL);
}
#define CLASS_ATTR_RW(_name) struct class_attribute class_attr_##_name = __ATTR_RW(_name)
#define CLASS_ATTR_RO(_name) struct class_attribute class_attr_##_name = __ATTR_RO(_name)
#define CLASS_ATTR_WO(_name) struct class_attribute class_attr_##_name = __ATTR_WO(_name)
#define DRIVER_ATTR_RW(_name) struct driver_attribute driver_attr_##_name = __ATTR_RW(_name)
#define DRIVER_ATTR_RO(_name) struct driver_attribute driver_attr_##_name = __ATTR_RO(_name)
#define DRIVER_ATTR_WO(_name) struct driver_attribute driver_attr_##_name = __ATTR_WO(_name)
#define DEVICE_ATTR(_name, _mode, _show, _store)                                                                    \
    struct device_attribute dev_attr_##_name = __ATTR(_name, _mode, _show, _store)
#define DEVICE_ATTR_RW(_name) struct device_attribute dev_attr_##_name = __ATTR_RW(_name)
#define DEVICE_ATTR_RO(_name) struct device_attribute dev_attr_##_name = __ATTR_RO(_name)
#define DEVICE_ATTR_WO(_name) struct device_attribute dev_attr_##_name = __ATTR_WO(_name)
#define DEVICE_INT_ATTR(_name, _mode, _var)                                                                         \
    struct dev_ext_attribute dev_attr_##_name = {__ATTR(_name, _mode, device_show_int, device_store_int), &(_var)}

static inline const char *dev_name(const struct device *dev) { return dev->init_name ? dev->init_name : dev->kobj.name; }
static inline void *dev_get_drvdata(const struct device *dev) { return dev->driver_data; }
static inline void dev_set_drvdata(struct device *dev, void *data) { dev->driver_data = data; }
static inline void *dev_get_platdata(const struct device *dev) { return dev->platform_data; }
static inline int dev_to_node(struct device *dev) { return dev->numa_node; }
static inline struct device *kobj_to_dev(struct kobject *kobj) { return container_of(kobj, struct device, kobj); }
static inline int device_add_group(struct device *dev, const struct attribute_group *group)
{
    const struct attribute_group *groups[] = {group, NULL};
    return device_add_groups(dev, groups);
}
static inline void device_remove_group(struct device *dev, const struct attribute_group *group)
{
    const struct attribute_group *groups[] = {group, NULL};
    device_remove_groups(dev, groups);
}
static inline void device_lock(struct device *dev) { mutex_lock(&dev->mutex); }
static inline void device_unlock(struct device *dev) { mutex_unlock(&dev->mutex); }
static inline void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp)
{
    return devm_kmalloc(dev, size, gfp | __GFP_ZERO);
}
static inline void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t gfp)
{
    size_t bytes;
    return __builtin_mul_overflow(n, size, &bytes) ? NULL : devm_kzalloc(dev, bytes, gfp);
}
#define devm_add_action(dev, action, data) __devm_add_action(dev, action, data, #action)
static inline int devm_add_action_or_reset(struct device *dev, void (*action)(void *), void *data)
{
    int error = __devm_add_action(dev, action, data, "action");
    if (error)
        action(data);
    return error;
}
#define module_driver(driver, register_function, unregister_function, ...)                                          \
    static int __init driver##_init(void) { return register_function(&(driver), ##__VA_ARGS__); }                   \
    module_init(driver##_init);                                                                                     \
    static void __exit driver##_exit(void) { unregister_function(&(driver), ##__VA_ARGS__); }                       \
    module_exit(driver##_exit)
#endif

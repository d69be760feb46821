/* SPDX-License-Identifier: MIT */
/* device.h: kobjects, sysfs, the driver model, misc devices, platform devices. */
#ifndef IRQLAB_ABI_DEVICE_H
#define IRQLAB_ABI_DEVICE_H

#include "lock.h"

IRQLAB_ABI_BEGIN

struct attribute {
    const char *name;
    umode_t mode;
};
struct attribute_group {
    const char *name;
    umode_t (*is_visible)(struct kobject *kobj, struct attribute *attr, int index);
    umode_t (*is_bin_visible)(struct kobject *kobj, struct bin_attribute *attr, int index);
    struct attribute **attrs;
    struct bin_attribute **bin_attrs;
};
struct bin_attribute {
    struct attribute attr;
    size_t size;
    void *IRQLAB_private;
    ssize_t (*read)(struct file *file, struct kobject *kobj, struct bin_attribute *attr, char *buf, loff_t off,
                    size_t count);
    ssize_t (*write)(struct file *file, struct kobject *kobj, struct bin_attribute *attr, char *buf, loff_t off,
                     size_t count);
    int (*mmap)(struct file *file, struct kobject *kobj, struct bin_attribute *attr, struct vm_area_struct *vma);
};
struct sysfs_ops {
    ssize_t (*show)(struct kobject *kobj, struct attribute *attr, char *buf);
    ssize_t (*store)(struct kobject *kobj, struct attribute *attr, const char *buf, size_t count);
};

struct kernfs_node;
struct kobject {
    const char *name;
    struct list_head entry;
    struct kobject *parent;
    struct kset *kset;
    const struct kobj_type *ktype;
    struct kernfs_node *sd;
    struct kref kref;
    unsigned int state; /* initialised 1, in sysfs 2 */
    void *__lab;
};
struct kobj_type {
    void (*release)(struct kobject *kobj);
    const struct sysfs_ops *sysfs_ops;
#if IRQLAB_KERNEL < 0x050f00 || defined(__cplusplus)
    struct attribute **default_attrs;
#else
    struct attribute **__lab_default_attrs;
#endif
    const struct attribute_group **default_groups;
    const void *(*IRQLAB_namespace)(const struct kobject *kobj);
};
struct kobj_attribute {
    struct attribute attr;
    ssize_t (*show)(struct kobject *kobj, struct kobj_attribute *attr, char *buf);
    ssize_t (*store)(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count);
};
struct kobj_uevent_env {
    char *argv[3];
    char *envp[64];
    int envp_idx;
    char buf[2048];
    int buflen;
};
struct kset_uevent_ops;
struct kset {
    struct list_head list;
    spinlock_t list_lock;
    struct kobject kobj;
    const struct kset_uevent_ops *uevent_ops;
};
enum kobject_action { KOBJ_ADD, KOBJ_REMOVE, KOBJ_CHANGE, KOBJ_MOVE, KOBJ_ONLINE, KOBJ_OFFLINE, KOBJ_BIND, KOBJ_UNBIND };

extern struct kobject *kernel_kobj, *firmware_kobj, *power_kobj;
extern const struct sysfs_ops kobj_sysfs_ops;

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype);
int kobject_add(struct kobject *kobj, struct kobject *parent, const char *format, ...);
int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype, struct kobject *parent,
                         const char *format, ...);
int kobject_set_name(struct kobject *kobj, const char *format, ...);
struct kobject *kobject_create_and_add(const char *name, struct kobject *parent);
void kobject_del(struct kobject *kobj);
struct kobject *kobject_get(struct kobject *kobj);
void kobject_put(struct kobject *kobj);
int kobject_uevent(struct kobject *kobj, enum kobject_action action);
int kobject_uevent_env(struct kobject *kobj, enum kobject_action action, char *envp[]);
int add_uevent_var(struct kobj_uevent_env *env, const char *format, ...);
struct kset *kset_create_and_add(const char *name, const struct kset_uevent_ops *ops, struct kobject *parent);
void kset_unregister(struct kset *kset);
int sysfs_create_file_ns(struct kobject *kobj, const struct attribute *attr, const void *ns);
void sysfs_remove_file_ns(struct kobject *kobj, const struct attribute *attr, const void *ns);
int sysfs_create_files(struct kobject *kobj, const struct attribute *const *attrs);
void sysfs_remove_files(struct kobject *kobj, const struct attribute *const *attrs);
int sysfs_create_group(struct kobject *kobj, const struct attribute_group *group);
int sysfs_create_groups(struct kobject *kobj, const struct attribute_group **groups);
void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group);
void sysfs_remove_groups(struct kobject *kobj, const struct attribute_group **groups);
int sysfs_create_bin_file(struct kobject *kobj, const struct bin_attribute *attr);
void sysfs_remove_bin_file(struct kobject *kobj, const struct bin_attribute *attr);
int sysfs_create_link(struct kobject *kobj, struct kobject *target, const char *name);
void sysfs_remove_link(struct kobject *kobj, const char *name);
void sysfs_notify(struct kobject *kobj, const char *dir, const char *attr);
int sysfs_emit(char *buf, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
int sysfs_emit_at(char *buf, int at, const char *format, ...) __attribute__((format(__printf__, 3, 4)));

struct device_attribute {
    struct attribute attr;
    ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
    ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);
};
struct driver_attribute {
    struct attribute attr;
    ssize_t (*show)(struct device_driver *driver, char *buf);
    ssize_t (*store)(struct device_driver *driver, const char *buf, size_t count);
};
#if IRQLAB_KERNEL >= 0x060400
struct class_attribute {
    struct attribute attr;
    ssize_t (*show)(const struct IRQLAB_class *cls, const struct class_attribute *attr, char *buf);
    ssize_t (*store)(const struct IRQLAB_class *cls, const struct class_attribute *attr, const char *buf, size_t count);
};
#else
struct class_attribute {
    struct attribute attr;
    ssize_t (*show)(struct IRQLAB_class *cls, struct class_attribute *attr, char *buf);
    ssize_t (*store)(struct IRQLAB_class *cls, struct class_attribute *attr, const char *buf, size_t count);
};
#endif
struct dev_ext_attribute {
    struct device_attribute attr;
    void *var;
};

typedef struct { int event; } pm_message_t;
struct dev_pm_ops {
    int (*prepare)(struct device *dev);
    void (*complete)(struct device *dev);
    int (*suspend)(struct device *dev);
    int (*resume)(struct device *dev);
    int (*freeze)(struct device *dev);
    int (*thaw)(struct device *dev);
    int (*poweroff)(struct device *dev);
    int (*restore)(struct device *dev);
    int (*suspend_late)(struct device *dev);
    int (*resume_early)(struct device *dev);
    int (*suspend_noirq)(struct device *dev);
    int (*resume_noirq)(struct device *dev);
    int (*runtime_suspend)(struct device *dev);
    int (*runtime_resume)(struct device *dev);
    int (*runtime_idle)(struct device *dev);
};

struct IRQLAB_class {
    const char *name;
#if IRQLAB_KERNEL < 0x060400 || defined(__cplusplus)
    struct module *owner;
#else
    void *__lab_owner;
#endif
    const struct attribute_group **class_groups;
    const struct attribute_group **dev_groups;
#if IRQLAB_KERNEL >= 0x060200
    int (*dev_uevent)(const struct device *dev, struct kobj_uevent_env *env);
    char *(*devnode)(const struct device *dev, umode_t *mode);
    void (*class_release)(const struct IRQLAB_class *cls);
#else
    int (*dev_uevent)(struct device *dev, struct kobj_uevent_env *env);
    char *(*devnode)(struct device *dev, umode_t *mode);
    void (*class_release)(struct IRQLAB_class *cls);
#endif
    void (*dev_release)(struct device *dev);
    int (*shutdown_pre)(struct device *dev);
    const struct dev_pm_ops *pm;
    struct kobject *dev_kobj;
    void *p;
    void *__lab;
};

struct bus_type {
    const char *name;
    const char *dev_name;
    struct device *dev_root;
    const struct attribute_group **bus_groups;
    const struct attribute_group **dev_groups;
    const struct attribute_group **drv_groups;
    int (*match)(struct device *dev, struct device_driver *driver);
    int (*uevent)(struct device *dev, struct kobj_uevent_env *env);
    int (*probe)(struct device *dev);
    void (*remove)(struct device *dev);
    void (*shutdown)(struct device *dev);
    const struct dev_pm_ops *pm;
    void *p;
    void *__lab;
};

enum probe_type { PROBE_DEFAULT_STRATEGY, PROBE_PREFER_ASYNCHRONOUS, PROBE_FORCE_SYNCHRONOUS };
struct device_driver {
    const char *name;
    const struct bus_type *bus;
    struct module *owner;
    const char *mod_name;
    bool suppress_bind_attrs;
    enum probe_type probe_type;
    const struct of_device_id *of_match_table;
    const struct acpi_device_id *acpi_match_table;
    int (*probe)(struct device *dev);
    void (*sync_state)(struct device *dev);
    int (*remove)(struct device *dev);
    void (*shutdown)(struct device *dev);
    int (*suspend)(struct device *dev, pm_message_t state);
    int (*resume)(struct device *dev);
    const struct attribute_group **groups;
    const struct attribute_group **dev_groups;
    const struct dev_pm_ops *pm;
    void *p;
    void *__lab;
};

struct device_type {
    const char *name;
    const struct attribute_group **groups;
    int (*uevent)(const struct device *dev, struct kobj_uevent_env *env);
    char *(*devnode)(const struct device *dev, umode_t *mode, kuid_t *uid, kgid_t *gid);
    void (*release)(struct device *dev);
    const struct dev_pm_ops *pm;
};

struct dev_pm_info { unsigned int power_state; void *__lab; };

struct device {
    struct kobject kobj;
    struct device *parent;
    void *p;
    const char *init_name;
    const struct device_type *type;
    const struct bus_type *bus;
    struct device_driver *driver;
    void *platform_data;
    void *driver_data;
    struct mutex mutex;
    struct dev_pm_info power;
    struct irq_domain *msi_domain;
    u64 *dma_mask;
    u64 coherent_dma_mask;
    struct device_node *of_node;
    struct fwnode_handle *fwnode;
    int numa_node;
    dev_t devt;
    u32 id;
    const struct IRQLAB_class *IRQLAB_class;
    const struct attribute_group **groups;
    void (*release)(struct device *dev);
    struct list_head devres_head;
    void *__lab;
};

#if IRQLAB_KERNEL >= 0x060400
struct IRQLAB_class *class_create(const char *name);
#endif
#if IRQLAB_KERNEL < 0x060400 || defined(__cplusplus)
struct IRQLAB_class *__class_create(struct module *owner, const char *name, struct lock_class_key *key);
int __class_register(struct IRQLAB_class *cls, struct lock_class_key *key);
#endif
void class_destroy(const struct IRQLAB_class *cls);
#if IRQLAB_KERNEL >= 0x060400
int class_register(const struct IRQLAB_class *cls);
#endif
void class_unregister(const struct IRQLAB_class *cls);
int class_create_file_ns(const struct IRQLAB_class *cls, const struct class_attribute *attr, const void *ns);
void class_remove_file_ns(const struct IRQLAB_class *cls, const struct class_attribute *attr, const void *ns);
struct device *device_create(const struct IRQLAB_class *cls, struct device *parent, dev_t devt, void *drvdata,
                             const char *format, ...) __attribute__((format(__printf__, 5, 6)));
struct device *device_create_with_groups(const struct IRQLAB_class *cls, struct device *parent, dev_t devt,
                                         void *drvdata, const struct attribute_group **groups, const char *format, ...)
    __attribute__((format(__printf__, 6, 7)));
void device_destroy(const struct IRQLAB_class *cls, dev_t devt);
int device_register(struct device *dev);
void device_unregister(struct device *dev);
void device_initialize(struct device *dev);
int device_add(struct device *dev);
void device_del(struct device *dev);
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
int dev_set_name(struct device *dev, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
int device_create_file(struct device *dev, const struct device_attribute *attr);
void device_remove_file(struct device *dev, const struct device_attribute *attr);
int device_add_groups(struct device *dev, const struct attribute_group **groups);
void device_remove_groups(struct device *dev, const struct attribute_group **groups);
int driver_register(struct device_driver *driver);
void driver_unregister(struct device_driver *driver);
int bus_register(const struct bus_type *bus);
void bus_unregister(const struct bus_type *bus);
ssize_t device_show_int(struct device *dev, struct device_attribute *attr, char *buf);
ssize_t device_store_int(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);

void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp);
void devm_kfree(struct device *dev, const void *ptr);
char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *format, ...) __attribute__((format(__printf__, 3, 4)));
char *devm_kstrdup(struct device *dev, const char *text, gfp_t gfp);
int __devm_add_action(struct device *dev, void (*action)(void *data), void *data, const char *name);

struct miscdevice {
    int minor;
    const char *name;
    const struct file_operations *fops;
    struct list_head list;
    struct device *parent;
    struct device *this_device;
    const struct attribute_group **groups;
    const char *nodename;
    umode_t mode;
    void *__lab;
};
int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);

struct platform_device_id { char name[20]; kernel_ulong_t driver_data; };
struct platform_device {
    const char *name;
    int id;
    bool id_auto;
    struct device dev;
    u64 platform_dma_mask;
    u32 num_resources;
    struct resource *resource;
    const struct platform_device_id *id_entry;
    void *__lab;
};
struct platform_driver {
    int (*probe)(struct platform_device *pdev);
#if IRQLAB_KERNEL >= 0x060b00
    void (*remove)(struct platform_device *pdev);
#else
    int (*remove)(struct platform_device *pdev);
#endif
    void (*remove_new)(struct platform_device *pdev);
    void (*shutdown)(struct platform_device *pdev);
    int (*suspend)(struct platform_device *pdev, pm_message_t state);
    int (*resume)(struct platform_device *pdev);
    struct device_driver driver;
    const struct platform_device_id *id_table;
    bool prevent_deferred_probe;
    void *__lab;
};
int __platform_driver_register(struct platform_driver *driver, struct module *owner);
void platform_driver_unregister(struct platform_driver *driver);
int platform_device_register(struct platform_device *pdev);
void platform_device_unregister(struct platform_device *pdev);
struct platform_device *platform_device_alloc(const char *name, int id);
int platform_device_add(struct platform_device *pdev);
void platform_device_put(struct platform_device *pdev);
int platform_get_irq(struct platform_device *pdev, unsigned int index);
struct platform_device *__lab_platform_device_register_simple(const char *name, int id, const struct resource *resources,
                                                              unsigned int count);
int platform_get_irq_optional(struct platform_device *pdev, unsigned int index);
struct resource *platform_get_resource(struct platform_device *pdev, unsigned int type, unsigned int index);

struct notifier_block {
    int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
    struct notifier_block *next;
    int priority;
};
int register_keyboard_notifier(struct notifier_block *nb);
int unregister_keyboard_notifier(struct notifier_block *nb);
int register_reboot_notifier(struct notifier_block *nb);
int unregister_reboot_notifier(struct notifier_block *nb);

IRQLAB_ABI_END

#endif

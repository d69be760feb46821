// Devices: their directories in /sys/devices, their links in classes and buses, their nodes in /dev.
// [LX driver-api/driver-model]
#include "kernel/vfs/device.hpp"

#include <cstdarg>
#include <cstring>
#include <sys/stat.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/chrdev.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

abi::device* device_of(abi::kobject* kobj) { return reinterpret_cast<abi::device*>(kobj); }

ssize_t show_device(abi::kobject* kobj, abi::attribute* attr, char* buf)
{
    auto* a = reinterpret_cast<abi::device_attribute*>(attr);
    return a->show ? a->show(device_of(kobj), a, buf) : -EIO;
}

ssize_t store_device(abi::kobject* kobj, abi::attribute* attr, const char* buf, size_t count)
{
    auto* a = reinterpret_cast<abi::device_attribute*>(attr);
    return a->store ? a->store(device_of(kobj), a, buf, count) : -EIO;
}

void release_device(abi::kobject* kobj)
{
    abi::device* d = device_of(kobj);
    devres_release_all(*d);
    if (d->p)
        kernel().arena.give_back(d->p, sizeof(DeviceState));
    d->p = nullptr;
    if (d->release)
        d->release(d);
    else if (d->type && d->type->release)
        d->type->release(d);
    else if (d->class_ && d->class_->dev_release)
        d->class_->dev_release(d);
    else
        abi::__lab_warn("drivers/base/core.c", 2366, "device_release",
                        "Device '%s' does not have a release() function, it is broken and must be fixed. See "
                        "Documentation/core-api/kobject.rst.\n",
                        name_of(*d));
}

const abi::sysfs_ops device_sysfs_ops{show_device, store_device};
const abi::kobj_type device_type{.release = release_device,
                                 .sysfs_ops = &device_sysfs_ops,
                                 .default_attrs = nullptr,
                                 .default_groups = nullptr,
                                 .namespace_ = nullptr};

ssize_t show_dev(abi::device* d, abi::device_attribute*, char* buf)
{
    return abi::sysfs_emit(buf, "%u:%u\n", major_of(d->devt), minor_of(d->devt));
}

/// The node's name and mode, as the class or the type gives them. @return what must go to kfree, or null.
char* node_name(abi::device* d, abi::umode_t& mode)
{
    abi::kuid_t uid{};
    abi::kgid_t gid{};
    if (d->type && d->type->devnode)
        if (char* name = d->type->devnode(d, &mode, &uid, &gid))
            return name;
    return d->class_ && d->class_->devnode ? d->class_->devnode(d, &mode) : nullptr;
}

ssize_t show_uevent(abi::device* d, abi::device_attribute*, char* buf)
{
    int at = 0;
    if (major_of(d->devt)) {
        abi::umode_t mode = 0;
        char* given = node_name(d, mode);
        at += abi::sysfs_emit_at(buf, at, "MAJOR=%u\nMINOR=%u\nDEVNAME=%s\n", major_of(d->devt), minor_of(d->devt),
                                 given ? given : name_of(*d));
        if (mode)
            at += abi::sysfs_emit_at(buf, at, "DEVMODE=%#o\n", mode & 0777u);
        abi::kfree(given);
    }
    if (d->type && d->type->name)
        at += abi::sysfs_emit_at(buf, at, "DEVTYPE=%s\n", d->type->name);
    if (d->driver)
        at += abi::sysfs_emit_at(buf, at, "DRIVER=%s\n", d->driver->name);
    auto* env = static_cast<abi::kobj_uevent_env*>(
        abi::__kmalloc(sizeof(abi::kobj_uevent_env), GFP_KERNEL | __GFP_ZERO));
    if (d->class_ && d->class_->dev_uevent && d->class_->dev_uevent(d, env) == 0)
        for (int i = 0; i < env->envp_idx; ++i)
            at += abi::sysfs_emit_at(buf, at, "%s\n", env->envp[i]);
    abi::kfree(env);
    return at;
}

ssize_t store_uevent(abi::device* d, abi::device_attribute*, const char*, size_t count)
{
    abi::kobject_uevent(&d->kobj, abi::KOBJ_CHANGE);
    return static_cast<ssize_t>(count);
}

const abi::device_attribute dev_attribute{{"dev", 0444}, show_dev, nullptr};
const abi::device_attribute uevent_attribute{{"uevent", 0644}, show_uevent, store_uevent};

/// Where the device's directory goes [LX drivers/base/core.c]: devices of a class lie in a directory of the class's
/// name below their parent, or below /sys/devices/virtual.
Node& parent_of(Kernel& k, abi::device& d)
{
    Node* parent = d.parent ? node_of(k, &d.parent->kobj) : nullptr;
    if (!d.class_)
        return parent ? *parent : vfs_dir(k, d.bus == &platform_bus ? "/sys/devices/platform" : "/sys/devices");
    if (parent && d.parent->class_)
        return *parent;
    return vfs_make_dir(k, parent ? *parent : vfs_dir(k, "/sys/devices/virtual"), d.class_->name);
}

/// Below /dev; `!` and `/` in the name make directories.
void make_node(Kernel& k, abi::device& d)
{
    abi::umode_t mode = 0;
    char* given = node_name(&d, mode);
    Node* directory = k.vfs->dev;
    std::string_view name = given ? given : name_of(d);
    for (std::size_t cut; (cut = name.find_first_of("/!")) != std::string_view::npos; name.remove_prefix(cut + 1))
        directory = &vfs_make_dir(k, *directory, name.substr(0, cut));
    const unsigned kind = S_IFCHR | ((mode & 07777u) ? mode & 07777u : 0600u);
    Node* there = vfs_child(k, *directory, name);
    if (there && there->generated)
        there = nullptr;
    if (!there)
        state_of(d)->in_dev = &vfs_make_device(k, *directory, name, kind, d.devt);
    abi::kfree(given);
}

void enter_class_of(Kernel& k, abi::device& d)
{
    ClassState* cls = class_state(k, d.class_);
    if (!cls)
        return;
    Node& node = *node_of(k, &d.kobj);
    DeviceState& state = *state_of(d);
    state.in_class = &vfs_make_link(k, *cls->node, name_of(d), node);
    vfs_make_link(k, node, "subsystem", *cls->node);
}

int add_attributes(abi::device& d)
{
    int error = abi::device_create_file(&d, &uevent_attribute);
    if (error == 0 && d.class_)
        error = abi::device_add_groups(&d, d.class_->dev_groups);
    if (error == 0 && d.type)
        error = abi::device_add_groups(&d, d.type->groups);
    if (error == 0)
        error = abi::device_add_groups(&d, d.groups);
    if (error == 0 && major_of(d.devt))
        error = abi::device_create_file(&d, &dev_attribute);
    return error;
}

void drop_links(Kernel& k, DeviceState& state)
{
    for (Node* DeviceState::* link : {&DeviceState::in_class, &DeviceState::in_dev}) {
        if (state.*link)
            vfs_remove(k, *(state.*link));
        state.*link = nullptr;
    }
}

void forget(Kernel& k, abi::device& d)
{
    for (abi::device** at = &k.vfs->devices; *at; at = &state_of(**at)->next)
        if (*at == &d) {
            *at = state_of(d)->next;
            return;
        }
}

int add_device(Kernel& k, abi::device* d)
{
    if (!d->p)
        d->p = k.arena.make<DeviceState>();
    state_of(*d)->device = d;
    if (d->init_name) {
        abi::dev_set_name(d, "%s", d->init_name);
        d->init_name = nullptr;
    }
    if (!d->kobj.name && d->bus && d->bus->dev_name)
        abi::dev_set_name(d, "%s%u", d->bus->dev_name, d->id);
    if (!d->kobj.name || !*d->kobj.name)
        return -EINVAL;
    abi::get_device(d->parent);
    if (const int error = kobject_enter(k, &d->kobj, parent_of(k, *d))) {
        abi::_printk("\0013kobject_add_internal failed for %s with -EEXIST, don't try to register things with the same "
                     "name in the same directory.\n",
                     d->kobj.name);
        abi::put_device(d->parent);
        return error;
    }
    state_of(*d)->next = k.vfs->devices;
    k.vfs->devices = d;
    if (d->class_)
        enter_class_of(k, *d);
    const int error = add_attributes(*d);
    if (error == 0 && major_of(d->devt))
        make_node(k, *d);
    abi::kobject_uevent(&d->kobj, abi::KOBJ_ADD);
    if (d->bus)
        bus_add_device(k, *d);
    return error;
}

void free_created(abi::device* d) { abi::kfree(d); }

abi::device* create(const abi::class_* cls, abi::device* parent, abi::dev_t devt, void* data,
                    const abi::attribute_group** groups, const char* format, va_list args)
{
    if (!cls || is_error(cls))
        return error_pointer<abi::device>(-ENODEV);
    auto* d = static_cast<abi::device*>(abi::__kmalloc(sizeof(abi::device), GFP_KERNEL | __GFP_ZERO));
    if (!d)
        return error_pointer<abi::device>(-ENOMEM);
    abi::device_initialize(d);
    d->devt = devt;
    d->class_ = cls;
    d->parent = parent;
    d->groups = groups;
    d->release = free_created;
    d->driver_data = data;
    d->kobj.name = format_name(format, args);
    for (char* c = const_cast<char*>(d->kobj.name); *c; ++c)
        *c = *c == '/' ? '!' : *c;
    const int error = abi::device_add(d);
    if (error == 0)
        return d;
    abi::put_device(d);
    return error_pointer<abi::device>(error);
}

} // namespace
} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel;
extern "C" {

struct device* device_create(const struct class_* cls, struct device* parent, dev_t devt, void* drvdata,
                             const char* format, ...)
{
    va_list args;
    va_start(args, format);
    device* d = kernel::create(cls, parent, devt, drvdata, nullptr, format, args);
    va_end(args);
    return d;
}

struct device* device_create_with_groups(const struct class_* cls, struct device* parent, dev_t devt, void* drvdata,
                                         const struct attribute_group** groups, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    device* d = kernel::create(cls, parent, devt, drvdata, groups, format, args);
    va_end(args);
    return d;
}

void device_destroy(const struct class_* cls, dev_t devt)
{
    for (device* d = kernel().vfs->devices; d; d = kernel::state_of(*d)->next)
        if (d->class_ == cls && d->devt == devt) {
            device_unregister(d);
            return;
        }
}

void device_initialize(struct device* dev)
{
    kobject_init(&dev->kobj, &kernel::device_type);
    dev->devres_head.next = dev->devres_head.prev = &dev->devres_head;
    __mutex_init(&dev->mutex, "&dev->mutex", nullptr);
    dev->numa_node = -1;
}

int device_add(struct device* dev) { return dev ? kernel::add_device(kernel(), dev) : -EINVAL; }

int device_register(struct device* dev)
{
    device_initialize(dev);
    return device_add(dev);
}

void device_del(struct device* dev)
{
    kernel::Kernel& k = kernel();
    if (!dev->p)
        return;
    if (dev->bus)
        kernel::bus_remove_device(k, *dev);
    kernel::drop_links(k, *kernel::state_of(*dev));
    kobject_uevent(&dev->kobj, KOBJ_REMOVE);
    kernel::forget(k, *dev);
    kernel::devres_release_all(*dev);
    kobject_del(&dev->kobj);
    put_device(dev->parent);
}

void device_unregister(struct device* dev)
{
    device_del(dev);
    put_device(dev);
}

struct device* get_device(struct device* dev)
{
    if (dev)
        kobject_get(&dev->kobj);
    return dev;
}

void put_device(struct device* dev)
{
    if (dev)
        kobject_put(&dev->kobj);
}

int dev_set_name(struct device* dev, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    char* name = kernel::format_name(format, args);
    va_end(args);
    if (!name)
        return -ENOMEM;
    for (char* c = name; *c; ++c)
        *c = *c == '/' ? '!' : *c;
    kfree(dev->kobj.name);
    dev->kobj.name = name;
    return 0;
}

int device_create_file(struct device* dev, const struct device_attribute* attr)
{
    return dev ? sysfs_create_file_ns(&dev->kobj, &attr->attr, nullptr) : 0;
}

void device_remove_file(struct device* dev, const struct device_attribute* attr)
{
    if (dev)
        sysfs_remove_file_ns(&dev->kobj, &attr->attr, nullptr);
}

int device_add_groups(struct device* dev, const struct attribute_group** groups)
{
    return sysfs_create_groups(&dev->kobj, groups);
}

void device_remove_groups(struct device* dev, const struct attribute_group** groups)
{
    sysfs_remove_groups(&dev->kobj, groups);
}

ssize_t device_show_int(struct device*, struct device_attribute* attr, char* buf)
{
    return sysfs_emit(buf, "%d\n", *static_cast<int*>(reinterpret_cast<dev_ext_attribute*>(attr)->var));
}

ssize_t device_store_int(struct device*, struct device_attribute* attr, const char* buf, size_t count)
{
    int value = 0;
    if (const int error = kstrtoint(buf, 0, &value))
        return error;
    *static_cast<int*>(reinterpret_cast<dev_ext_attribute*>(attr)->var) = value;
    return static_cast<ssize_t>(count);
}

} // extern "C"
} // namespace irqlab::abi

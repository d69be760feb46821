// kobjects: counted, named, each a directory of sysfs. [LX core-api/kobject]
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned initialised = 1, in_sysfs = 2;

// The kernel's own directories. All Worlds have them, so they are not counted and their nodes are looked up.
abi::kobject make_object(const char* name)
{
    abi::kobject object{};
    object.name = name;
    return object;
}
abi::kobject kernel_object = make_object("kernel"), firmware_object = make_object("firmware"),
             power_object = make_object("power");

bool everlasting(const abi::kobject* kobj)
{
    return kobj == &kernel_object || kobj == &firmware_object || kobj == &power_object;
}

void release_plain(abi::kobject* kobj) { abi::kfree(kobj); }

ssize_t show_kobj(abi::kobject* kobj, abi::attribute* attr, char* buf)
{
    auto* a = reinterpret_cast<abi::kobj_attribute*>(attr);
    return a->show ? a->show(kobj, a, buf) : -EIO;
}

ssize_t store_kobj(abi::kobject* kobj, abi::attribute* attr, const char* buf, size_t count)
{
    auto* a = reinterpret_cast<abi::kobj_attribute*>(attr);
    return a->store ? a->store(kobj, a, buf, count) : -EIO;
}

void complain(const abi::kobject* kobj, int error, const abi::kobject* parent)
{
    const char* prefix = kernel().config.release >= Release::v6_6 ? "kobject: " : "";
    if (error == -EEXIST)
        abi::_printk("\0013%skobject_add_internal failed for %s with -EEXIST, don't try to register things with the "
                     "same name in the same directory.\n",
                     prefix, kobj->name);
    else
        abi::_printk("\0013%skobject_add_internal failed for %s (error: %d parent: %s)\n", prefix, kobj->name, error,
                     parent ? parent->name : "'none'");
}

int add_defaults(abi::kobject* kobj)
{
    const abi::kobj_type* type = kobj->ktype;
    if (!type)
        return 0;
    if (type->default_attrs && kernel().config.release < Release::v6_1)
        if (const int error = abi::sysfs_create_files(kobj, type->default_attrs))
            return error;
    return type->default_groups ? abi::sysfs_create_groups(kobj, type->default_groups) : 0;
}

int add_internal(abi::kobject* kobj)
{
    Kernel& k = kernel();
    if (!kobj->name || !*kobj->name) {
        abi::__lab_warn("lib/kobject.c", 232, "kobject_add_internal",
                        "kobject: (%p): attempted to be registered with empty name!\n", static_cast<void*>(kobj));
        return -EINVAL;
    }
    abi::kobject* parent = abi::kobject_get(kobj->parent);
    if (!parent && kobj->kset)
        parent = abi::kobject_get(&kobj->kset->kobj);
    kobj->parent = parent;
    Node* directory = parent ? node_of(k, parent) : k.vfs->sys;
    int error = directory ? kobject_enter(k, kobj, *directory) : -ENOENT;
    if (error == 0)
        return 0;
    complain(kobj, error, parent);
    kobj->parent = nullptr;
    abi::kobject_put(parent);
    return error;
}

int set_name(abi::kobject* kobj, const char* format, va_list args)
{
    char* name = format_name(format, args);
    if (!name)
        return -ENOMEM;
    for (char* c = name; *c; ++c)
        *c = *c == '/' ? '!' : *c; // no slash in the name of a directory
    abi::kfree(kobj->name);
    kobj->name = name;
    return 0;
}

void cleanup(abi::kobject* kobj)
{
    const abi::kobj_type* type = kobj->ktype;
    if (kobj->state & in_sysfs)
        abi::kobject_del(kobj);
    abi::kobject* parent = kobj->parent;
    const char* name = kobj->name;
    kobj->parent = nullptr;
    if (type && type->release)
        type->release(kobj);
    else
        abi::__lab_warn("lib/kobject.c", 0, "kobject_cleanup",
                        "kobject: '%s' (%p): does not have a release() function, it is broken and must be fixed. See "
                        "Documentation/core-api/kobject.rst.\n",
                        name, static_cast<void*>(kobj));
    abi::kfree(name);
    abi::kobject_put(parent);
}

} // namespace

char* format_name(const char* format, va_list args) { return abi::kvasprintf(GFP_KERNEL, format, args); }

Node* node_of(Kernel& k, const abi::kobject* kobj)
{
    if (kobj == &kernel_object)
        return &vfs_dir(k, "/sys/kernel");
    if (kobj == &firmware_object)
        return &vfs_dir(k, "/sys/firmware");
    if (kobj == &power_object)
        return &vfs_dir(k, "/sys/power");
    return reinterpret_cast<Node*>(kobj->sd);
}

int kobject_enter(Kernel& k, abi::kobject* kobj, Node& parent)
{
    if (const int error = sysfs_check_free(k, parent, kobj->name))
        return error;
    Node& node = vfs_make_dir(k, parent, kobj->name);
    kobj->sd = reinterpret_cast<abi::kernfs_node*>(&node);
    kobj->state |= in_sysfs;
    return add_defaults(kobj);
}

} // namespace irqlab::kernel

namespace irqlab::abi {
extern "C" {

struct kobject *kernel_kobj = &kernel::kernel_object, *firmware_kobj = &kernel::firmware_object,
               *power_kobj = &kernel::power_object;
const struct sysfs_ops kobj_sysfs_ops = {kernel::show_kobj, kernel::store_kobj};

} // extern "C"
} // namespace irqlab::abi

namespace irqlab::kernel {
namespace {
const abi::kobj_type plain_type{.release = release_plain,
                                .sysfs_ops = &abi::kobj_sysfs_ops,
                                .default_attrs = nullptr,
                                .default_groups = nullptr,
                                .namespace_ = nullptr};

void release_kset(abi::kobject* kobj)
{
    abi::kfree(reinterpret_cast<char*>(kobj) - offsetof(abi::kset, kobj));
}
const abi::kobj_type kset_type{.release = release_kset,
                               .sysfs_ops = &abi::kobj_sysfs_ops,
                               .default_attrs = nullptr,
                               .default_groups = nullptr,
                               .namespace_ = nullptr};
} // namespace
} // namespace irqlab::kernel

namespace irqlab::abi {
extern "C" {

void kobject_init(struct kobject* kobj, const struct kobj_type* ktype)
{
    if (kobj->state & kernel::initialised)
        _printk("\0013kobject (%p): tried to init an initialized object, something is seriously wrong.\n",
                static_cast<void*>(kobj));
    kobj->kref.refcount.refs.counter = 1;
    kobj->entry.next = kobj->entry.prev = &kobj->entry;
    kobj->state = kernel::initialised;
    kobj->ktype = ktype;
}

int kobject_set_name(struct kobject* kobj, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int error = kernel::set_name(kobj, format, args);
    va_end(args);
    return error;
}

int kobject_add(struct kobject* kobj, struct kobject* parent, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int error = kernel::set_name(kobj, format, args);
    va_end(args);
    if (error)
        return error;
    kobj->parent = parent;
    return kernel::add_internal(kobj);
}

int kobject_init_and_add(struct kobject* kobj, const struct kobj_type* ktype, struct kobject* parent,
                         const char* format, ...)
{
    kobject_init(kobj, ktype);
    va_list args;
    va_start(args, format);
    const int error = kernel::set_name(kobj, format, args);
    va_end(args);
    if (error)
        return error;
    kobj->parent = parent;
    return kernel::add_internal(kobj);
}

struct kobject* kobject_create_and_add(const char* name, struct kobject* parent)
{
    auto* kobj = static_cast<kobject*>(__kmalloc(sizeof(kobject), GFP_KERNEL | __GFP_ZERO));
    if (!kobj)
        return nullptr;
    kobject_init(kobj, &kernel::plain_type);
    if (const int error = kobject_add(kobj, parent, "%s", name); error == 0)
        return kobj;
    else
        _printk("\0014kobject_create_and_add: kobject_add error: %d\n", error);
    kobject_put(kobj);
    return nullptr;
}

void kobject_del(struct kobject* kobj)
{
    if (!kobj || !(kobj->state & kernel::in_sysfs))
        return;
    kernel::Node* node = kernel::node_of(kernel::kernel(), kobj);
    kobj->sd = nullptr;
    kobj->state &= ~kernel::in_sysfs;
    kernel::vfs_remove(kernel::kernel(), *node);
    kobject* parent = kobj->parent;
    kobj->parent = nullptr;
    kobject_put(parent);
}

struct kobject* kobject_get(struct kobject* kobj)
{
    if (kobj && !kernel::everlasting(kobj))
        ++kobj->kref.refcount.refs.counter;
    return kobj;
}

void kobject_put(struct kobject* kobj)
{
    if (!kobj || kernel::everlasting(kobj))
        return;
    if (!(kobj->state & kernel::initialised))
        __lab_warn("lib/kobject.c", 0, "kobject_put",
                   "kobject: '%s' (%p): is not initialized, yet kobject_put() is being called.\n",
                   kobj->name ? kobj->name : "(null)", static_cast<void*>(kobj));
    int& count = kobj->kref.refcount.refs.counter;
    if (count <= 0)
        __lab_warn("lib/refcount.c", 28, "refcount_warn_saturate", "refcount_t: underflow; use-after-free.\n");
    else if (--count == 0)
        kernel::cleanup(kobj);
}

// Nobody listens for uevents in the lab; they are counted.
int kobject_uevent_env(struct kobject* kobj, enum kobject_action, char*[])
{
    if (!kobj->sd)
        return -EINVAL;
    ++kernel::kernel().vfs->uevents;
    return 0;
}

int kobject_uevent(struct kobject* kobj, enum kobject_action action)
{
    return kobject_uevent_env(kobj, action, nullptr);
}

int add_uevent_var(struct kobj_uevent_env* env, const char* format, ...)
{
    if (env->envp_idx >= 64)
        return -ENOMEM;
    const int room = static_cast<int>(sizeof env->buf) - env->buflen;
    va_list args;
    va_start(args, format);
    const int length = __lab_vsnprintf(env->buf + env->buflen, static_cast<size_t>(room), format, args);
    va_end(args);
    if (length >= room - 1)
        return -ENOMEM;
    env->envp[env->envp_idx++] = env->buf + env->buflen;
    env->buflen += length + 1;
    return 0;
}

struct kset* kset_create_and_add(const char* name, const struct kset_uevent_ops* ops, struct kobject* parent)
{
    auto* set = static_cast<kset*>(__kmalloc(sizeof(kset), GFP_KERNEL | __GFP_ZERO));
    if (!set)
        return nullptr;
    set->list.next = set->list.prev = &set->list;
    set->uevent_ops = ops;
    if (kobject_init_and_add(&set->kobj, &kernel::kset_type, parent, "%s", name) == 0)
        return set;
    kobject_put(&set->kobj);
    return nullptr;
}

void kset_unregister(struct kset* set)
{
    if (!set)
        return;
    kobject_del(&set->kobj);
    kobject_put(&set->kobj);
}

} // extern "C"
} // namespace irqlab::abi

// Classes: directories of /sys/class in which devices are gathered by what they do.
#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

namespace {

/// A class's kobject remembers its class, for the attributes.
struct ClassKobject {
    abi::kobject kobj;
    const abi::class_* cls;
};

ssize_t show_class(abi::kobject* kobj, abi::attribute* attr, char* buf)
{
    auto* a = reinterpret_cast<abi::class_attribute*>(attr);
    return a->show ? a->show(reinterpret_cast<ClassKobject*>(kobj)->cls, a, buf) : -EIO;
}

ssize_t store_class(abi::kobject* kobj, abi::attribute* attr, const char* buf, size_t count)
{
    auto* a = reinterpret_cast<abi::class_attribute*>(attr);
    return a->store ? a->store(reinterpret_cast<ClassKobject*>(kobj)->cls, a, buf, count) : -EIO;
}

void release_class(abi::kobject*) {}
const abi::sysfs_ops class_sysfs_ops{show_class, store_class};
const abi::kobj_type class_type{.release = release_class,
                                .sysfs_ops = &class_sysfs_ops,
                                .default_attrs = nullptr,
                                .default_groups = nullptr,
                                .namespace_ = nullptr};

int enter_class(const abi::class_* cls, bool allocated)
{
    Kernel& k = kernel();
    auto* object = k.arena.make<ClassKobject>();
    object->cls = cls;
    abi::kobject_init(&object->kobj, &class_type);
    // The kernel's own is there since boot: its name was never refused.
    const unsigned never_fails = cls == &misc_class ? __GFP_NOFAIL : 0;
    object->kobj.name = abi::kasprintf(GFP_KERNEL | never_fails, "%s", cls->name);
    Node& parent = vfs_dir(k, "/sys/class");
    if (const int error = object->kobj.name ? kobject_enter(k, &object->kobj, parent) : -ENOMEM) {
        abi::kobject_put(&object->kobj);
        k.arena.give_back(object, sizeof *object);
        return error;
    }
    k.vfs->classes = k.arena.make<ClassState>(
        ClassState{cls, node_of(k, &object->kobj), &object->kobj, k.vfs->classes, allocated});
    return abi::sysfs_create_groups(&object->kobj, cls->class_groups);
}

abi::class_* make_class(const char* name, abi::module* owner)
{
    auto* cls = static_cast<abi::class_*>(abi::__kmalloc(sizeof(abi::class_), GFP_KERNEL | __GFP_ZERO));
    if (!cls)
        return error_pointer<abi::class_>(-ENOMEM);
    cls->name = name;
    cls->owner = owner;
    const int error = enter_class(cls, true);
    if (error == 0)
        return cls;
    abi::kfree(cls);
    return error_pointer<abi::class_>(error);
}

} // namespace

ClassState* class_state(Kernel& k, const abi::class_* cls)
{
    for (ClassState* s = k.vfs->classes; s; s = s->next)
        if (s->cls == cls)
            return s;
    if (cls != &misc_class)
        return nullptr;
    enter_class(cls, false); // the kernel's own: made when first needed
    return k.vfs->classes;
}

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel;
extern "C" {

struct class_* class_create(const char* name) { return kernel::make_class(name, nullptr); }

struct class_* __class_create(struct module* owner, const char* name, struct lock_class_key*)
{
    return kernel::make_class(name, owner);
}

int class_register(const struct class_* cls) { return kernel::enter_class(cls, false); }
int __class_register(struct class_* cls, struct lock_class_key*) { return kernel::enter_class(cls, false); }

void class_unregister(const struct class_* cls)
{
    for (kernel::ClassState** at = &kernel().vfs->classes; *at; at = &(*at)->next) {
        kernel::ClassState* state = *at;
        if (state->cls != cls)
            continue;
        *at = state->next;
        sysfs_remove_groups(state->kobj, cls->class_groups);
        kobject_del(state->kobj);
        kobject_put(state->kobj);
        if (state->allocated)
            kfree(cls);
        else if (cls->class_release)
            cls->class_release(cls);
        kernel().arena.give_back(state, sizeof *state);
        return;
    }
}

void class_destroy(const struct class_* cls)
{
    if (cls && !kernel::is_error(cls))
        class_unregister(cls);
}

int class_create_file_ns(const struct class_* cls, const struct class_attribute* attr, const void* ns)
{
    kernel::ClassState* state = cls ? kernel::class_state(kernel(), cls) : nullptr;
    return state ? sysfs_create_file_ns(state->kobj, &attr->attr, ns) : -EINVAL;
}

void class_remove_file_ns(const struct class_* cls, const struct class_attribute* attr, const void* ns)
{
    if (kernel::ClassState* state = cls ? kernel::class_state(kernel(), cls) : nullptr)
        sysfs_remove_file_ns(state->kobj, &attr->attr, ns);
}

} // extern "C"
} // namespace irqlab::abi

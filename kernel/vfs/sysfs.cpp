// Attributes of kobjects as files: one page, written by the driver's show and read by its store.
// [LX filesystems/sysfs]
#include <algorithm>
#include <cstring>
#include <fcntl.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

constexpr std::size_t page = abi::IRQLAB_PAGE_SIZE;

const abi::attribute& attribute_of(const OpenFile& f) { return *static_cast<const abi::attribute*>(f.node->calls); }
abi::kobject* kobject_of(const OpenFile& f) { return static_cast<abi::kobject*>(f.node->data); }

const abi::sysfs_ops* ops_of(const OpenFile& f)
{
    const abi::kobj_type* type = kobject_of(f)->ktype;
    return type && type->sysfs_ops ? type->sysfs_ops : &abi::kobj_sysfs_ops;
}

// Root may open what the mode forbids, but not for what the attribute cannot do.
int attribute_open(Kernel&, OpenFile& file)
{
    const abi::sysfs_ops* ops = ops_of(file);
    const unsigned mode = file.node->mode;
    if ((file.linux.f_mode & FMODE_WRITE) && (!(mode & 0222u) || !ops->store))
        return -EACCES;
    return (file.linux.f_mode & FMODE_READ) && (!(mode & 0444u) || !ops->show) ? -EACCES : 0;
}

/// Calls show once for a reading from the start. @return 0 or what the driver answered.
ssize_t fill(Kernel& k, OpenFile& file)
{
    const abi::sysfs_ops* ops = ops_of(file);
    if (!node_enter(*file.node))
        return -ENODEV;
    auto* buffer = reinterpret_cast<char*>(abi::get_zeroed_page(GFP_KERNEL));
    auto* attr = const_cast<abi::attribute*>(&attribute_of(file));
    ssize_t count = ops->show(kobject_of(file), attr, buffer);
    if (count >= static_cast<ssize_t>(page)) {
        abi::_printk("\0014fill_read_buffer: %pS returned bad count\n", reinterpret_cast<void*>(ops->show));
        count = static_cast<ssize_t>(page) - 1;
    }
    if (!file.text)
        file.text = k.arena.make<TextSink>(k.arena);
    file.text->clear();
    if (count > 0)
        file.text->append({buffer, static_cast<std::size_t>(count)});
    abi::free_pages(reinterpret_cast<unsigned long>(buffer), 0);
    node_leave(k, *file.node);
    return count < 0 ? count : 0;
}

ssize_t attribute_read(Kernel& k, OpenFile& file, char* buffer, std::size_t size)
{
    if (file.revoked)
        return -ENODEV;
    if (!file.text || file.linux.f_pos == 0)
        if (const ssize_t error = fill(k, file))
            return error;
    const std::string_view text = file.text->text();
    const auto at = std::min(static_cast<std::size_t>(file.linux.f_pos), text.size());
    const std::size_t count = text.copy(buffer, size, at);
    file.linux.f_pos += static_cast<i64>(count);
    return static_cast<ssize_t>(count);
}

ssize_t attribute_write(Kernel& k, OpenFile& file, const char* from, std::size_t size)
{
    const std::size_t count = std::min(size, page);
    if (file.revoked || !node_enter(*file.node))
        return -ENODEV;
    ssize_t result = 0;
    if (count != 0) {
        auto* buffer = static_cast<char*>(abi::__kmalloc(count + 1, GFP_KERNEL));
        std::memcpy(buffer, from, count);
        buffer[count] = 0;
        auto* attr = const_cast<abi::attribute*>(&attribute_of(file));
        result = ops_of(file)->store(kobject_of(file), attr, buffer, count);
        abi::kfree(buffer);
    }
    node_leave(k, *file.node);
    if (result > 0)
        file.linux.f_pos += result;
    return result;
}

i64 attribute_seek(Kernel&, OpenFile& file, i64 offset, int whence)
{
    return whence > SEEK_CUR ? -EINVAL : seek_within(file, offset, whence, 0);
}

ssize_t bin_read(Kernel& k, OpenFile& file, char* to, std::size_t size)
{
    const auto& attr = *reinterpret_cast<const abi::bin_attribute*>(file.node->calls);
    const i64 pos = file.linux.f_pos;
    std::size_t count = std::min(size, page);
    if (attr.size != 0)
        count = pos >= static_cast<i64>(attr.size) ? 0 : std::min(count, attr.size - static_cast<std::size_t>(pos));
    if (!attr.read)
        return -EIO;
    if (count == 0)
        return 0;
    if (file.revoked || !node_enter(*file.node))
        return -ENODEV;
    auto* buffer = reinterpret_cast<char*>(abi::get_zeroed_page(GFP_KERNEL));
    auto* a = const_cast<abi::bin_attribute*>(&attr);
    const ssize_t n = attr.read(&file.linux, kobject_of(file), a, buffer, pos, count);
    if (n > 0) {
        std::memcpy(to, buffer, std::min(static_cast<std::size_t>(n), size));
        file.linux.f_pos += n;
    }
    abi::free_pages(reinterpret_cast<unsigned long>(buffer), 0);
    node_leave(k, *file.node);
    return n;
}

ssize_t bin_write(Kernel& k, OpenFile& file, const char* from, std::size_t size)
{
    const auto& attr = *reinterpret_cast<const abi::bin_attribute*>(file.node->calls);
    const i64 pos = file.linux.f_pos;
    std::size_t count = std::min(size, page);
    if (attr.size != 0 && pos >= static_cast<i64>(attr.size))
        return -EFBIG;
    if (attr.size != 0)
        count = std::min(count, attr.size - static_cast<std::size_t>(pos));
    if (!attr.write)
        return -EIO;
    if (file.revoked || !node_enter(*file.node))
        return -ENODEV;
    auto* buffer = reinterpret_cast<char*>(abi::get_zeroed_page(GFP_KERNEL));
    std::memcpy(buffer, from, count);
    auto* a = const_cast<abi::bin_attribute*>(&attr);
    const ssize_t n = attr.write(&file.linux, kobject_of(file), a, buffer, pos, count);
    if (n > 0)
        file.linux.f_pos += n;
    abi::free_pages(reinterpret_cast<unsigned long>(buffer), 0);
    node_leave(k, *file.node);
    return n;
}

/// The directory of a group: of its own when it has a name.
Node* group_directory(Kernel& k, abi::kobject* kobj, const abi::attribute_group& group)
{
    Node* node = node_of(k, kobj);
    return node && group.name ? vfs_child(k, *node, group.name) : node;
}

int add_group(Kernel& k, abi::kobject* kobj, const abi::attribute_group& group)
{
    Node* directory = node_of(k, kobj);
    if (!directory)
        return -EINVAL;
    if (group.name) {
        if (const int error = sysfs_check_free(k, *directory, group.name))
            return error;
        directory = &vfs_make_dir(k, *directory, group.name);
    }
    for (int i = 0; group.attrs && group.attrs[i]; ++i) {
        abi::attribute* attr = group.attrs[i];
        const unsigned mode = group.is_visible ? group.is_visible(kobj, attr, i) : attr->mode;
        if (mode == 0)
            continue;
        if (const int error = sysfs_add(k, *directory, kobj, attr, mode))
            return error;
    }
    for (int i = 0; group.bin_attrs && group.bin_attrs[i]; ++i)
        if (const int error = abi::sysfs_create_bin_file(kobj, group.bin_attrs[i]))
            return error;
    return 0;
}

} // namespace

const FileOps attribute_file_ops{
    .open = attribute_open, .read = attribute_read, .write = attribute_write, .seek = attribute_seek};
const FileOps bin_attribute_file_ops{.read = bin_read, .write = bin_write, .seek = attribute_seek};

int sysfs_check_free(Kernel& k, Node& parent, const char* name)
{
    if (!vfs_child(k, parent, name))
        return 0;
    TextSink path{k.arena};
    vfs_path(parent, *k.vfs->sys, path);
    path.format("/{}", name);
    path.append('\0');
    abi::_printk("\0014sysfs: cannot create duplicate filename '%s'\n", path.text().data());
    path.drop();
    abi::dump_stack();
    return -EEXIST;
}

int sysfs_add(Kernel& k, Node& directory, abi::kobject* kobj, const abi::attribute* attr, unsigned mode)
{
    if (const int error = sysfs_check_free(k, directory, attr->name))
        return error;
    Node& node = node_make(k, attr->name, S_IFREG | (mode & 0777u));
    node.ops = &attribute_file_ops;
    node.calls = attr;
    node.data = kobj;
    node.size = page;
    node_add(k, directory, node);
    return 0;
}

void sysfs_remove_name(Kernel& k, Node& directory, const char* name)
{
    if (Node* node = vfs_child(k, directory, name))
        vfs_remove(k, *node);
}

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel; // the World's
using kernel::node_of;
extern "C" {

int sysfs_create_file_ns(struct kobject* kobj, const struct attribute* attr, const void*)
{
    kernel::Node* node = kobj ? node_of(kernel(), kobj) : nullptr;
    return node && attr ? kernel::sysfs_add(kernel(), *node, kobj, attr, attr->mode) : -EINVAL;
}

void sysfs_remove_file_ns(struct kobject* kobj, const struct attribute* attr, const void*)
{
    if (kernel::Node* node = node_of(kernel(), kobj))
        kernel::sysfs_remove_name(kernel(), *node, attr->name);
}

int sysfs_create_files(struct kobject* kobj, const struct attribute* const* attrs)
{
    for (int i = 0; attrs[i]; ++i)
        if (const int error = sysfs_create_file_ns(kobj, attrs[i], nullptr)) {
            while (--i >= 0)
                sysfs_remove_file_ns(kobj, attrs[i], nullptr);
            return error;
        }
    return 0;
}

void sysfs_remove_files(struct kobject* kobj, const struct attribute* const* attrs)
{
    for (int i = 0; attrs[i]; ++i)
        sysfs_remove_file_ns(kobj, attrs[i], nullptr);
}

int sysfs_create_group(struct kobject* kobj, const struct attribute_group* group)
{
    const int error = kernel::add_group(kernel(), kobj, *group);
    if (error && error != -EEXIST)
        sysfs_remove_group(kobj, group);
    return error;
}

int sysfs_create_groups(struct kobject* kobj, const struct attribute_group** groups)
{
    for (int i = 0; groups && groups[i]; ++i)
        if (const int error = sysfs_create_group(kobj, groups[i])) {
            while (--i >= 0)
                sysfs_remove_group(kobj, groups[i]);
            return error;
        }
    return 0;
}

void sysfs_remove_group(struct kobject* kobj, const struct attribute_group* group)
{
    kernel::Node* directory = kernel::group_directory(kernel(), kobj, *group);
    if (!directory)
        return;
    for (int i = 0; group->attrs && group->attrs[i]; ++i)
        kernel::sysfs_remove_name(kernel(), *directory, group->attrs[i]->name);
    for (int i = 0; group->bin_attrs && group->bin_attrs[i]; ++i)
        sysfs_remove_bin_file(kobj, group->bin_attrs[i]);
    if (group->name)
        kernel::vfs_remove(kernel(), *directory);
}

void sysfs_remove_groups(struct kobject* kobj, const struct attribute_group** groups)
{
    for (int i = 0; groups && groups[i]; ++i)
        sysfs_remove_group(kobj, groups[i]);
}

int sysfs_create_bin_file(struct kobject* kobj, const struct bin_attribute* attr)
{
    kernel::Node* directory = node_of(kernel(), kobj);
    if (!directory)
        return -EINVAL;
    if (const int error = kernel::sysfs_check_free(kernel(), *directory, attr->attr.name))
        return error;
    kernel::Node& node = kernel::node_make(kernel(), attr->attr.name, S_IFREG | (attr->attr.mode & 0777u));
    node.ops = &kernel::bin_attribute_file_ops;
    node.calls = attr;
    node.data = kobj;
    node.size = attr->size;
    kernel::node_add(kernel(), *directory, node);
    return 0;
}

void sysfs_remove_bin_file(struct kobject* kobj, const struct bin_attribute* attr)
{
    if (kernel::Node* directory = node_of(kernel(), kobj))
        kernel::sysfs_remove_name(kernel(), *directory, attr->attr.name);
}

int sysfs_create_link(struct kobject* kobj, struct kobject* target, const char* name)
{
    kernel::Node* directory = kobj ? node_of(kernel(), kobj) : kernel().vfs->sys;
    kernel::Node* to = target ? node_of(kernel(), target) : nullptr;
    if (!directory)
        return -EFAULT;
    if (!to)
        return -ENOENT;
    if (const int error = kernel::sysfs_check_free(kernel(), *directory, name))
        return error;
    kernel::vfs_make_link(kernel(), *directory, name, *to);
    return 0;
}

void sysfs_remove_link(struct kobject* kobj, const char* name)
{
    kernel::Node* directory = kobj ? node_of(kernel(), kobj) : kernel().vfs->sys;
    if (directory)
        kernel::sysfs_remove_name(kernel(), *directory, name);
}

// Pollers of an attribute are told by its next reading only: the lab's programs do not poll attributes.
void sysfs_notify(struct kobject*, const char*, const char*) {}

int sysfs_emit(char* buf, const char* format, ...)
{
    if (!buf || reinterpret_cast<std::uintptr_t>(buf) % kernel::page != 0) {
        __lab_warn("fs/sysfs/file.c", 735, "sysfs_emit", "invalid sysfs_emit: buf:%p\n", static_cast<void*>(buf));
        return 0;
    }
    va_list args;
    va_start(args, format);
    const int n = vscnprintf(buf, kernel::page, format, args);
    va_end(args);
    return n;
}

int sysfs_emit_at(char* buf, int at, const char* format, ...)
{
    if (!buf || reinterpret_cast<std::uintptr_t>(buf) % kernel::page != 0 || at < 0 ||
        at >= static_cast<int>(kernel::page)) {
        __lab_warn("fs/sysfs/file.c", 765, "sysfs_emit_at", "invalid sysfs_emit_at: buf:%p at:%d\n",
                   static_cast<void*>(buf), at);
        return 0;
    }
    va_list args;
    va_start(args, format);
    const int n = vscnprintf(buf + at, kernel::page - static_cast<size_t>(at), format, args);
    va_end(args);
    return n;
}

} // extern "C"
} // namespace irqlab::abi

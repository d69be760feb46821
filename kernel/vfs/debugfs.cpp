// debugfs: drivers' files in /sys/kernel/debug. [LX filesystems/debugfs]
#include <cstring>
#include <sys/stat.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

Node* node_of(abi::dentry* dentry) { return static_cast<Node*>(dentry->__lab); }

/// @return the new node, or an error as Linux's pointer.
abi::dentry* add(const char* name, unsigned mode, abi::dentry* parent, Node*& made)
{
    Kernel& k = kernel();
    made = nullptr;
    if (is_error(parent))
        return parent;
    Node& directory = parent ? *node_of(parent) : vfs_dir(k, "/sys/kernel/debug");
    if (vfs_child(k, directory, name)) {
        abi::_printk("\0013debugfs: %s '%s' in directory '%s' already present!\n",
                     S_ISDIR(mode) ? "Directory" : "File", name, parent ? directory.name : "/");
        return error_pointer<abi::dentry>(-EEXIST);
    }
    made = &node_make(k, name, mode);
    node_add(k, directory, *made);
    inode_of(k, *made);
    return made->dentry;
}

template <class T>
void show_decimal(Kernel&, void* value, TextSink& out)
{
    out.format("{}\n", static_cast<u64>(*static_cast<const T*>(value)));
}
void show_hexadecimal(Kernel&, void* value, TextSink& out)
{
    out.format("0x{:08x}\n", *static_cast<const abi::u32*>(value));
}
void show_bool(Kernel&, void* value, TextSink& out) { out.append(*static_cast<const bool*>(value) ? "Y\n" : "N\n"); }
void show_atomic(Kernel&, void* value, TextSink& out)
{
    out.format("{}\n", static_cast<const abi::atomic_t*>(value)->counter);
}

template <class T>
int store_number(Kernel&, void* value, std::string_view text)
{
    char digits[32]{};
    std::memcpy(digits, text.data(), text.size() < sizeof digits ? text.size() : sizeof digits - 1);
    unsigned long long number = 0;
    const int error = abi::kstrtoull(digits, 0, &number);
    if (error == 0)
        *static_cast<T*>(value) = static_cast<T>(number);
    return error;
}

int store_bool(Kernel&, void* value, std::string_view text)
{
    char digits[32]{};
    std::memcpy(digits, text.data(), text.size() < sizeof digits ? text.size() : sizeof digits - 1);
    return abi::kstrtobool(digits, static_cast<bool*>(value));
}

void add_value(const char* name, unsigned mode, abi::dentry* parent, void* value, Show show, Store store)
{
    Node* node = nullptr;
    add(name, S_IFREG | (mode & 0777u), parent, node);
    if (!node)
        return;
    node->show = show;
    node->store = mode & 0222u ? store : nullptr;
    node->context = value;
}

} // namespace
} // namespace irqlab::kernel

namespace irqlab::abi {
extern "C" {

struct dentry* debugfs_create_dir(const char* name, struct dentry* parent)
{
    kernel::Node* node = nullptr;
    return kernel::add(name, S_IFDIR | 0755u, parent, node);
}

struct dentry* debugfs_create_file(const char* name, umode_t mode, struct dentry* parent, void* data,
                                   const struct file_operations* ops)
{
    kernel::Node* node = nullptr;
    dentry* made = kernel::add(name, S_IFREG | (mode & 0777u), parent, node);
    if (node) {
        node->ops = &kernel::fops_file_ops;
        node->calls = ops;
        node->data = data;
        node->inode->i_private = data;
    }
    return made;
}

void debugfs_create_u8(const char* name, umode_t mode, struct dentry* parent, u8* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_decimal<u8>, kernel::store_number<u8>);
}
void debugfs_create_u16(const char* name, umode_t mode, struct dentry* parent, u16* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_decimal<u16>, kernel::store_number<u16>);
}
void debugfs_create_u32(const char* name, umode_t mode, struct dentry* parent, u32* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_decimal<u32>, kernel::store_number<u32>);
}
void debugfs_create_u64(const char* name, umode_t mode, struct dentry* parent, u64* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_decimal<u64>, kernel::store_number<u64>);
}
void debugfs_create_x32(const char* name, umode_t mode, struct dentry* parent, u32* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_hexadecimal, kernel::store_number<u32>);
}
void debugfs_create_bool(const char* name, umode_t mode, struct dentry* parent, bool* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_bool, kernel::store_bool);
}
void debugfs_create_atomic_t(const char* name, umode_t mode, struct dentry* parent, atomic_t* value)
{
    kernel::add_value(name, mode, parent, value, kernel::show_atomic, kernel::store_number<int>);
}

void debugfs_remove(struct dentry* dentry)
{
    if (dentry && !kernel::is_error(dentry))
        kernel::vfs_remove(kernel::kernel(), *static_cast<kernel::Node*>(dentry->__lab));
}

} // extern "C"
} // namespace irqlab::abi

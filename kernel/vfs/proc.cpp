// Drivers' entries of /proc. [LX filesystems/proc, include/linux/proc_fs.h]
#include <cstring>
#include <sys/stat.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/proc.h"

namespace irqlab::kernel {

namespace {

// A proc_dir_entry is its Node; the driver never looks inside.
Node* node_of(abi::proc_dir_entry* entry) { return reinterpret_cast<Node*>(entry); }
abi::proc_dir_entry* entry_of(Node* node) { return reinterpret_cast<abi::proc_dir_entry*>(node); }

/// The directory that `name` lies in, when it has slashes; `name` becomes its last part.
Node* directory_of(Kernel& k, std::string_view& name, abi::proc_dir_entry* parent)
{
    Node* directory = parent ? node_of(parent) : k.vfs->proc;
    const std::string_view whole = name;
    for (std::size_t slash; directory && (slash = name.find('/')) != std::string_view::npos;
         name.remove_prefix(slash + 1))
        directory = vfs_child(k, *directory, name.substr(0, slash));
    if (directory && is_directory(*directory))
        return directory;
    abi::__lab_warn("fs/proc/generic.c", 160, "__xlate_proc_name", "name '%.*s'\n", static_cast<int>(whole.size()),
                    whole.data());
    return nullptr;
}

const char* directory_name(const Kernel& k, const Node& directory)
{
    return &directory == k.vfs->proc ? "/proc" : directory.name;
}

Node* add(const char* full_name, unsigned mode, abi::proc_dir_entry* parent)
{
    Kernel& k = kernel();
    std::string_view name = full_name;
    Node* directory = directory_of(k, name, parent);
    if (!directory || name.empty())
        return nullptr;
    if (vfs_child(k, *directory, name)) {
        abi::__lab_warn("fs/proc/generic.c", 376, "proc_register", "proc_dir_entry '%s/%.*s' already registered\n",
                        directory_name(k, *directory), static_cast<int>(name.size()), name.data());
        return nullptr;
    }
    Node& node = node_make(k, name, mode);
    node_add(k, *directory, node);
    return &node;
}

abi::proc_dir_entry* add_file(const char* name, abi::umode_t mode, abi::proc_dir_entry* parent,
                              const abi::proc_ops* ops, void* data)
{
    Node* node = add(name, S_IFREG | ((mode & 07777u) ? mode & 07777u : 0444u), parent);
    if (!node)
        return nullptr;
    node->ops = &proc_file_ops;
    node->calls = ops;
    node->data = data;
    return entry_of(node);
}

/// Since 5.6 Linux reads the flags at once: an entry without operations is an Oops of who makes it.
void read_flags(Kernel& k, const abi::proc_ops* ops)
{
    if (k.config.release >= Release::v5_10)
        static_cast<void>(static_cast<const volatile abi::proc_ops*>(ops)->proc_flags);
}

Node* node_of(const abi::inode* inode) { return static_cast<Node*>(inode->__lab); }

/// Behind proc_create_single_data and proc_create_seq_private; Node::data points to one.
struct Made {
    abi::proc_ops ops; // Node::calls
    int (*show)(abi::seq_file* m, void* v);
    const abi::seq_operations* seq;
    unsigned state_size;
};

const Made& made_of(const abi::inode* inode) { return *static_cast<const Made*>(node_of(inode)->calls); }

int open_single(abi::inode* inode, abi::file* file)
{
    return abi::single_open(file, made_of(inode).show, node_of(inode)->data);
}

int open_seq(abi::inode* inode, abi::file* file)
{
    const Made& made = made_of(inode);
    return made.state_size ? abi::seq_open_private(file, made.seq, static_cast<int>(made.state_size))
                           : abi::seq_open(file, made.seq);
}

int release_seq(abi::inode* inode, abi::file* file)
{
    return made_of(inode).state_size ? abi::seq_release_private(inode, file) : abi::seq_release(inode, file);
}

abi::proc_ops seq_ops(decltype(abi::proc_ops::proc_open) open, decltype(abi::proc_ops::proc_release) release)
{
    abi::proc_ops ops{};
    ops.proc_open = open;
    ops.proc_read = abi::seq_read;
    ops.proc_lseek = abi::seq_lseek;
    ops.proc_release = release;
    return ops;
}

/// proc_ops with the same functions. They live as long as the World: an entry may outlast its removal.
const abi::proc_ops* proc_ops_of(Kernel& k, const abi::file_operations& f)
{
    auto* ops = k.arena.make<abi::proc_ops>();
    ops->proc_open = f.open;
    ops->proc_read = f.read;
    ops->proc_read_iter = f.read_iter;
    ops->proc_write = f.write;
    ops->proc_lseek = f.llseek;
    ops->proc_release = f.release;
    ops->proc_poll = f.poll;
    ops->proc_ioctl = f.unlocked_ioctl;
    ops->proc_mmap = f.mmap;
    return ops;
}

} // namespace
} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::entry_of;
using kernel::kernel;
using kernel::node_of;
extern "C" {

struct proc_dir_entry* __lab_proc_create_fops(const char* name, umode_t mode, struct proc_dir_entry* parent,
                                              const struct file_operations* ops, void* data)
{
    return kernel::add_file(name, mode, parent, kernel::proc_ops_of(kernel(), *ops), data);
}

struct proc_dir_entry* proc_create(const char* name, umode_t mode, struct proc_dir_entry* parent,
                                   const struct proc_ops* ops)
{
    kernel::read_flags(kernel(), ops);
    return kernel::add_file(name, mode, parent, ops, nullptr);
}

struct proc_dir_entry* proc_create_data(const char* name, umode_t mode, struct proc_dir_entry* parent,
                                        const struct proc_ops* ops, void* data)
{
    kernel::read_flags(kernel(), ops);
    return kernel::add_file(name, mode, parent, ops, data);
}

struct proc_dir_entry* proc_mkdir_data(const char* name, umode_t mode, struct proc_dir_entry* parent, void* data)
{
    kernel::Node* node = kernel::add(name, S_IFDIR | ((mode & 07777u) ? mode & 07777u : 0555u), parent);
    if (node)
        node->data = data;
    return entry_of(node);
}

struct proc_dir_entry* proc_mkdir_mode(const char* name, umode_t mode, struct proc_dir_entry* parent)
{
    return proc_mkdir_data(name, mode, parent, nullptr);
}

struct proc_dir_entry* proc_mkdir(const char* name, struct proc_dir_entry* parent)
{
    return proc_mkdir_data(name, 0, parent, nullptr);
}

struct proc_dir_entry* proc_symlink(const char* name, struct proc_dir_entry* parent, const char* target)
{
    kernel::Node* node = kernel::add(name, S_IFLNK | 0777u, parent);
    if (!node)
        return nullptr;
    const size_t size = std::strlen(target) + 1;
    auto* text = static_cast<char*>(kernel().arena.take(size));
    std::memcpy(text, target, size);
    node->target_path = text;
    return entry_of(node);
}

struct proc_dir_entry* proc_create_single_data(const char* name, umode_t mode, struct proc_dir_entry* parent,
                                               int (*show)(struct seq_file* m, void* v), void* data)
{
    auto* made = kernel().arena.make<kernel::Made>(
        kernel::Made{kernel::seq_ops(kernel::open_single, single_release), show, nullptr, 0});
    return kernel::add_file(name, mode, parent, &made->ops, data);
}

struct proc_dir_entry* proc_create_seq_private(const char* name, umode_t mode, struct proc_dir_entry* parent,
                                               const struct seq_operations* ops, unsigned int state_size, void* data)
{
    auto* made = kernel().arena.make<kernel::Made>(
        kernel::Made{kernel::seq_ops(kernel::open_seq, kernel::release_seq), nullptr, ops, state_size});
    return kernel::add_file(name, mode, parent, &made->ops, data);
}

void proc_set_size(struct proc_dir_entry* entry, loff_t size) { node_of(entry)->size = static_cast<size_t>(size); }

// Every program of the lab is root: owners are not kept.
void proc_set_user(struct proc_dir_entry*, kuid_t, kgid_t) {}

void proc_remove(struct proc_dir_entry* entry)
{
    if (entry)
        kernel::vfs_remove(kernel(), *node_of(entry));
}

void remove_proc_entry(const char* full_name, struct proc_dir_entry* parent)
{
    std::string_view name = full_name;
    kernel::Node* directory = kernel::directory_of(kernel(), name, parent);
    if (!directory)
        return;
    kernel::Node* node = kernel::vfs_child(kernel(), *directory, name);
    if (!node || node->generated) {
        __lab_warn("fs/proc/generic.c", 712, "remove_proc_entry", "name '%s'\n", full_name);
        return;
    }
    if (node->first)
        __lab_warn("fs/proc/generic.c", 718, "remove_proc_entry",
                   "%s: removing non-empty directory '%s/%s', leaking at least '%s'\n", "remove_proc_entry",
                   kernel::directory_name(kernel(), *directory), node->name, node->first->name);
    kernel::vfs_remove(kernel(), *node);
}

int remove_proc_subtree(const char* full_name, struct proc_dir_entry* parent)
{
    std::string_view name = full_name;
    kernel::Node* directory = kernel::directory_of(kernel(), name, parent);
    kernel::Node* node = directory ? kernel::vfs_child(kernel(), *directory, name) : nullptr;
    if (!node || node->generated)
        return -ENOENT;
    kernel::vfs_remove(kernel(), *node);
    return 0;
}

void* __lab_pde_data(const struct inode* inode) { return node_of(inode)->data; }
void* PDE_DATA(const struct inode* inode) { return node_of(inode)->data; }
void* proc_get_parent_data(const struct inode* inode) { return node_of(inode)->parent->data; }

} // extern "C"
} // namespace irqlab::abi

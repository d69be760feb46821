// The tree of the lab's files: finding, adding and removing nodes.
#include <algorithm>
#include <cstring>
#include <sys/stat.h>

#include "hw/base/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/file.hpp"
#include "kernel/vfs/tables.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

namespace {

constexpr int links_max = 40; // [MAN7 path_resolution]

Node* child_there(Node& directory, std::string_view name)
{
    for (Node* n = directory.first; n; n = n->next)
        if (name == n->name)
            return n;
    return nullptr;
}

const Fixed* row_of(const Directory& directory, std::string_view name)
{
    for (std::size_t i = 0; i < directory.row_count; ++i)
        if (directory.rows[i].name == name)
            return &directory.rows[i];
    return nullptr;
}

/// A row without a context of its own has its directory's, e.g. the irq number.
void take_over(Node& node, const Fixed& fixed, void* inherited)
{
    node.mode = fixed.mode;
    node.show = fixed.show;
    node.store = fixed.store;
    node.directory = fixed.directory;
    node.ops = fixed.ops;
    node.device = fixed.device;
    node.context = fixed.context ? fixed.context : inherited;
    node.target_path = fixed.target;
    node.generated = true;
}

/// The node for a name of the kernel's own; what somebody added under that name stays.
Node* child_of_tables(Kernel& k, Node& directory, std::string_view name, Node* there)
{
    Fixed found;
    const Fixed* fixed = row_of(*directory.directory, name);
    if (!fixed && directory.directory->find && directory.directory->find(k, directory.context, name, found))
        fixed = &found;
    if (!fixed)
        return nullptr;
    if (!there) {
        there = &node_make(k, name, fixed->mode);
        node_add(k, directory, *there);
    }
    take_over(*there, *fixed, directory.context);
    return there;
}

void unlink_node(Node& node)
{
    Node& parent = *node.parent;
    Node* previous = nullptr;
    for (Node* n = parent.first; n != &node; n = n->next)
        previous = n;
    (previous ? previous->next : parent.first) = node.next;
    if (parent.last == &node)
        parent.last = previous;
    node.next = nullptr;
}

Node* walk(Kernel& k, Node* at, std::string_view path, int& error, bool follow_last, int& links);

Node* follow(Kernel& k, Node& link, int& error, int& links)
{
    if (++links > links_max) {
        error = -ELOOP;
        return nullptr;
    }
    if (link.target)
        return link.target;
    const std::string_view text = link.target_path;
    return walk(k, text.starts_with('/') ? &k.vfs->root : link.parent, text, error, true, links);
}

/// One step of a walk. @return null and `error`.
Node* step(Kernel& k, Node& at, std::string_view name, int& error)
{
    if (!is_directory(at)) {
        error = -ENOTDIR;
        return nullptr;
    }
    if (name == "." || name.empty())
        return &at;
    if (name == "..")
        return at.parent ? at.parent : &at;
    Node* child = vfs_child(k, at, name);
    if (!child)
        error = -ENOENT;
    return child;
}

Node* walk(Kernel& k, Node* at, std::string_view path, int& error, bool follow_last, int& links)
{
    while (at && !path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view name = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
        at = step(k, *at, name, error);
        if (at && S_ISLNK(at->mode) && (follow_last || !path.empty()))
            at = follow(k, *at, error, links);
    }
    return at;
}

} // namespace

bool is_directory(const Node& node) { return S_ISDIR(node.mode); }

Node& node_make(Kernel& k, std::string_view name, unsigned mode)
{
    Node& node = *k.arena.make<Node>();
    node.name = static_cast<char*>(k.arena.take(name.size() + 1));
    std::memcpy(node.name, name.data(), name.size());
    node.mode = mode;
    node.inode_number = k.vfs->next_inode++;
    node.mtime_s = k.config.boot_time_s + static_cast<i64>(k.this_cpu ? now_ns(*k.this_cpu) / 1'000'000'000 : 0);
    return node;
}

void node_add(Kernel&, Node& parent, Node& node)
{
    node.parent = &parent;
    (parent.last ? parent.last->next : parent.first) = &node;
    parent.last = &node;
}

void node_release(Kernel& k, Node& node)
{
    if (!node.removed || node.openers != 0 || node.calls_running != 0)
        return;
    if (node.inode)
        k.arena.give_back(node.inode, sizeof *node.inode);
    if (node.dentry)
        k.arena.give_back(node.dentry, sizeof *node.dentry);
    k.arena.give_back(node.name, std::strlen(node.name) + 1);
    k.arena.give_back(&node, sizeof node);
}

void vfs_remove(Kernel& k, Node& node)
{
    while (node.first)
        vfs_remove(k, *node.first);
    node_revoke(k, node);
    unlink_node(node);
    node.removed = true;
    node_release(k, node);
}

Node& vfs_make_dir(Kernel& k, Node& parent, std::string_view name)
{
    if (Node* there = vfs_child(k, parent, name); there && is_directory(*there))
        return *there;
    Node& node = node_make(k, name, S_IFDIR | 0755);
    node_add(k, parent, node);
    return node;
}

Node& vfs_make_text(Kernel& k, Node& parent, std::string_view name, unsigned mode, Show show, Store store,
                    void* context)
{
    Node& node = node_make(k, name, S_IFREG | (mode & 07777));
    node.show = show;
    node.store = store;
    node.context = context;
    node_add(k, parent, node);
    return node;
}

Node& vfs_make_device(Kernel& k, Node& parent, std::string_view name, unsigned mode, u32 device)
{
    Node& node = node_make(k, name, mode);
    node.device = device;
    node_add(k, parent, node);
    return node;
}

Node& vfs_make_link(Kernel& k, Node& parent, std::string_view name, Node& target)
{
    Node& node = node_make(k, name, S_IFLNK | 0777);
    node.target = &target;
    node_add(k, parent, node);
    return node;
}

Node* vfs_child(Kernel& k, Node& directory, std::string_view name)
{
    Node* there = child_there(directory, name);
    if (there && !there->generated)
        return there;
    return directory.directory ? child_of_tables(k, directory, name, there) : there;
}

Node* vfs_lookup(Kernel& k, std::string_view path, int& error, bool follow_last)
{
    int links = 0;
    error = -ENOENT;
    return walk(k, &k.vfs->root, path, error, follow_last, links);
}

Node& vfs_dir(Kernel& k, std::string_view path)
{
    int error = 0;
    Node* node = vfs_lookup(k, path, error);
    CHECK(node && is_directory(*node));
    return *node;
}

void vfs_list(Kernel& k, Node& directory, const NameList& names)
{
    if (const Directory* d = directory.directory) {
        for (std::size_t i = 0; i < d->row_count; ++i)
            names.add(names.context, d->rows[i].name);
        if (d->list)
            d->list(k, directory.context, names);
    }
    for (Node* n = directory.first; n; n = n->next)
        if (!n->generated)
            names.add(names.context, n->name);
}

void vfs_path(const Node& node, const Node& top, TextSink& out)
{
    if (&node == &top || !node.parent)
        return;
    vfs_path(*node.parent, top, out);
    out.append('/');
    out.append(node.name);
}

namespace {
abi::dentry& dentry_of(Kernel& k, Node& node)
{
    if (node.dentry)
        return *node.dentry;
    abi::dentry& d = *k.arena.make<abi::dentry>();
    node.dentry = &d;
    const std::size_t size = std::strlen(node.name);
    d.d_name.name = reinterpret_cast<const unsigned char*>(node.name);
    d.d_name.len = static_cast<abi::u32>(size);
    std::memcpy(d.d_iname, node.name, std::min(size, sizeof d.d_iname - 1));
    d.d_parent = node.parent ? &dentry_of(k, *node.parent) : &d;
    d.__lab = &node;
    return d;
}
} // namespace

abi::inode& inode_of(Kernel& k, Node& node)
{
    if (node.inode)
        return *node.inode;
    abi::inode& inode = *k.arena.make<abi::inode>();
    node.inode = &inode;
    inode.i_mode = static_cast<abi::umode_t>(node.mode);
    inode.i_ino = node.inode_number;
    inode.i_nlink = is_directory(node) ? 2 : 1;
    inode.i_rdev = node.device;
    inode.i_private = node.data;
    inode.i_count.counter = 1;
    inode.i_size = static_cast<abi::loff_t>(node.size);
    inode.i_atime.tv_sec = inode.i_mtime.tv_sec = inode.i_ctime.tv_sec = node.mtime_s;
    inode.__lab = &node;
    abi::__init_rwsem(&inode.i_rwsem, "&inode->i_rwsem", nullptr);
    dentry_of(k, node).d_inode = &inode;
    return inode;
}

bool node_enter(Node& node)
{
    if (node.removed || node.remover)
        return false;
    ++node.calls_running;
    return true;
}

void node_leave(Kernel&, Node& node)
{
    if (--node.calls_running == 0 && node.remover)
        kernel::wake_up(*node.remover);
}

// A call that was abandoned by an Oops never leaves: the remover then waits for ever, as on Linux.
void node_revoke(Kernel& k, Node& node)
{
    while (node.calls_running != 0) {
        node.remover = &current_task();
        node.remover->waits_in = "remove of an entry in use";
        node.remover->linux.__state = task_uninterruptible;
        kernel::schedule();
    }
    node.remover = nullptr;
    for (OpenFile* f = node.files; f; f = f->next_of_node) {
        if (f->ops == &proc_file_ops)
            f->ops->release(k, *f);
        f->revoked = true;
    }
}

void vfs_init(Kernel& k)
{
    Vfs& vfs = *k.arena.make<Vfs>();
    k.vfs = &vfs;
    vfs.root.name = static_cast<char*>(k.arena.take(1));
    vfs.root.mode = S_IFDIR | 0755;
    vfs.root.inode_number = vfs.next_inode++;
    vfs.root.directory = &root_directory;
    vfs.proc = vfs_child(k, vfs.root, "proc");
    vfs.dev = vfs_child(k, vfs.root, "dev");
    vfs.sys = vfs_child(k, vfs.root, "sys");
    CHECK(vfs.proc && vfs.dev && vfs.sys);
}

void vfs_drop(Kernel& k)
{
    if (k.vfs)
        host_close_all(k);
}

} // namespace irqlab::kernel

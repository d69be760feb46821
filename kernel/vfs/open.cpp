// Opening by path, and making files where the lab's tree allows it (as devtmpfs does in /dev).
#include <cstring>
#include <fcntl.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/file.hpp"
#include "kernel/vfs/create.hpp"

namespace irqlab::kernel {

bool node_below(const Node& node, const Node& top)
{
    const Node* n = &node;
    while (n && n != &top)
        n = n->parent;
    return n != nullptr;
}

Node* lab_parent(Kernel& k, std::string_view path, std::string_view& name, int& error)
{
    const std::size_t slash = path.rfind('/');
    name = path.substr(slash + 1);
    Node* parent = vfs_lookup(k, path.substr(0, slash), error);
    if (parent && !is_directory(*parent)) {
        error = -ENOTDIR;
        return nullptr;
    }
    return parent;
}

Node* lab_create(Kernel& k, std::string_view path, unsigned mode, u32 device, int& error)
{
    std::string_view name;
    Node* parent = lab_parent(k, path, name, error);
    if (!parent)
        return nullptr;
    if (vfs_child(k, *parent, name)) {
        error = -EEXIST;
        return nullptr;
    }
    if (!node_below(*parent, *k.vfs->dev)) {
        // procfs answers a look-up of what is not there itself; sysfs leaves it to the caller.
        error = node_below(*parent, *k.vfs->proc) ? -ENOENT : -EACCES;
        return nullptr;
    }
    Node& node = node_make(k, name, mode);
    node.device = device;
    node_add(k, *parent, node);
    return &node;
}

OpenFile* file_open(Kernel& k, std::string_view cwd, const char* path, int flags, unsigned mode, int& error)
{
    Path resolved;
    error = path_resolve(cwd, path, resolved);
    if (error)
        return nullptr;
    if (!resolved.lab)
        return host_open(k, resolved.text, flags, mode, error);
    Node* node = vfs_lookup(k, resolved.text, error, (flags & O_NOFOLLOW) == 0);
    if (!node && error == -ENOENT && (flags & O_CREAT))
        node = lab_create(k, resolved.text, S_IFREG | (mode & 0755u), 0, error);
    else if (node && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
        error = -EEXIST;
        return nullptr;
    }
    if (node && S_ISLNK(node->mode)) {
        error = -ELOOP;
        return nullptr;
    }
    return node ? file_open_node(k, *node, flags, error) : nullptr;
}

} // namespace irqlab::kernel

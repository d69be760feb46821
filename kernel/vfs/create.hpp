// Making and finding nodes on behalf of programs.
#pragma once
#include <sys/stat.h>

#include "kernel/vfs/vfs.hpp"

namespace irqlab::kernel {

bool node_below(const Node& node, const Node& top);
/// The directory in which the last component of an absolute `path` lies, and that component.
Node* lab_parent(Kernel& k, std::string_view path, std::string_view& name, int& error);
/// A new node below /dev. @return null and -EEXIST, -ENOENT, -ENOTDIR or what that tree answers.
Node* lab_create(Kernel& k, std::string_view path, unsigned mode, u32 device, int& error);
void ram_truncate(Kernel& k, Node& node);

} // namespace irqlab::kernel

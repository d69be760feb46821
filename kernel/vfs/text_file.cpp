// Files whose text the kernel writes at each reading from the start, and plain files in /dev's memory.
#include <algorithm>
#include <cstring>
#include <fcntl.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/create.hpp"
#include "kernel/vfs/file.hpp"

namespace irqlab::kernel {

namespace {

constexpr std::size_t page = abi::IRQLAB_PAGE_SIZE;

ssize_t copy_out(OpenFile& file, std::string_view text, char* buffer, std::size_t size)
{
    const auto at = static_cast<std::size_t>(file.linux.f_pos);
    if (at >= text.size())
        return 0;
    const std::size_t count = std::min(size, text.size() - at);
    std::memcpy(buffer, text.data() + at, count);
    file.linux.f_pos += static_cast<i64>(count);
    return static_cast<ssize_t>(count);
}

// [LX fs/kernfs/file.c]: an attribute is opened only for what it can do. procfs opens, and fails later.
int text_open(Kernel& k, OpenFile& file)
{
    const Node& node = *file.node;
    if (!node_below(node, *k.vfs->sys))
        return 0;
    if ((file.linux.f_mode & FMODE_WRITE) && !node.store)
        return -EACCES;
    return (file.linux.f_mode & FMODE_READ) && !node.show ? -EACCES : 0;
}

ssize_t text_read(Kernel& k, OpenFile& file, char* buffer, std::size_t size)
{
    Node& node = *file.node;
    if (!node.show)
        return -EIO;
    if (!file.text)
        file.text = k.arena.make<TextSink>(k.arena);
    else if (file.linux.f_pos == 0)
        file.text->clear();
    if (file.linux.f_pos == 0)
        node.show(k, node.context, *file.text);
    return copy_out(file, file.text->text(), buffer, size);
}

ssize_t text_write(Kernel& k, OpenFile& file, const char* buffer, std::size_t size)
{
    Node& node = *file.node;
    if (!node.store)
        return -EIO;
    const std::size_t taken = std::min(size, page);
    const int error = node.store(k, node.context, {buffer, taken});
    return error < 0 ? error : static_cast<ssize_t>(taken);
}

i64 text_seek(Kernel&, OpenFile& file, i64 offset, int whence)
{
    return whence == SEEK_END ? -EINVAL : seek_within(file, offset, whence, 0);
}

TextSink& contents(Kernel& k, Node& node)
{
    if (!node.data)
        node.data = k.arena.make<TextSink>(k.arena);
    return *static_cast<TextSink*>(node.data);
}

int ram_open(Kernel& k, OpenFile& file)
{
    if (file.linux.f_mode & FMODE_WRITE)
        contents(k, *file.node);
    return 0;
}

ssize_t ram_read(Kernel& k, OpenFile& file, char* buffer, std::size_t size)
{
    return copy_out(file, contents(k, *file.node).text(), buffer, size);
}

ssize_t ram_write(Kernel& k, OpenFile& file, const char* buffer, std::size_t size)
{
    TextSink& text = contents(k, *file.node);
    if (file.linux.f_flags & O_APPEND)
        file.linux.f_pos = static_cast<i64>(text.text().size());
    text.put(static_cast<std::size_t>(file.linux.f_pos), {buffer, size});
    file.linux.f_pos += static_cast<i64>(size);
    file.node->size = text.text().size();
    return static_cast<ssize_t>(size);
}

i64 ram_seek(Kernel& k, OpenFile& file, i64 offset, int whence)
{
    return seek_within(file, offset, whence, static_cast<i64>(contents(k, *file.node).text().size()));
}

} // namespace

void ram_truncate(Kernel& k, Node& node)
{
    contents(k, node).clear();
    node.size = 0;
}

const FileOps text_file_ops{.open = text_open, .read = text_read, .write = text_write, .seek = text_seek};
const FileOps ram_file_ops{.open = ram_open, .read = ram_read, .write = ram_write, .seek = ram_seek};

} // namespace irqlab::kernel

// Paths: which of them are the lab's and which the host's.
#include <cstring>

#include "kernel/vfs/file.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

namespace {

constexpr std::string_view lab_places[] = {"/proc", "/dev", "/sys", "/lib/modules"};

bool in_lab(std::string_view path)
{
    for (const std::string_view place : lab_places)
        if (path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/'))
            return true;
    return false;
}

/// Takes out empty components, `.` and `..`. `text` is absolute; it only gets shorter.
std::size_t normalize(const char* text, std::size_t size, char* out)
{
    std::size_t length = 0;
    for (std::size_t at = 0; at < size;) {
        const char* slash = static_cast<const char*>(std::memchr(text + at, '/', size - at));
        const std::size_t end = slash ? static_cast<std::size_t>(slash - text) : size;
        const std::string_view name{text + at, end - at};
        if (name == "..") {
            while (length > 0 && out[--length] != '/')
                ;
        } else if (!name.empty() && name != ".") {
            out[length++] = '/';
            std::memcpy(out + length, name.data(), name.size());
            length += name.size();
        }
        at = end + 1;
    }
    if (length == 0)
        out[length++] = '/';
    out[length] = 0;
    return length;
}

} // namespace

// A `..` in a host path is left to the host, whose symbolic links we do not know.
int path_resolve(std::string_view cwd, const char* path, Path& out)
{
    const std::size_t size = std::strlen(path);
    if (size == 0)
        return -ENOENT;
    const bool absolute = path[0] == '/';
    const std::size_t head = absolute ? 0 : cwd.size() + 1;
    if (head + size + 1 >= path_max)
        return -ENAMETOOLONG;
    char full[path_max];
    if (!absolute) {
        std::memcpy(full, cwd.data(), cwd.size());
        full[cwd.size()] = '/';
    }
    std::memcpy(full + head, path, size + 1);
    const std::size_t length = normalize(full, head + size, out.text);
    out.lab = in_lab({out.text, length});
    if (!out.lab)
        std::memcpy(out.text, full, head + size + 1);
    return 0;
}

} // namespace irqlab::kernel

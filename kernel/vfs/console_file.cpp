// The console and the memory devices: /dev/null, zero, full, random, urandom, kmsg, tty, console.
#include <cstring>
#include <poll.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

ssize_t console_read(Kernel& k, OpenFile&, char* buffer, std::size_t size)
{
    const TerminalSink& sink = k.vfs->console;
    return sink.read ? sink.read(sink.context, buffer, size) : 0;
}

ssize_t console_write(Kernel& k, OpenFile& file, const char* buffer, std::size_t size)
{
    const TerminalSink& sink = k.vfs->console;
    if (sink.write)
        sink.write(sink.context, file.console_fd >= 0 ? file.console_fd : 1, buffer, size);
    return static_cast<ssize_t>(size);
}

ssize_t null_read(Kernel&, OpenFile&, char*, std::size_t) { return 0; }
ssize_t null_write(Kernel&, OpenFile&, const char*, std::size_t size) { return static_cast<ssize_t>(size); }
i64 null_seek(Kernel&, OpenFile& file, i64, int) { return file.linux.f_pos = 0; }

ssize_t zero_read(Kernel&, OpenFile&, char* buffer, std::size_t size)
{
    std::memset(buffer, 0, size);
    return static_cast<ssize_t>(size);
}

ssize_t full_write(Kernel&, OpenFile&, const char*, std::size_t) { return -ENOSPC; }

ssize_t random_read(Kernel&, OpenFile&, char* buffer, std::size_t size)
{
    abi::get_random_bytes(buffer, size);
    return static_cast<ssize_t>(size);
}

int kmsg_emit(int facility, int level, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = abi::vprintk_emit(facility, level, nullptr, format, args);
    va_end(args);
    return n;
}

// "<N>text": facility * 8 + level. User space cannot speak as the kernel (facility 0) [LX ABI dev-kmsg].
ssize_t kmsg_write(Kernel&, OpenFile&, const char* buffer, std::size_t size)
{
    constexpr std::size_t line_max = 1024 - 48;
    int facility = 1;
    int level = -1;
    std::string_view line{buffer, size};
    if (size > line_max)
        return -EINVAL;
    if (line.starts_with('<')) {
        unsigned prefix = 0;
        std::size_t at = 1;
        for (; at < line.size() && line[at] >= '0' && line[at] <= '9'; ++at)
            prefix = prefix * 10 + static_cast<unsigned>(line[at] - '0');
        if (at > 1 && at < line.size() && line[at] == '>') {
            level = static_cast<int>(prefix & 7);
            facility = prefix >> 3 ? static_cast<int>(prefix >> 3) : facility;
            line.remove_prefix(at + 1);
        }
    }
    kmsg_emit(facility, level, "%.*s", static_cast<int>(line.size()), line.data());
    return static_cast<ssize_t>(size);
}

constexpr FileOps null_ops{.read = null_read, .write = null_write, .seek = null_seek};
constexpr FileOps zero_ops{.read = zero_read, .write = null_write, .seek = null_seek};
constexpr FileOps full_ops{.read = zero_read, .write = full_write, .seek = null_seek};
constexpr FileOps random_ops{.read = random_read, .write = null_write, .seek = null_seek};
constexpr FileOps kmsg_ops{.write = kmsg_write};

} // namespace

const FileOps console_file_ops{.read = console_read, .write = console_write};

const FileOps* memory_device_ops(u32 device)
{
    switch (device) { // [LX admin-guide/devices]
    case 1 << 20 | 3: return &null_ops;
    case 1 << 20 | 5: return &zero_ops;
    case 1 << 20 | 7: return &full_ops;
    case 1 << 20 | 8:
    case 1 << 20 | 9: return &random_ops;
    case 1 << 20 | 11: return &kmsg_ops;
    case 5 << 20:
    case 5 << 20 | 1: return &console_file_ops;
    default: return nullptr;
    }
}

} // namespace irqlab::kernel

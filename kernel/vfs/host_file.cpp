// Files of the host: every path outside the lab's own directories.
//
// A read that blocks there (a FIFO, a terminal) holds the whole World: nothing of it runs meanwhile.
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kernel/kernel.hpp"
#include "kernel/vfs/file.hpp"

namespace irqlab::kernel {

namespace {

ssize_t host_read(Kernel&, OpenFile& file, char* buffer, std::size_t size)
{
    const ssize_t n = ::read(file.host_fd, buffer, size);
    return n < 0 ? -errno : n;
}

ssize_t host_write(Kernel&, OpenFile& file, const char* buffer, std::size_t size)
{
    const ssize_t n = ::write(file.host_fd, buffer, size);
    return n < 0 ? -errno : n;
}

i64 host_seek(Kernel&, OpenFile& file, i64 offset, int whence)
{
    const i64 at = ::lseek(file.host_fd, offset, whence);
    return at < 0 ? -errno : at;
}

int host_ioctl(Kernel&, OpenFile& file, unsigned command, unsigned long argument)
{
    const int result = ::ioctl(file.host_fd, command, argument);
    return result < 0 ? -errno : result;
}

unsigned host_poll(Kernel&, OpenFile& file, abi::poll_table*)
{
    pollfd p{file.host_fd, POLLIN | POLLOUT | POLLPRI, 0};
    return ::poll(&p, 1, 0) < 0 ? 0 : static_cast<unsigned>(p.revents);
}

void host_release(Kernel& k, OpenFile& file)
{
    for (OpenFile** at = &k.vfs->host_files; *at; at = &(*at)->next_host)
        if (*at == &file) {
            *at = file.next_host;
            break;
        }
    ::close(file.host_fd);
}

} // namespace

const FileOps host_file_ops{.read = host_read,
                            .write = host_write,
                            .seek = host_seek,
                            .ioctl = host_ioctl,
                            .poll = host_poll,
                            .release = host_release};

OpenFile* host_open(Kernel& k, const char* path, int flags, unsigned mode, int& error)
{
    const int fd = ::open(path, flags | O_CLOEXEC | O_NOCTTY, static_cast<::mode_t>(mode));
    if (fd < 0) {
        error = -errno;
        return nullptr;
    }
    OpenFile& file = file_make(k, host_file_ops, nullptr, flags);
    file.host_fd = fd;
    file.next_host = k.vfs->host_files;
    k.vfs->host_files = &file;
    return &file;
}

void host_close_all(Kernel& k)
{
    for (OpenFile* f = k.vfs->host_files; f; f = f->next_host)
        ::close(f->host_fd);
    k.vfs->host_files = nullptr;
}

} // namespace irqlab::kernel

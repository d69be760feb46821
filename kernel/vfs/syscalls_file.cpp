// The system calls on files. [MAN2] for each
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/syscall.hpp"
#include "kernel/vfs/chrdev.hpp"
#include "kernel/vfs/create.hpp"
#include "kernel/vfs/file.hpp"

namespace irqlab::kernel {

namespace {

/// The end of each call. A driver that was interrupted says -ERESTARTSYS; programs see EINTR. Without a signal the
/// number gets out as it is, as on Linux.
template <class T>
T leave(T result)
{
    if (result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK && signal_pending(current_task()))
        result = -EINTR;
    syscall_exit();
    return result;
}

int host_result(int result) { return result < 0 ? -errno : result; }

/// /dev/stdin and its like, /dev/fd/N, /proc/self/fd/N: the descriptor, or -1.
int named_descriptor(std::string_view path)
{
    if (path == "/dev/stdin" || path == "/dev/stdout" || path == "/dev/stderr")
        return path == "/dev/stdin" ? 0 : path == "/dev/stdout" ? 1 : 2;
    for (const std::string_view place : {"/dev/fd/", "/proc/self/fd/"})
        if (path.starts_with(place) && path.size() == place.size() + 1 && path.back() >= '0' && path.back() <= '9')
            return path.back() - '0';
    return -1;
}

int open_path(Kernel& k, const char* path, int flags, unsigned mode)
{
    Files& files = current_files();
    int error = 0;
    OpenFile* file = nullptr;
    if (const int named = named_descriptor(path); named >= 0) {
        file = file_at(files, named);
        error = -ENOENT;
        if (file)
            file_get(*file);
    } else {
        file = file_open(k, files.cwd, path, flags, mode, error);
    }
    if (!file)
        return error;
    const int fd = fd_install(k, files, *file);
    if (fd < 0)
        file_put(k, *file);
    return fd;
}

int dup_at_least(Kernel& k, int from, int lowest)
{
    Files& files = current_files();
    OpenFile* file = file_at(files, from);
    if (!file)
        return -EBADF;
    if (lowest < 0 || static_cast<unsigned>(lowest) >= fds_max)
        return -EINVAL;
    const int fd = fd_install(k, files, *file, lowest);
    if (fd >= 0)
        file_get(*file);
    return fd;
}

int dup_to(Kernel& k, int from, int to)
{
    Files& files = current_files();
    if (!file_at(files, from) || to < 0 || static_cast<unsigned>(to) >= fds_max)
        return -EBADF;
    if (from == to)
        return to;
    if (file_at(files, to))
        fd_close(k, files, to);
    return dup_at_least(k, from, to);
}

int resolve(const char* path, Path& out) { return path_resolve(current_files().cwd, path, out); }
/// The host's real path, so that the working directory has no `.` or symbolic link in it.
int host_chdir(Kernel& k, const char* path)
{
    char* real = ::realpath(path, nullptr);
    if (!real)
        return -errno;
    struct ::stat st {};
    int error = host_result(::stat(real, &st));
    if (error == 0)
        error = S_ISDIR(st.st_mode) ? set_cwd(k, current_files(), real) : -ENOTDIR;
    ::free(real);
    return error;
}

int change_directory(Kernel& k, const char* path)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return host_chdir(k, p.text);
    const Node* node = vfs_lookup(k, p.text, error);
    if (!node)
        return error;
    return is_directory(*node) ? set_cwd(k, current_files(), p.text) : -ENOTDIR;
}

int make_directory(Kernel& k, const char* path, unsigned mode)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return host_result(::mkdir(p.text, static_cast<::mode_t>(mode)));
    Node* node = lab_create(k, p.text, S_IFDIR | (mode & 0755u), 0, error);
    return node ? 0 : error == -EACCES ? -EPERM : error;
}

int remove_file(Kernel& k, const char* path)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return host_result(::unlink(p.text));
    Node* node = vfs_lookup(k, p.text, error, false);
    if (!node)
        return error;
    if (is_directory(*node))
        return -EISDIR;
    if (node->generated || !node_below(*node, *k.vfs->dev))
        return -EPERM;
    vfs_remove(k, *node);
    return 0;
}

int make_device(Kernel& k, const char* path, unsigned mode, unsigned major, unsigned minor)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return -EPERM; // the host's file systems hold no device of the lab
    Node* node = lab_create(k, p.text, mode, make_dev(major, minor), error);
    return node ? 0 : error == -EACCES ? -EPERM : error;
}

int change_mode(Kernel& k, const char* path, unsigned mode)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return host_result(::chmod(p.text, static_cast<::mode_t>(mode)));
    Node* node = vfs_lookup(k, p.text, error);
    if (!node)
        return error;
    node->mode = (node->mode & S_IFMT) | (mode & 07777u);
    if (node->inode)
        node->inode->i_mode = static_cast<abi::umode_t>(node->mode);
    return 0;
}

int host_stat(const char* path, Stat& out)
{
    struct ::stat st {};
    if (::stat(path, &st) < 0)
        return -errno;
    out.mode = st.st_mode;
    out.size = static_cast<std::uint64_t>(st.st_size);
    out.major = static_cast<unsigned>(st.st_rdev >> 8 & 0xfff);
    out.minor = static_cast<unsigned>((st.st_rdev & 0xff) | (st.st_rdev >> 12 & 0xfff00));
    out.links = static_cast<unsigned>(st.st_nlink);
    out.mtime_s = st.st_mtime;
    out.inode = st.st_ino;
    return 0;
}

int stat_path(Kernel& k, const char* path, Stat& out)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return host_stat(p.text, out);
    const Node* node = vfs_lookup(k, p.text, error);
    if (!node)
        return error;
    const unsigned links = is_directory(*node) ? 2 : 1;
    out = {node->mode, node->size,    major_of(node->device), minor_of(node->device),
           links,      node->mtime_s, node->inode_number};
    return 0;
}

int host_readdir(const char* path, void (*entry)(void*, const char*), void* context)
{
    DIR* directory = ::opendir(path);
    if (!directory)
        return -errno;
    while (const dirent* e = ::readdir(directory))
        if (std::strcmp(e->d_name, ".") != 0 && std::strcmp(e->d_name, "..") != 0)
            entry(context, e->d_name);
    ::closedir(directory);
    return 0;
}

struct Entry {
    void (*call)(void*, const char*);
    void* context;
};

void add_entry(void* context, std::string_view name)
{
    char text[256]{};
    std::memcpy(text, name.data(), std::min(name.size(), sizeof text - 1));
    const auto& e = *static_cast<const Entry*>(context);
    e.call(e.context, text);
}

int read_directory(Kernel& k, const char* path, Entry entry)
{
    Path p;
    int error = resolve(path, p);
    if (error)
        return error;
    if (!p.lab)
        return host_readdir(p.text, entry.call, entry.context);
    Node* node = vfs_lookup(k, p.text, error);
    if (!node)
        return error;
    if (!is_directory(*node))
        return -ENOTDIR;
    vfs_list(k, *node, {add_entry, &entry});
    return 0;
}

int make_pipe(Kernel& k, int ends[2])
{
    Files& files = current_files();
    OpenFile *reader = nullptr, *writer = nullptr;
    pipe_make(k, reader, writer);
    ends[0] = fd_install(k, files, *reader);
    ends[1] = ends[0] < 0 ? ends[0] : fd_install(k, files, *writer);
    if (ends[1] >= 0)
        return 0;
    if (ends[0] >= 0)
        files.fds[ends[0]] = nullptr; // put below
    file_put(k, *reader);
    file_put(k, *writer);
    return -EMFILE;
}

} // namespace

int sys_open(const char* path, int flags, unsigned mode)
{
    syscall_enter();
    return leave(open_path(kernel(), path, flags, mode));
}

int sys_close(int fd)
{
    syscall_enter();
    return leave(fd_close(kernel(), current_files(), fd));
}

ssize_t sys_read(int fd, void* buffer, std::size_t size)
{
    syscall_enter();
    OpenFile* file = file_at(current_files(), fd);
    return leave(file ? file_read(kernel(), *file, static_cast<char*>(buffer), size) : -EBADF);
}

ssize_t sys_write(int fd, const void* buffer, std::size_t size)
{
    syscall_enter();
    OpenFile* file = file_at(current_files(), fd);
    return leave(file ? file_write(kernel(), *file, static_cast<const char*>(buffer), size) : -EBADF);
}

std::int64_t sys_lseek(int fd, std::int64_t offset, int whence)
{
    syscall_enter();
    OpenFile* file = file_at(current_files(), fd);
    return leave(file ? file_seek(kernel(), *file, offset, whence) : -EBADF);
}

int sys_ioctl(int fd, unsigned command, unsigned long argument)
{
    syscall_enter();
    OpenFile* file = file_at(current_files(), fd);
    return leave(file ? file_ioctl(kernel(), *file, fd, command, argument) : -EBADF);
}

int sys_poll(int fd, short events, int timeout_ms)
{
    syscall_enter();
    constexpr int invalid = 0x20; // POLLNVAL: poll itself does not fail
    OpenFile* file = file_at(current_files(), fd);
    return leave(file ? poll_file(kernel(), current_files(), *file, static_cast<unsigned short>(events), timeout_ms)
                      : invalid);
}

int sys_dup2(int from, int to)
{
    syscall_enter();
    return leave(dup_to(kernel(), from, to));
}

int sys_fcntl_dup(int from, int lowest)
{
    syscall_enter();
    return leave(dup_at_least(kernel(), from, lowest));
}

int sys_pipe(int ends[2])
{
    syscall_enter();
    return leave(make_pipe(kernel(), ends));
}

bool sys_isatty(int fd)
{
    const OpenFile* file = file_at(current_files(), fd);
    const TerminalSink& sink = kernel().vfs->console;
    return file && file->ops == &console_file_ops && sink.isatty &&
           sink.isatty(sink.context, file->console_fd >= 0 ? file->console_fd : 0);
}

int sys_chdir(const char* path)
{
    syscall_enter();
    return leave(change_directory(kernel(), path));
}

int sys_getcwd(char* buffer, std::size_t size)
{
    const Files& files = current_files();
    if (size < files.cwd_bytes)
        return -ERANGE;
    std::memcpy(buffer, files.cwd, files.cwd_bytes);
    return static_cast<int>(files.cwd_bytes);
}

int sys_mkdir(const char* path, unsigned mode)
{
    syscall_enter();
    return leave(make_directory(kernel(), path, mode));
}

int sys_unlink(const char* path)
{
    syscall_enter();
    return leave(remove_file(kernel(), path));
}

int sys_mknod(const char* path, unsigned mode, unsigned major, unsigned minor)
{
    syscall_enter();
    return leave(make_device(kernel(), path, mode, major, minor));
}

int sys_chmod(const char* path, unsigned mode)
{
    syscall_enter();
    return leave(change_mode(kernel(), path, mode));
}

int sys_stat(const char* path, Stat& out)
{
    syscall_enter();
    return leave(stat_path(kernel(), path, out));
}

int sys_readdir(const char* path, void (*entry)(void* context, const char* name), void* context)
{
    syscall_enter();
    return leave(read_directory(kernel(), path, {entry, context}));
}

} // namespace irqlab::kernel

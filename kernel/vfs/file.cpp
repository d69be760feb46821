// Open files and the descriptor tables of tasks.
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hw/base/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/create.hpp"
#include "kernel/vfs/file.hpp"

namespace irqlab::kernel {

namespace {

constexpr unsigned first_capacity = 16;
constexpr ssize_t rw_max = 0x7ffff000; // [LX fs.h] MAX_RW_COUNT

abi::fmode_t mode_of(int flags)
{
    const abi::fmode_t access = static_cast<abi::fmode_t>((flags & O_ACCMODE) + 1) & (FMODE_READ | FMODE_WRITE);
    return access | FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
}

void grow(Kernel& k, Files& files, unsigned capacity)
{
    auto** fds = static_cast<OpenFile**>(k.arena.take(capacity * sizeof(OpenFile*)));
    if (files.fds) {
        std::memcpy(fds, files.fds, files.capacity * sizeof(OpenFile*));
        k.arena.give_back(files.fds, files.capacity * sizeof(OpenFile*));
    }
    files.fds = fds;
    files.capacity = capacity;
}

void leave_node(Kernel& k, OpenFile& file)
{
    Node& node = *file.node;
    for (OpenFile** at = &node.files; *at; at = &(*at)->next_of_node)
        if (*at == &file) {
            *at = file.next_of_node;
            break;
        }
    --node.openers;
    node_release(k, node);
}

const FileOps* ops_of(const Node& node)
{
    if (node.ops)
        return node.ops;
    if (S_ISCHR(node.mode)) {
        const FileOps* memory = memory_device_ops(node.device);
        return memory ? memory : &chr_file_ops;
    }
    if (S_ISREG(node.mode))
        return node.show || node.store ? &text_file_ops : &ram_file_ops;
    return nullptr;
}

} // namespace

Files& current_files()
{
    CHECK(current_task().files);
    return *current_task().files;
}

OpenFile* file_at(const Files& files, int fd)
{
    return fd >= 0 && static_cast<unsigned>(fd) < files.capacity ? files.fds[fd] : nullptr;
}

int fd_install(Kernel& k, Files& files, OpenFile& file, int lowest)
{
    unsigned fd = static_cast<unsigned>(lowest);
    while (fd < files.capacity && files.fds[fd])
        ++fd;
    if (fd >= fds_max)
        return -EMFILE;
    if (fd >= files.capacity)
        grow(k, files, fd + 1 > 2 * files.capacity ? fd + 1 : 2 * files.capacity);
    files.fds[fd] = &file;
    return static_cast<int>(fd);
}

int fd_close(Kernel& k, Files& files, int fd)
{
    OpenFile* file = file_at(files, fd);
    if (!file)
        return -EBADF;
    files.fds[fd] = nullptr;
    const int error = file->ops->flush ? file->ops->flush(k, *file) : 0;
    file_put(k, *file);
    return error;
}

int set_cwd(Kernel& k, Files& files, std::string_view path)
{
    if (files.cwd)
        k.arena.give_back(files.cwd, files.cwd_bytes);
    files.cwd_bytes = path.size() + 1;
    files.cwd = static_cast<char*>(k.arena.take(files.cwd_bytes));
    std::memcpy(files.cwd, path.data(), path.size());
    return 0;
}

Files* files_root(Kernel& k, const char* directory)
{
    Files& files = *k.arena.make<Files>();
    grow(k, files, first_capacity);
    set_cwd(k, files, directory);
    for (int fd = 0; fd < 3; ++fd) {
        OpenFile& file = file_make(k, console_file_ops, nullptr, O_RDWR);
        file.console_fd = fd;
        fd_install(k, files, file);
    }
    return &files;
}

Files* files_copy(Kernel& k, const Files* from)
{
    CHECK(from);
    Files& files = *k.arena.make<Files>();
    grow(k, files, from->capacity);
    set_cwd(k, files, from->cwd);
    for (unsigned fd = 0; fd < from->capacity; ++fd)
        if (OpenFile* file = from->fds[fd]) {
            file_get(*file);
            files.fds[fd] = file;
        }
    return &files;
}

// A driver's release may kill the task once more: then this runs again, for what is left.
void files_close_all(Task& task)
{
    Files* files = task.files;
    if (!files)
        return;
    Kernel& k = kernel();
    poll_free(k, *files);
    for (unsigned fd = 0; fd < files->capacity; ++fd)
        if (files->fds[fd])
            fd_close(k, *files, static_cast<int>(fd));
    task.files = nullptr;
    user_drop(k, *files);
    k.arena.give_back(files->fds, files->capacity * sizeof(OpenFile*));
    k.arena.give_back(files->cwd, files->cwd_bytes);
    k.arena.give_back(files, sizeof *files);
}

OpenFile& file_make(Kernel& k, const FileOps& ops, Node* node, int flags)
{
    OpenFile& file = *k.arena.make<OpenFile>();
    file.ops = &ops;
    file.node = node;
    file.linux.f_flags = static_cast<unsigned>(flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC));
    file.linux.f_mode = mode_of(flags);
    file.linux.f_count.counter = 1;
    if (node) {
        file.linux.f_inode = &inode_of(k, *node);
        file.linux.f_path.dentry = node->dentry;
        file.next_of_node = node->files;
        node->files = &file;
        ++node->openers;
    }
    return file;
}

void file_drop(Kernel& k, OpenFile& file)
{
    if (file.text) {
        file.text->drop();
        k.arena.give_back(file.text, sizeof *file.text);
    }
    if (file.node)
        leave_node(k, file);
    k.arena.give_back(&file, sizeof file);
}

void file_put(Kernel& k, OpenFile& file)
{
    if (--file.linux.f_count.counter != 0)
        return;
    if (file.linux.f_flags & FASYNC)
        driver_fasync(file, -1, false);
    if (file.ops->release)
        file.ops->release(k, file);
    file_drop(k, file);
}

OpenFile* file_open_node(Kernel& k, Node& node, int flags, int& error)
{
    const FileOps* ops = ops_of(node);
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    error = 0;
    if (is_directory(node))
        error = writes || (flags & O_CREAT) ? -EISDIR : 0;
    else if (flags & O_DIRECTORY)
        error = -ENOTDIR;
    else if (!ops)
        error = -ENXIO;
    if (error)
        return nullptr;
    static constexpr FileOps directory_ops{.read = [](Kernel&, OpenFile&, char*, std::size_t) -> ssize_t {
        return -EISDIR;
    }};
    OpenFile& file = file_make(k, ops ? *ops : directory_ops, &node, flags);
    const unsigned kept = file.linux.f_flags;
    if (file.ops->open) {
        file.linux.f_flags = static_cast<unsigned>(flags); // open() still sees O_TRUNC and its like
        error = file.ops->open(k, file);
        file.linux.f_flags &= kept | FASYNC;
    }
    if (error == 0 && file.ops == &ram_file_ops && (flags & O_TRUNC))
        ram_truncate(k, node);
    if (error == 0)
        return &file;
    file_drop(k, file);
    return nullptr;
}

ssize_t file_read(Kernel& k, OpenFile& file, char* buffer, std::size_t size)
{
    if (!(file.linux.f_mode & FMODE_READ))
        return -EBADF;
    if (!file.ops->read || static_cast<ssize_t>(size) < 0)
        return -EINVAL;
    return file.ops->read(k, file, buffer, std::min(size, static_cast<std::size_t>(rw_max)));
}

ssize_t file_write(Kernel& k, OpenFile& file, const char* buffer, std::size_t size)
{
    if (!(file.linux.f_mode & FMODE_WRITE))
        return -EBADF;
    if (!file.ops->write || static_cast<ssize_t>(size) < 0)
        return -EINVAL;
    return file.ops->write(k, file, buffer, std::min(size, static_cast<std::size_t>(rw_max)));
}

i64 file_seek(Kernel& k, OpenFile& file, i64 offset, int whence)
{
    if (whence < 0 || whence > SEEK_HOLE)
        return -EINVAL;
    return file.ops->seek ? file.ops->seek(k, file, offset, whence) : -ESPIPE;
}

// The commands that the kernel handles for every file [LX fs/ioctl.c].
int file_ioctl(Kernel& k, OpenFile& file, int fd, unsigned command, unsigned long argument)
{
    int on = 0;
    if (command == FIONBIO || command == FIOASYNC) {
        if (argument < path_max)
            return -EFAULT;
        std::memcpy(&on, reinterpret_cast<const void*>(argument), sizeof on);
    }
    const unsigned bit = command == FIONBIO ? O_NONBLOCK : FASYNC;
    switch (command) {
    case FIOCLEX:
    case FIONCLEX:
        return 0;
    case FIOASYNC:
        if (((file.linux.f_flags & FASYNC) != 0) != (on != 0))
            if (const int error = driver_fasync(file, fd, on != 0); error < 0)
                return error;
        [[fallthrough]];
    case FIONBIO:
        file.linux.f_flags = on ? file.linux.f_flags | bit : file.linux.f_flags & ~bit;
        return 0;
    default:
        return file.ops->ioctl ? file.ops->ioctl(k, file, command, argument) : -ENOTTY;
    }
}

unsigned file_poll(Kernel& k, OpenFile& file, abi::poll_table* table)
{
    constexpr unsigned always = 0x145; // [LX poll.h] DEFAULT_POLLMASK: IN, OUT, RDNORM, WRNORM
    return file.ops->poll ? file.ops->poll(k, file, table) : always;
}

i64 seek_within(OpenFile& file, i64 offset, int whence, i64 end)
{
    const i64 at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? file.linux.f_pos + offset : end + offset;
    if (whence > SEEK_END || at < 0)
        return -EINVAL;
    file.linux.f_pos = at;
    return at;
}

} // namespace irqlab::kernel

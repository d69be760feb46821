// Files whose operations are a driver's: character devices, /proc entries, debugfs files.
//
// A driver always gets a user pointer: what it reads and writes is carried through user memory. Its functions are
// called directly; the task may be killed inside and never come back here.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/chrdev.hpp"
#include "kernel/vfs/file.hpp"
#include "kernel/vfs/iov_iter.hpp"
#include "kernel/vfs/user_memory.hpp"
#include "linux/abi/proc.h"

namespace irqlab::kernel {

namespace {

using Fops = abi::file_operations;

struct Calls {
    decltype(Fops::read) read = nullptr;
    decltype(Fops::write) write = nullptr;
    decltype(Fops::read_iter) read_iter = nullptr;
    decltype(Fops::write_iter) write_iter = nullptr;
    decltype(Fops::llseek) llseek = nullptr;
    decltype(Fops::poll) poll = nullptr;
    decltype(Fops::unlocked_ioctl) ioctl = nullptr;
    bool proc = false;
};

// A driver may have replaced f_op in its open, so it is looked at each time.
Calls calls_of(const OpenFile& file)
{
    if (file.ops == &proc_file_ops) {
        const auto& p = *static_cast<const abi::proc_ops*>(file.node->calls);
        return {p.proc_read, p.proc_write, p.proc_read_iter, nullptr, p.proc_lseek, p.proc_poll, p.proc_ioctl, true};
    }
    const Fops& f = *file.linux.f_op;
    return {f.read, f.write, f.read_iter, f.write_iter, f.llseek, f.poll, f.unlocked_ioctl, false};
}

/// Entries of /proc and debugfs wait for their callers when they are removed; device nodes do not.
bool enter(OpenFile& file)
{
    return file.ops == &chr_file_ops || (!file.revoked && node_enter(*file.node));
}

void leave(Kernel& k, OpenFile& file)
{
    if (file.ops != &chr_file_ops)
        node_leave(k, *file.node);
}

ssize_t iterate(decltype(Fops::read_iter) call, OpenFile& file, char* user, std::size_t size, abi::loff_t* pos,
                bool source)
{
    abi::iovec segment{user, size};
    abi::iov_iter iter = iter_of(segment, source);
    abi::kiocb iocb{};
    iocb.ki_filp = &file.linux;
    iocb.ki_pos = pos ? *pos : 0;
    const ssize_t result = call(&iocb, &iter);
    if (pos)
        *pos = iocb.ki_pos;
    return result;
}

abi::loff_t* position(OpenFile& file, abi::loff_t& pos)
{
    pos = file.linux.f_pos;
    return file.linux.f_mode & FMODE_STREAM ? nullptr : &pos;
}

ssize_t driver_read(Kernel& k, OpenFile& file, char* buffer, std::size_t size)
{
    size = std::min(size, user_size_max());
    char* user = user_bounce(k, current_files(), size);
    if (!user)
        return -ENOMEM;
    std::memcpy(user, buffer, size); // what the driver does not write stays as it was
    if (!enter(file))
        return -EIO;
    const Calls calls = calls_of(file);
    abi::loff_t value = 0;
    abi::loff_t* pos = position(file, value);
    ssize_t result = calls.proc ? -EIO : -EINVAL;
    if (calls.read)
        result = calls.read(&file.linux, user, size, pos);
    else if (calls.read_iter)
        result = iterate(calls.read_iter, file, user, size, pos, false);
    leave(k, file);
    if (result >= 0 && pos)
        file.linux.f_pos = value;
    std::memcpy(buffer, user, size);
    return result;
}

ssize_t driver_write(Kernel& k, OpenFile& file, const char* buffer, std::size_t size)
{
    size = std::min(size, user_size_max());
    char* user = user_bounce(k, current_files(), size);
    if (!user)
        return -ENOMEM;
    std::memcpy(user, buffer, size);
    if (!enter(file))
        return -EIO;
    const Calls calls = calls_of(file);
    abi::loff_t value = 0;
    abi::loff_t* pos = position(file, value);
    ssize_t result = calls.proc ? -EIO : -EINVAL;
    if (calls.write)
        result = calls.write(&file.linux, user, size, pos);
    else if (calls.write_iter)
        result = iterate(calls.write_iter, file, user, size, pos, true);
    leave(k, file);
    if (result >= 0 && pos)
        file.linux.f_pos = value;
    return result;
}

i64 driver_seek(Kernel& k, OpenFile& file, i64 offset, int whence)
{
    if (!enter(file))
        return -EINVAL;
    const Calls calls = calls_of(file);
    const bool seekable = (file.linux.f_mode & FMODE_LSEEK) != 0;
    // Until 6.0 a /proc entry without proc_lseek had the default one [LX fs/proc/inode.c].
    const bool by_default = calls.proc && !calls.llseek && k.config.release < Release::v6_1;
    i64 result = -ESPIPE;
    if (seekable && (calls.llseek || by_default))
        result = (calls.llseek ? calls.llseek : abi::default_llseek)(&file.linux, offset, whence);
    leave(k, file);
    return result;
}

unsigned driver_poll(Kernel& k, OpenFile& file, abi::poll_table* table)
{
    constexpr unsigned always = 0x145; // [LX poll.h] DEFAULT_POLLMASK
    if (!enter(file))
        return always;
    const Calls calls = calls_of(file);
    abi::poll_table none{nullptr, ~0u};
    const unsigned events = calls.poll ? calls.poll(&file.linux, table ? table : &none) : always;
    leave(k, file);
    return events;
}

bool fetch(void* to, const void* from, std::size_t size)
{
    const iovec local{to, size};
    const iovec remote{const_cast<void*>(from), size};
    const ssize_t n = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (n < 0 && (errno == ENOSYS || errno == EPERM)) // a sandbox without that call: trust the program
        std::memcpy(to, from, size);
    else if (n != static_cast<ssize_t>(size))
        return false;
    return true;
}

/// The object that the command number speaks of [LX uapi ioctl.h], carried to user memory and back. An argument
/// that is no address of the program's goes to the driver as it is.
struct Argument {
    static constexpr std::size_t before_at = 65536; // where its first contents are kept
    unsigned long given;
    std::size_t size;
    char* user = nullptr;

    Argument(Kernel& k, unsigned command, unsigned long argument) : given(argument), size(command >> 16 & 0x3fff)
    {
        const bool points = command >> 30 != 0 && size != 0 && argument >= before_at;
        if (!points || user_range(reinterpret_cast<void*>(argument), 1))
            return;
        user = user_bounce(k, current_files(), before_at + size);
        if (user && fetch(user, reinterpret_cast<const void*>(given), size))
            std::memcpy(user + before_at, user, size);
        else
            user = nullptr;
    }
    unsigned long carried() const { return user ? reinterpret_cast<unsigned long>(user) : given; }
    void carry_back() const
    {
        if (user && std::memcmp(user, user + before_at, size) != 0)
            std::memcpy(reinterpret_cast<void*>(given), user, size);
    }
};

int driver_ioctl(Kernel& k, OpenFile& file, unsigned command, unsigned long argument)
{
    if (!enter(file))
        return -ENOTTY;
    const Calls calls = calls_of(file);
    long result = -ENOTTY;
    if (calls.ioctl) {
        const Argument carried{k, command, argument};
        result = calls.ioctl(&file.linux, command, carried.carried());
        carried.carry_back();
        if (result == -ENOIOCTLCMD)
            result = -ENOTTY;
    }
    leave(k, file);
    return static_cast<int>(result);
}

int driver_flush(Kernel&, OpenFile& file)
{
    const Fops* f = file.linux.f_op;
    return f && f->flush ? f->flush(&file.linux, current_task().files) : 0;
}

// --- character devices ---------------------------------------------------------------------------------------

/// As Linux's chrdev_open: a reference of the cdev's owner, one of the operations' owner, then the driver's open.
int chr_open(Kernel& k, OpenFile& file)
{
    abi::inode& inode = *file.linux.f_inode;
    abi::cdev* cdev = nullptr;
    const Fops* ops = chrdev_find(k, inode.i_rdev, cdev);
    if (!ops || (cdev && !chrdev_get(cdev)))
        return -ENXIO;
    if (!owner_get(ops->owner)) {
        chrdev_put(cdev);
        return -ENXIO;
    }
    inode.i_cdev = file.cdev = cdev;
    inode.i_fop = ops;
    file.linux.f_op = ops;
    const int error = ops->open ? ops->open(&inode, &file.linux) : 0;
    if (error) {
        owner_put(file.linux.f_op->owner);
        chrdev_put(cdev);
        return error;
    }
    if (!file.linux.f_op->llseek && k.config.release >= Release::v6_1)
        file.linux.f_mode &= ~FMODE_LSEEK;
    return 0;
}

void chr_release(Kernel&, OpenFile& file)
{
    const Fops* ops = file.linux.f_op;
    if (ops->release)
        ops->release(file.linux.f_inode, &file.linux);
    chrdev_put(file.cdev);
    owner_put(ops->owner);
}

// --- /proc -----------------------------------------------------------------------------------------------------

int proc_open(Kernel& k, OpenFile& file)
{
    const auto& ops = *static_cast<const abi::proc_ops*>(file.node->calls);
    if (!node_enter(*file.node))
        return -ENOENT;
    if (!ops.proc_lseek && k.config.release >= Release::v6_1)
        file.linux.f_mode &= ~FMODE_LSEEK;
    const int error = ops.proc_open ? ops.proc_open(file.linux.f_inode, &file.linux) : 0;
    node_leave(k, *file.node);
    return error;
}

void proc_release(Kernel&, OpenFile& file)
{
    const auto& ops = *static_cast<const abi::proc_ops*>(file.node->calls);
    if (!file.revoked && ops.proc_release)
        ops.proc_release(file.linux.f_inode, &file.linux);
}

// --- debugfs ---------------------------------------------------------------------------------------------------

int fops_open(Kernel& k, OpenFile& file)
{
    const auto* ops = static_cast<const Fops*>(file.node->calls);
    if (!node_enter(*file.node))
        return -ENOENT;
    int error = owner_get(ops->owner) ? 0 : -ENXIO;
    file.linux.f_op = ops;
    if (error == 0 && ops->open) {
        error = ops->open(file.linux.f_inode, &file.linux);
        if (error)
            owner_put(ops->owner);
    }
    node_leave(k, *file.node);
    return error;
}

void fops_release(Kernel&, OpenFile& file)
{
    const Fops* ops = file.linux.f_op;
    if (ops->release)
        ops->release(file.linux.f_inode, &file.linux);
    owner_put(ops->owner);
}

} // namespace

int driver_fasync(OpenFile& file, int fd, bool on)
{
    if (file.ops != &chr_file_ops || !file.linux.f_op->fasync)
        return -ENOTTY;
    if (on)
        file.owner_pid = current_task().pid();
    return file.linux.f_op->fasync(fd, &file.linux, on);
}

const FileOps chr_file_ops{chr_open,    driver_read, driver_write, driver_seek,
                           driver_ioctl, driver_poll, driver_flush, chr_release};
const FileOps proc_file_ops{proc_open,    driver_read, driver_write, driver_seek,
                            driver_ioctl, driver_poll, nullptr,      proc_release};
const FileOps fops_file_ops{fops_open,    driver_read, driver_write, driver_seek,
                            driver_ioctl, driver_poll, nullptr,      fops_release};

} // namespace irqlab::kernel

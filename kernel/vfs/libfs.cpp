// Helpers for drivers' file operations, and files opened by drivers themselves. [LX filesystems/api-summary]
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/file.hpp"
#include "kernel/vfs/iov_iter.hpp"
#include "linux/abi/uaccess.h"

namespace irqlab::kernel {

namespace {

abi::loff_t seek_to(abi::file* file, abi::loff_t at, abi::loff_t max)
{
    if (at < 0 || at > max)
        return -EINVAL;
    return file->f_pos = at;
}

abi::loff_t seek(abi::file* file, abi::loff_t offset, int whence, abi::loff_t end, abi::loff_t max)
{
    switch (whence) {
    case SEEK_SET: return seek_to(file, offset, max);
    case SEEK_CUR: return offset == 0 ? file->f_pos : seek_to(file, file->f_pos + offset, max);
    case SEEK_END: return seek_to(file, end + offset, max);
    default: return -EINVAL;
    }
}

/// A driver's own file: through its read or read_iter with kernel memory.
ssize_t iterate(OpenFile& file, void* buf, std::size_t count, abi::loff_t* pos, bool write)
{
    const abi::file_operations* ops = file.linux.f_op;
    const auto call = !ops ? nullptr : write ? ops->write_iter : ops->read_iter;
    if (!call)
        return -EINVAL; // as Linux since 5.10: read and write take user memory only
    abi::iovec segment{buf, count};
    abi::iov_iter iter = iter_of(segment, write, iter_kernel);
    abi::kiocb iocb{};
    iocb.ki_filp = &file.linux;
    iocb.ki_pos = *pos;
    const ssize_t result = call(&iocb, &iter);
    *pos = iocb.ki_pos;
    return result;
}

bool is_drivers(const OpenFile& file) { return file.ops == &chr_file_ops || file.ops == &fops_file_ops; }

const char* directory_now()
{
    const Files* files = current_task().files;
    return files ? files->cwd : "/";
}

} // namespace
} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel;
using kernel::OpenFile;
extern "C" {

loff_t no_llseek(struct file*, loff_t, int) { return -ESPIPE; }
loff_t noop_llseek(struct file* file, loff_t, int) { return file->f_pos; }

loff_t default_llseek(struct file* file, loff_t offset, int whence)
{
    return kernel::seek(file, offset, whence, file->f_inode->i_size, INT64_MAX);
}

loff_t generic_file_llseek(struct file* file, loff_t offset, int whence)
{
    return default_llseek(file, offset, whence);
}

loff_t fixed_size_llseek(struct file* file, loff_t offset, int whence, loff_t size)
{
    return kernel::seek(file, offset, whence, size, size);
}

loff_t no_seek_end_llseek(struct file* file, loff_t offset, int whence)
{
    return whence == SEEK_END ? -EINVAL : kernel::seek(file, offset, whence, 0, INT64_MAX);
}

int nonseekable_open(struct inode*, struct file* file)
{
    file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
    return 0;
}

int stream_open(struct inode*, struct file* file)
{
    file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
    file->f_mode |= FMODE_STREAM;
    return 0;
}

int simple_open(struct inode* inode, struct file* file)
{
    if (inode->i_private)
        file->private_data = inode->i_private;
    return 0;
}

ssize_t simple_read_from_buffer(void* to, size_t count, loff_t* pos, const void* from, size_t available)
{
    const loff_t at = *pos;
    if (at < 0)
        return -EINVAL;
    if (static_cast<size_t>(at) >= available || count == 0)
        return 0;
    count = std::min(count, available - static_cast<size_t>(at));
    const size_t left = _copy_to_user(to, static_cast<const char*>(from) + at, count);
    if (left == count)
        return -EFAULT;
    count -= left;
    *pos = at + static_cast<loff_t>(count);
    return static_cast<ssize_t>(count);
}

ssize_t simple_write_to_buffer(void* to, size_t available, loff_t* pos, const void* from, size_t count)
{
    const loff_t at = *pos;
    if (at < 0)
        return -EINVAL;
    if (static_cast<size_t>(at) >= available || count == 0)
        return 0;
    count = std::min(count, available - static_cast<size_t>(at));
    const size_t left = _copy_from_user(static_cast<char*>(to) + at, from, count);
    if (left == count)
        return -EFAULT;
    count -= left;
    *pos = at + static_cast<loff_t>(count);
    return static_cast<ssize_t>(count);
}

long compat_ptr_ioctl(struct file* file, unsigned int cmd, unsigned long arg)
{
    const file_operations* ops = file->f_op;
    return ops->unlocked_ioctl ? ops->unlocked_ioctl(file, cmd, arg & 0xffffffff) : -ENOIOCTLCMD;
}

struct file* filp_open(const char* name, int flags, umode_t mode)
{
    int error = 0;
    OpenFile* file = kernel::file_open(kernel(), kernel::directory_now(), name, flags, mode, error);
    return file ? &file->linux : kernel::error_pointer<struct file>(error);
}

int filp_close(struct file* file, fl_owner_t)
{
    kernel::file_put(kernel(), OpenFile::of(file));
    return 0;
}

ssize_t kernel_read(struct file* file, void* buf, size_t count, loff_t* pos)
{
    OpenFile& f = OpenFile::of(file);
    loff_t start = pos ? *pos : file->f_pos;
    if (kernel::is_drivers(f))
        return kernel::iterate(f, buf, count, pos ? pos : &file->f_pos, false);
    std::swap(start, file->f_pos);
    if (f.ops->seek && pos)
        kernel::file_seek(kernel(), f, file->f_pos, SEEK_SET);
    const ssize_t result = kernel::file_read(kernel(), f, static_cast<char*>(buf), count);
    if (result > 0 && pos)
        *pos += result;
    if (pos)
        file->f_pos = start;
    return result;
}

ssize_t kernel_write(struct file* file, const void* buf, size_t count, loff_t* pos)
{
    OpenFile& f = OpenFile::of(file);
    loff_t start = pos ? *pos : file->f_pos;
    if (kernel::is_drivers(f))
        return kernel::iterate(f, const_cast<void*>(buf), count, pos ? pos : &file->f_pos, true);
    std::swap(start, file->f_pos);
    if (f.ops->seek && pos)
        kernel::file_seek(kernel(), f, file->f_pos, SEEK_SET);
    const ssize_t result = kernel::file_write(kernel(), f, static_cast<const char*>(buf), count);
    if (result > 0 && pos)
        *pos += result;
    if (pos)
        file->f_pos = start;
    return result;
}

struct file* fget(unsigned int fd)
{
    const kernel::Files* files = kernel::current_task().files;
    OpenFile* file = files ? kernel::file_at(*files, static_cast<int>(fd)) : nullptr;
    if (!file)
        return nullptr;
    kernel::file_get(*file);
    return &file->linux;
}

void fput(struct file* file) { kernel::file_put(kernel(), OpenFile::of(file)); }

} // extern "C"
} // namespace irqlab::abi

// seq_file: texts made record by record, read in pieces of any size. [LX filesystems/seq_file]
#include <cerrno>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/iov_iter.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"
#include "linux/abi/proc.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

using abi::seq_file;

seq_file* seq_of(abi::file* file) { return static_cast<seq_file*>(file->private_data); }

bool overflowed(const seq_file& m) { return m.count == m.size; }

char* take_buffer(std::size_t size) { return static_cast<char*>(abi::kvmalloc_node(size, GFP_KERNEL, -1)); }

bool prepare(seq_file& m)
{
    if (!m.buf) {
        m.size = abi::IRQLAB_PAGE_SIZE;
        m.buf = take_buffer(m.size);
    }
    return m.buf != nullptr;
}

bool grow(seq_file& m)
{
    abi::kvfree(m.buf);
    m.count = 0;
    m.size *= 2;
    m.buf = take_buffer(m.size);
    return m.buf != nullptr;
}

// A driver's next() that forgets its position would repeat a record for ever: Linux steps it, and says so.
void* next_of(seq_file& m, void* p)
{
    const abi::loff_t before = m.index;
    p = m.op->next(&m, p, &m.index);
    if (m.index == before) {
        abi::_printk("\0016buggy .next function %ps did not update position index\n",
                     reinterpret_cast<void*>(m.op->next));
        ++m.index;
    }
    return p;
}

/// Goes through the records up to byte `offset`. @return 0, an error, or -EAGAIN after growing the buffer.
int traverse_once(seq_file& m, abi::loff_t offset)
{
    m.index = 0;
    m.count = m.from = 0;
    if (offset == 0)
        return 0;
    if (!prepare(m))
        return -ENOMEM;
    abi::loff_t pos = 0;
    int error = 0;
    void* p = m.op->start(&m, &m.index);
    while (p) {
        error = is_error(p) ? static_cast<int>(reinterpret_cast<long>(p)) : 0;
        if (error)
            break;
        error = m.op->show(&m, p);
        if (error < 0)
            break;
        if (error > 0) {
            error = 0;
            m.count = 0;
        }
        if (overflowed(m)) {
            m.op->stop(&m, p);
            return grow(m) ? -EAGAIN : -ENOMEM;
        }
        p = next_of(m, p);
        if (pos + static_cast<abi::loff_t>(m.count) > offset) {
            m.from = static_cast<std::size_t>(offset - pos);
            m.count -= m.from;
            break;
        }
        pos += static_cast<abi::loff_t>(m.count);
        m.count = 0;
        if (pos == offset)
            break;
    }
    m.op->stop(&m, p);
    return error;
}

int traverse(seq_file& m, abi::loff_t offset)
{
    int error = 0;
    while ((error = traverse_once(m, offset)) == -EAGAIN)
        ;
    return error;
}

/// Makes the first record that is not empty, in a buffer that it fits into.
/// @return its iterator, not stopped; null at the end or with `error`.
void* first_record(seq_file& m, int& error)
{
    void* p = m.op->start(&m, &m.index);
    while (p && !is_error(p)) {
        error = m.op->show(&m, p);
        if (error < 0)
            break;
        if (error > 0)
            m.count = 0;
        error = 0;
        if (m.count == 0) {
            p = next_of(m, p);
            continue;
        }
        if (!overflowed(m))
            return p;
        m.op->stop(&m, p);
        if (!grow(m)) {
            error = -ENOMEM;
            return nullptr;
        }
        p = m.op->start(&m, &m.index);
    }
    if (p && is_error(p))
        error = static_cast<int>(reinterpret_cast<long>(p));
    m.op->stop(&m, p);
    m.count = 0;
    return nullptr;
}

/// More records, as long as they fit the buffer and the reader wants them.
int fill(seq_file& m, void* p, std::size_t wanted)
{
    int error = 0;
    for (;;) {
        const std::size_t before = m.count;
        p = next_of(m, p);
        if (!p || is_error(p) || m.count >= wanted)
            break;
        error = m.op->show(&m, p);
        if (error > 0) {
            m.count = before;
        } else if (error < 0 || overflowed(m)) {
            m.count = before;
            break;
        }
    }
    m.op->stop(&m, p);
    return error;
}

std::size_t hand_out(seq_file& m, abi::iov_iter* to)
{
    const std::size_t n = abi::_copy_to_iter(m.buf + m.from, m.count, to);
    m.count -= n;
    m.from += n;
    return n;
}

/// @return bytes read; `error` when none were.
std::size_t read_records(seq_file& m, abi::iov_iter* to, int& error)
{
    if (!prepare(m)) {
        error = -ENOMEM;
        return 0;
    }
    std::size_t copied = 0;
    if (m.count != 0) { // the rest of a record
        copied = hand_out(m, to);
        if (m.count != 0 || to->count == 0)
            return copied;
    }
    m.from = 0;
    if (void* p = first_record(m, error)) {
        error = fill(m, p, to->count);
        if (error > 0)
            error = 0;
        copied += hand_out(m, to);
    }
    return copied;
}

void* single_start(seq_file*, abi::loff_t* pos) { return *pos ? nullptr : reinterpret_cast<void*>(1); }
void* single_next(seq_file*, void*, abi::loff_t* pos)
{
    ++*pos;
    return nullptr;
}
void single_stop(seq_file*, void*) {}

} // namespace
} // namespace irqlab::kernel

namespace irqlab::abi {
extern "C" {

int seq_open(struct file* file, const struct seq_operations* ops)
{
    auto* m = static_cast<seq_file*>(__kmalloc(sizeof(seq_file), GFP_KERNEL | __GFP_ZERO));
    if (!m)
        return -ENOMEM;
    file->private_data = m;
    __mutex_init(&m->lock, "&p->lock", nullptr);
    m->op = ops;
    m->file = file;
    file->f_mode &= ~FMODE_PWRITE;
    return 0;
}

ssize_t seq_read_iter(struct kiocb* iocb, struct iov_iter* to)
{
    seq_file& m = *kernel::seq_of(iocb->ki_filp);
    if (to->count == 0)
        return 0;
    mutex_lock(&m.lock);
    if (iocb->ki_pos == 0) { // a reading from the start makes the text anew
        m.index = 0;
        m.count = 0;
    }
    int error = 0;
    size_t copied = 0;
    if (iocb->ki_pos != m.read_pos) {
        error = kernel::traverse(m, iocb->ki_pos);
        m.read_pos = error ? 0 : iocb->ki_pos;
        if (error) {
            m.index = 0;
            m.count = 0;
        }
    }
    if (error == 0)
        copied = kernel::read_records(m, to, error);
    ssize_t result = m.count != 0 ? -EFAULT : error;
    if (copied != 0) {
        iocb->ki_pos += static_cast<loff_t>(copied);
        m.read_pos += static_cast<loff_t>(copied);
        result = static_cast<ssize_t>(copied);
    }
    mutex_unlock(&m.lock);
    return result;
}

ssize_t seq_read(struct file* file, char* buf, size_t count, loff_t* pos)
{
    iovec segment{buf, count};
    iov_iter iter = kernel::iter_of(segment, false);
    kiocb iocb{};
    iocb.ki_filp = file;
    iocb.ki_pos = *pos;
    const ssize_t result = seq_read_iter(&iocb, &iter);
    *pos = iocb.ki_pos;
    return result;
}

loff_t seq_lseek(struct file* file, loff_t offset, int whence)
{
    seq_file& m = *kernel::seq_of(file);
    loff_t result = -EINVAL;
    mutex_lock(&m.lock);
    if (whence == 1)
        offset += file->f_pos;
    if (whence <= 1 && offset >= 0) {
        result = offset;
        if (offset != m.read_pos) {
            const int error = kernel::traverse(m, offset);
            result = error ? error : offset;
            m.read_pos = error ? 0 : offset;
            if (error)
                m.index = 0, m.count = 0;
        }
        file->f_pos = m.read_pos;
    }
    mutex_unlock(&m.lock);
    return result;
}

int seq_release(struct inode*, struct file* file)
{
    seq_file* m = kernel::seq_of(file);
    kvfree(m->buf);
    kfree(m);
    return 0;
}

void* __seq_open_private(struct file* file, const struct seq_operations* ops, int size)
{
    void* state = __kmalloc(static_cast<size_t>(size), GFP_KERNEL | __GFP_ZERO);
    if (!state)
        return nullptr;
    if (seq_open(file, ops) < 0) {
        kfree(state);
        return nullptr;
    }
    kernel::seq_of(file)->private_ = state;
    return state;
}

int seq_open_private(struct file* file, const struct seq_operations* ops, int size)
{
    return __seq_open_private(file, ops, size) ? 0 : -ENOMEM;
}

int seq_release_private(struct inode* inode, struct file* file)
{
    kfree(kernel::seq_of(file)->private_);
    return seq_release(inode, file);
}

int single_open(struct file* file, int (*show)(struct seq_file* m, void* v), void* data)
{
    auto* ops = static_cast<seq_operations*>(__kmalloc(sizeof(seq_operations), GFP_KERNEL));
    if (!ops)
        return -ENOMEM;
    *ops = {kernel::single_start, kernel::single_stop, kernel::single_next, show};
    const int error = seq_open(file, ops);
    if (error)
        kfree(ops);
    else
        kernel::seq_of(file)->private_ = data;
    return error;
}

int single_open_size(struct file* file, int (*show)(struct seq_file* m, void* v), void* data, size_t size)
{
    if (const int error = single_open(file, show, data))
        return error;
    seq_file* m = kernel::seq_of(file);
    m->buf = kernel::take_buffer(size);
    m->size = size;
    return 0;
}

int single_release(struct inode* inode, struct file* file)
{
    const seq_operations* ops = kernel::seq_of(file)->op;
    seq_release(inode, file);
    kfree(ops);
    return 0;
}

} // extern "C"
} // namespace irqlab::abi

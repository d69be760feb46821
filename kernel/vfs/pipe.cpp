// Pipes: 64 KiB each, writes of up to PIPE_BUF bytes in one piece [MAN7 pipe].
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

namespace {
constexpr std::size_t capacity = 65536;
constexpr std::size_t atomic_bytes = 4096; // PIPE_BUF
} // namespace

struct Pipe {
    char* ring = nullptr;
    std::size_t head = 0, size = 0; // first byte, bytes
    bool reader = true, writer = true;
    abi::wait_queue_head readers{}, writers{};
};

namespace {

/// One sleep on `queue`. The caller looks at its condition between the two halves.
struct Sleep {
    abi::wait_queue_entry entry{};
    abi::wait_queue_head* queue;

    explicit Sleep(abi::wait_queue_head& q, const char* where) : queue(&q)
    {
        abi::init_wait_entry(&entry, 0);
        abi::prepare_to_wait(queue, &entry, static_cast<int>(task_interruptible));
        current_task().waits_in = where;
    }
    void finish() { abi::finish_wait(queue, &entry); }
};

void wake(abi::wait_queue_head& queue, unsigned events)
{
    abi::__wake_up(&queue, task_interruptible, 1, reinterpret_cast<void*>(static_cast<std::uintptr_t>(events)));
}

void take(Pipe& p, char* to, std::size_t count)
{
    const std::size_t first = std::min(count, capacity - p.head);
    std::memcpy(to, p.ring + p.head, first);
    std::memcpy(to + first, p.ring, count - first);
    p.head = (p.head + count) % capacity;
    p.size -= count;
}

void put(Pipe& p, const char* from, std::size_t count)
{
    const std::size_t tail = (p.head + p.size) % capacity;
    const std::size_t first = std::min(count, capacity - tail);
    std::memcpy(p.ring + tail, from, first);
    std::memcpy(p.ring, from + first, count - first);
    p.size += count;
}

ssize_t pipe_read(Kernel&, OpenFile& file, char* buffer, std::size_t size)
{
    Pipe& p = *file.pipe;
    if (size == 0)
        return 0;
    while (p.size == 0) {
        if (!p.writer)
            return 0;
        if (file.linux.f_flags & O_NONBLOCK)
            return -EAGAIN;
        if (signal_pending(current_task()))
            return -ERESTARTSYS;
        Sleep sleep{p.readers, "pipe_read"};
        if (p.size == 0 && p.writer)
            kernel::schedule();
        sleep.finish();
    }
    const std::size_t count = std::min(size, p.size);
    take(p, buffer, count);
    wake(p.writers, POLLOUT | POLLWRNORM);
    return static_cast<ssize_t>(count);
}

/// Waits for room for `need` bytes. @return 0 or a negative errno.
int wait_for_room(Pipe& p, const OpenFile& file, std::size_t need)
{
    while (p.reader && capacity - p.size < need) {
        if (file.linux.f_flags & O_NONBLOCK)
            return -EAGAIN;
        if (signal_pending(current_task()))
            return -ERESTARTSYS;
        Sleep sleep{p.writers, "pipe_write"};
        if (p.reader && capacity - p.size < need)
            kernel::schedule();
        sleep.finish();
    }
    if (p.reader)
        return 0;
    send_signal(current_task(), SIGPIPE);
    return -EPIPE;
}

ssize_t pipe_write(Kernel&, OpenFile& file, const char* buffer, std::size_t size)
{
    Pipe& p = *file.pipe;
    std::size_t done = 0;
    while (done < size) {
        const std::size_t need = size <= atomic_bytes ? size : 1;
        if (const int error = wait_for_room(p, file, need))
            return done != 0 && error != -EPIPE ? static_cast<ssize_t>(done) : error;
        const std::size_t count = std::min(size - done, capacity - p.size);
        put(p, buffer + done, count);
        done += count;
        wake(p.readers, POLLIN | POLLRDNORM);
    }
    return static_cast<ssize_t>(done);
}

unsigned pipe_poll(Kernel&, OpenFile& file, abi::poll_table* table)
{
    Pipe& p = *file.pipe;
    const bool reads = (file.linux.f_mode & FMODE_READ) != 0;
    if (table && table->_qproc)
        table->_qproc(&file.linux, reads ? &p.readers : &p.writers, table);
    if (reads)
        return (p.size ? POLLIN | POLLRDNORM : 0u) | (p.writer ? 0u : POLLHUP);
    return (p.size < capacity ? POLLOUT | POLLWRNORM : 0u) | (p.reader ? 0u : POLLERR);
}

void pipe_release(Kernel& k, OpenFile& file)
{
    Pipe& p = *file.pipe;
    if (file.linux.f_mode & FMODE_READ) {
        p.reader = false;
        wake(p.writers, POLLOUT | POLLERR);
    } else {
        p.writer = false;
        wake(p.readers, POLLIN | POLLHUP);
    }
    if (p.reader || p.writer)
        return;
    k.arena.give_back(p.ring, capacity);
    k.arena.give_back(&p, sizeof p);
}

constexpr FileOps pipe_ops{
    .read = pipe_read, .write = pipe_write, .poll = pipe_poll, .release = pipe_release};

} // namespace

int pipe_make(Kernel& k, OpenFile*& reader, OpenFile*& writer)
{
    Pipe& p = *k.arena.make<Pipe>();
    p.ring = static_cast<char*>(k.arena.take(capacity));
    abi::__init_waitqueue_head(&p.readers, "pipe->rd_wait", nullptr);
    abi::__init_waitqueue_head(&p.writers, "pipe->wr_wait", nullptr);
    reader = &file_make(k, pipe_ops, nullptr, O_RDONLY);
    writer = &file_make(k, pipe_ops, nullptr, O_WRONLY);
    reader->pipe = writer->pipe = &p;
    return 0;
}

} // namespace irqlab::kernel

// Waiting for events of a file, and signals when they come. [MAN2 poll, fcntl]
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/file.hpp"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

/// A task's places in the wait queues that a driver's poll named. In the arena, because the driver may kill the
/// task in its poll: files_close_all() then takes it out of the queues.
struct PollWait {
    static constexpr unsigned entries_max = 8;
    abi::poll_table table{}; // first: what the driver gets
    struct Entry {
        abi::wait_queue_entry wait{}; // first
        abi::wait_queue_head* queue = nullptr;
        PollWait* owner = nullptr;
    } entries[entries_max];
    unsigned count = 0;
    Task* task = nullptr;
    bool triggered = false;
};

namespace {

int poll_wake(abi::wait_queue_entry* wait, unsigned, int, void* key)
{
    PollWait& w = *reinterpret_cast<PollWait::Entry*>(wait)->owner;
    const auto events = reinterpret_cast<std::uintptr_t>(key);
    if (key && (events & w.table._key) == 0)
        return 0;
    w.triggered = true;
    return kernel::wake_up(*w.task, task_interruptible) ? 1 : 0;
}

void poll_register(abi::file*, abi::wait_queue_head_t* queue, abi::poll_table* table)
{
    PollWait& w = *reinterpret_cast<PollWait*>(table);
    if (w.count == PollWait::entries_max)
        return;
    PollWait::Entry& e = w.entries[w.count++];
    e.queue = queue;
    e.owner = &w;
    e.wait.func = poll_wake;
    e.wait.private_ = w.task;
    abi::add_wait_queue(queue, &e.wait);
}

/// Sleeps until an event or the time. @return false when the time was up.
bool wait_for_event(PollWait& w, u64 deadline_ns)
{
    Task& task = *w.task;
    bool in_time = true;
    task.waits_in = "poll";
    task.linux.__state = task_interruptible;
    if (!w.triggered)
        in_time = !schedule_until(deadline_ns);
    task.linux.__state = task_running;
    w.triggered = false;
    return in_time;
}

} // namespace

void poll_free(Kernel& k, Files& files)
{
    PollWait* w = files.poll;
    if (!w)
        return;
    for (unsigned i = 0; i < w->count; ++i)
        abi::remove_wait_queue(w->entries[i].queue, &w->entries[i].wait);
    k.arena.give_back(w, sizeof *w);
    files.poll = nullptr;
}

int poll_file(Kernel& k, Files& files, OpenFile& file, unsigned events, int timeout_ms)
{
    PollWait& w = *k.arena.make<PollWait>();
    files.poll = &w;
    w.task = &current_task();
    w.table = {timeout_ms == 0 ? nullptr : poll_register, events | POLLERR | POLLHUP};
    const u64 deadline =
        timeout_ms < 0 ? sim::never_ns : now_ns(*k.this_cpu) + static_cast<u64>(timeout_ms) * 1'000'000;
    int result = 0;
    for (bool in_time = timeout_ms != 0;; in_time = wait_for_event(w, deadline)) {
        result = static_cast<int>(file_poll(k, file, &w.table) & w.table._key);
        w.table._qproc = nullptr; // it stands in the queues now
        if (result != 0 || !in_time)
            break;
        if (signal_pending(*w.task)) {
            result = -EINTR;
            break;
        }
    }
    poll_free(k, files);
    return result;
}

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::OpenFile;
extern "C" {

int fasync_helper(int fd, struct file* file, int on, struct fasync_struct** head)
{
    fasync_struct** at = head;
    while (*at && (*at)->fa_file != file)
        at = &(*at)->fa_next;
    if (!on) {
        fasync_struct* entry = *at;
        if (!entry)
            return 0;
        *at = entry->fa_next;
        file->f_flags &= ~static_cast<unsigned>(FASYNC);
        kfree(entry);
        return 1;
    }
    if (*at) {
        (*at)->fa_fd = fd;
        return 0;
    }
    auto* entry = static_cast<fasync_struct*>(__kmalloc(sizeof(fasync_struct), GFP_KERNEL | __GFP_ZERO));
    if (!entry)
        return -ENOMEM;
    entry->magic = 0x4601;
    entry->fa_fd = fd;
    entry->fa_file = file;
    entry->fa_next = *head;
    *head = entry;
    file->f_flags |= FASYNC;
    return 1;
}

// The default signal, or the one of F_SETSIG. SIGURG goes only to those who asked for it.
void kill_fasync(struct fasync_struct** head, int signal, int)
{
    for (const fasync_struct* entry = *head; entry; entry = entry->fa_next) {
        const OpenFile& file = OpenFile::of(entry->fa_file);
        kernel::Task* task = file.owner_pid ? kernel::find_task(kernel::kernel(), file.owner_pid) : nullptr;
        if (task && !(signal == SIGURG && file.linux.f_owner.signum == 0))
            kernel::send_signal(*task, file.linux.f_owner.signum ? file.linux.f_owner.signum : SIGIO);
    }
}

} // extern "C"
} // namespace irqlab::abi

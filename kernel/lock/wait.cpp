// Wait queues: lists of entries whose function is called when somebody wakes the queue.
//
// Who waits shared goes to the front, who waits exclusively to the back; a wake-up calls all shared ones and
// as many exclusive ones as were asked for, front to back. That order is Linux's; nothing of it is left to
// choice.
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "linux/abi/sched.h"

namespace irqlab::abi {

using namespace kernel;

namespace {

wait_queue_entry* entry_of(list_head* node)
{
    return reinterpret_cast<wait_queue_entry*>(reinterpret_cast<char*>(node) -
                                               offsetof(wait_queue_entry, entry));
}

void insert_shared(wait_queue_head_t* wq, wait_queue_entry_t* entry)
{
    list_head* after = &wq->head;
    while (after->next != &wq->head && (entry_of(after->next)->flags & WQ_FLAG_PRIORITY) != 0)
        after = after->next;
    list_add(&entry->entry, after);
}

int wake_all(wait_queue_head_t* wq, unsigned mode, int nr_exclusive, int sync, void* key)
{
    int left = nr_exclusive;
    list_head* next = nullptr;
    for (list_head* at = wq->head.next; at != &wq->head; at = next) {
        next = at->next;
        wait_queue_entry* entry = entry_of(at);
        const unsigned flags = entry->flags;
        const int woken = entry->func(entry, mode, sync, key);
        if (woken < 0 || (woken != 0 && (flags & WQ_FLAG_EXCLUSIVE) != 0 && --left == 0))
            break;
    }
    return nr_exclusive - left;
}

void join(wait_queue_head_t* wq, wait_queue_entry_t* entry, bool exclusive)
{
    if (!list_empty(&entry->entry))
        return;
    if (exclusive)
        list_add_tail(&entry->entry, &wq->head);
    else
        insert_shared(wq, entry);
}

} // namespace

void __init_waitqueue_head(wait_queue_head_t* wq, const char* name, struct lock_class_key*)
{
    wq->lock = {};
    wq->lock.rlock.name = name;
    list_init(&wq->head);
}

void add_wait_queue(wait_queue_head_t* wq, wait_queue_entry_t* entry)
{
    entry->flags &= ~static_cast<unsigned>(WQ_FLAG_EXCLUSIVE);
    insert_shared(wq, entry);
    step_if_due(kernel::kernel());
}

void add_wait_queue_exclusive(wait_queue_head_t* wq, wait_queue_entry_t* entry)
{
    entry->flags |= WQ_FLAG_EXCLUSIVE;
    list_add_tail(&entry->entry, &wq->head);
    step_if_due(kernel::kernel());
}

void remove_wait_queue(wait_queue_head_t*, wait_queue_entry_t* entry)
{
    list_unlink(&entry->entry);
    step_if_due(kernel::kernel());
}

void init_wait_entry(wait_queue_entry_t* entry, int flags)
{
    entry->flags = static_cast<unsigned>(flags);
    entry->private_ = &current_task().linux;
    entry->func = autoremove_wake_function;
    list_init(&entry->entry);
}

void prepare_to_wait(wait_queue_head_t* wq, wait_queue_entry_t* entry, int state)
{
    entry->flags &= ~static_cast<unsigned>(WQ_FLAG_EXCLUSIVE);
    join(wq, entry, false);
    set_state(current_task(), static_cast<unsigned>(state));
    step_if_due(kernel::kernel());
}

bool prepare_to_wait_exclusive(wait_queue_head_t* wq, wait_queue_entry_t* entry, int state)
{
    entry->flags |= WQ_FLAG_EXCLUSIVE;
    const bool first = list_empty(&entry->entry) && list_empty(&wq->head);
    join(wq, entry, true);
    set_state(current_task(), static_cast<unsigned>(state));
    step_if_due(kernel::kernel());
    return first;
}

// A task with a signal leaves the queue here, so that it does not swallow an exclusive wake-up.
long prepare_to_wait_event(wait_queue_head_t* wq, wait_queue_entry_t* entry, int state)
{
    Task& me = current_task();
    if (signal_ends(me, static_cast<unsigned>(state))) {
        list_del_init(&entry->entry);
        return -ERESTARTSYS;
    }
    join(wq, entry, (entry->flags & WQ_FLAG_EXCLUSIVE) != 0);
    set_state(me, static_cast<unsigned>(state));
    step_if_due(kernel::kernel());
    return 0;
}

void finish_wait(wait_queue_head_t*, wait_queue_entry_t* entry)
{
    set_state(current_task(), task_running);
    if (!list_empty(&entry->entry))
        list_del_init(&entry->entry);
}

int default_wake_function(wait_queue_entry_t* entry, unsigned mode, int, void*)
{
    return wake_up(Task::of(static_cast<task_struct*>(entry->private_)), mode);
}

int autoremove_wake_function(wait_queue_entry_t* entry, unsigned mode, int sync, void* key)
{
    const int woken = default_wake_function(entry, mode, sync, key);
    if (woken != 0)
        list_del_init(&entry->entry);
    return woken;
}

int woken_wake_function(wait_queue_entry_t* entry, unsigned mode, int sync, void* key)
{
    entry->flags |= WQ_FLAG_WOKEN;
    return default_wake_function(entry, mode, sync, key);
}

long wait_woken(wait_queue_entry_t* entry, unsigned mode, long timeout)
{
    Task& me = current_task();
    set_state(me, mode);
    if ((entry->flags & WQ_FLAG_WOKEN) == 0 && !kthread_should_stop())
        timeout = schedule_timeout(timeout);
    set_state(me, task_running);
    entry->flags &= ~static_cast<unsigned>(WQ_FLAG_WOKEN);
    return timeout;
}

int __wake_up(wait_queue_head_t* wq, unsigned int mode, int nr_exclusive, void* key)
{
    const int woken = wake_all(wq, mode, nr_exclusive, 0, key);
    step_if_due(kernel::kernel());
    return woken;
}

void __wake_up_locked(wait_queue_head_t* wq, unsigned int mode, int nr_exclusive)
{
    wake_all(wq, mode, nr_exclusive, 0, nullptr);
}

void __wake_up_sync(wait_queue_head_t* wq, unsigned int mode) { wake_all(wq, mode, 1, 1, nullptr); }
void __wake_up_sync_key(wait_queue_head_t* wq, unsigned int mode, void* key)
{
    wake_all(wq, mode, 1, 1, key);
}

} // namespace irqlab::abi

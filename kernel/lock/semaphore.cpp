// Counting semaphores and reader-writer semaphores. Both are handed to the head of the line on release, so
// nobody overtakes. [LX locking/semaphores]
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

int wait_in_list(abi::list_head* list, Waiter& waiter, unsigned state, long timeout, const char* where)
{
    Task& me = current_task();
    waiter.task = &me;
    list_add_tail(&waiter.node, list);
    me.waits_in = where;
    int result = 0;
    while (!waiter.granted) {
        if (signal_ends(me, state)) {
            result = -EINTR;
            break;
        }
        if (timeout <= 0) {
            result = -ETIME;
            break;
        }
        set_state(me, state);
        timeout = abi::schedule_timeout(timeout);
    }
    if (!waiter.granted)
        list_unlink(&waiter.node);
    else
        result = 0;
    set_state(me, task_running);
    me.waits_in = "";
    return result;
}

namespace {

void grant(Waiter& waiter)
{
    list_unlink(&waiter.node);
    waiter.granted = true;
    wake_up(*waiter.task, TASK_NORMAL | TASK_WAKEKILL);
}

int take(abi::semaphore* sem, unsigned state, long timeout)
{
    abi::__might_sleep("kernel/locking/semaphore.c", 56);
    step_if_due(kernel());
    if (sem->count > 0) {
        --sem->count;
        return 0;
    }
    Waiter waiter{};
    return wait_in_list(&sem->wait_list, waiter, state, timeout, "down");
}

using RwSem = abi::rw_semaphore;

/// Readers go in together until a writer stands at the head of the line.
void admit(RwSem& sem)
{
    while (!list_empty(&sem.wait_list)) {
        auto& first = *reinterpret_cast<Waiter*>(sem.wait_list.next);
        if (first.writer ? sem.count != 0 : sem.count < 0)
            return;
        sem.count = first.writer ? -1 : sem.count + 1;
        grant(first);
    }
}

int take(RwSem* sem, bool writer, unsigned state, int line)
{
    abi::__might_sleep("kernel/locking/rwsem.c", line);
    step_if_due(kernel());
    const bool free = writer ? sem->count == 0 : sem->count >= 0;
    if (free && list_empty(&sem->wait_list)) {
        sem->count = writer ? -1 : sem->count + 1;
        return 0;
    }
    Waiter waiter{{}, nullptr, writer};
    const int result = wait_in_list(&sem->wait_list, waiter, state, MAX_SCHEDULE_TIMEOUT,
                                    writer ? "down_write" : "down_read");
    if (result != 0)
        admit(*sem); // readers behind a writer that gave up
    return result;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void down(struct semaphore* sem) { take(sem, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT); }
int down_interruptible(struct semaphore* sem) { return take(sem, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT); }
int down_killable(struct semaphore* sem) { return take(sem, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT); }
int down_timeout(struct semaphore* sem, long timeout) { return take(sem, TASK_UNINTERRUPTIBLE, timeout); }

int down_trylock(struct semaphore* sem)
{
    step_if_due(kernel::kernel());
    if (sem->count == 0)
        return 1;
    --sem->count;
    return 0;
}

void up(struct semaphore* sem)
{
    if (list_empty(&sem->wait_list))
        ++sem->count;
    else
        grant(*reinterpret_cast<Waiter*>(sem->wait_list.next));
    step_if_due(kernel::kernel());
}

void __init_rwsem(struct rw_semaphore* sem, const char* name, struct lock_class_key*)
{
    *sem = {};
    list_init(&sem->wait_list);
    sem->name = name;
}

void down_read(struct rw_semaphore* sem) { take(sem, false, TASK_UNINTERRUPTIBLE, 1519); }
int down_read_interruptible(struct rw_semaphore* sem) { return take(sem, false, TASK_INTERRUPTIBLE, 1530); }
int down_read_killable(struct rw_semaphore* sem) { return take(sem, false, TASK_KILLABLE, 1543); }
void down_write(struct rw_semaphore* sem) { take(sem, true, TASK_UNINTERRUPTIBLE, 1570); }
int down_write_killable(struct rw_semaphore* sem) { return take(sem, true, TASK_KILLABLE, 1581); }

int down_read_trylock(struct rw_semaphore* sem)
{
    step_if_due(kernel::kernel());
    if (sem->count < 0)
        return 0;
    ++sem->count;
    return 1;
}

int down_write_trylock(struct rw_semaphore* sem)
{
    step_if_due(kernel::kernel());
    if (sem->count != 0)
        return 0;
    sem->count = -1;
    return 1;
}

void up_read(struct rw_semaphore* sem)
{
    if (sem->count > 0)
        --sem->count;
    admit(*sem);
    step_if_due(kernel::kernel());
}

void up_write(struct rw_semaphore* sem)
{
    if (sem->count < 0)
        sem->count = 0;
    admit(*sem);
    step_if_due(kernel::kernel());
}

void downgrade_write(struct rw_semaphore* sem)
{
    sem->count = 1;
    admit(*sem);
}

} // namespace irqlab::abi

// Mutexes: the owner sleeps or runs; who waits sleeps in line. [LX locking/mutex-design]
//
// An unlocked mutex is free for whoever comes first; the head of the line is woken and tries again. When it
// finds the mutex taken once more, the next unlock hands it over (Linux's MUTEX_FLAG_HANDOFF).
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

using Mutex = abi::mutex;

/// `__lab` of a mutex: the waiter to which the next unlock hands it over.
Waiter* heir_of(Mutex& lock) { return static_cast<Waiter*>(lock.__lab); }

int leave(Mutex& lock, Waiter& waiter, Task& me, int result)
{
    list_unlink(&waiter.node);
    if (lock.__lab == &waiter)
        lock.__lab = nullptr;
    set_state(me, task_running);
    me.waits_in = "";
    return result;
}

__attribute__((noinline)) int wait_for_mutex(Mutex& lock, unsigned state)
{
    Task& me = current_task();
    Waiter waiter{{}, &me};
    list_add_tail(&waiter.node, &lock.wait_list);
    me.waits_in = "mutex_lock";
    for (bool woken = false;; woken = true) {
        set_state(me, state);
        if (waiter.granted)
            return leave(lock, waiter, me, 0);
        if (!lock.owner) {
            lock.owner = &me.linux;
            return leave(lock, waiter, me, 0);
        }
        if (signal_ends(me, state))
            return leave(lock, waiter, me, -EINTR);
        if (woken && lock.wait_list.next == &waiter.node)
            lock.__lab = &waiter;
        schedule();
    }
}

int lock_mutex(Mutex* lock, unsigned state, int line)
{
    abi::__might_sleep("kernel/locking/mutex.c", line);
    Kernel& k = kernel();
    step_if_due(k);
    if (!lock->owner) [[likely]] {
        lock->owner = &k.this_cpu->current->linux;
        return 0;
    }
    return wait_for_mutex(*lock, state);
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

namespace {
constexpr int mutex_line = 580; // of the might_sleep() in __mutex_lock_common, Linux 6.1
}

void __mutex_init(struct mutex* lock, const char* name, struct lock_class_key*)
{
    *lock = {};
    list_init(&lock->wait_list);
    lock->name = name;
}

void mutex_destroy(struct mutex*) {}

void mutex_lock(struct mutex* lock) { lock_mutex(lock, task_uninterruptible, mutex_line); }
int mutex_lock_interruptible(struct mutex* lock) { return lock_mutex(lock, task_interruptible, mutex_line); }
int mutex_lock_killable(struct mutex* lock)
{
    return lock_mutex(lock, task_uninterruptible | task_wakekill, mutex_line);
}

int mutex_trylock(struct mutex* lock)
{
    Kernel& k = kernel::kernel();
    step_if_due(k);
    if (lock->owner)
        return 0;
    lock->owner = &k.this_cpu->current->linux;
    return 1;
}

void mutex_unlock(struct mutex* lock)
{
    lock->owner = nullptr;
    if (!list_empty(&lock->wait_list)) {
        auto* first = reinterpret_cast<Waiter*>(lock->wait_list.next);
        if (first == heir_of(*lock)) {
            lock->owner = &first->task->linux;
            lock->__lab = nullptr;
            first->granted = true;
        }
        wake_up(*first->task, TASK_NORMAL | TASK_WAKEKILL);
    }
    step_if_due(kernel::kernel());
}

bool mutex_is_locked(struct mutex* lock) { return lock->owner != nullptr; }

} // namespace irqlab::abi

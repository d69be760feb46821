// Locks, sleeping and read-copy-update: what the kernel's own code needs of them.
//
// Every modelled CPU runs on one host thread, so a lock is a plain field; who finds it taken lets the others
// step (sched_relax) until it is free. A wait that can never end is reported in the words of Linux's lock
// debugging, and the context that waits is dropped.
#pragma once
#include "hw/cpu/cpu.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

struct Locks {
    unsigned rcu_readers = 0;           // read sections that are open now
    abi::rcu_head* rcu_first = nullptr; // callbacks in the order of call_rcu
    abi::rcu_head** rcu_tail = &rcu_first;
    u64 might_sleep_said_ns = 0; // Linux says it once a second
    bool might_sleep_said = false;
};

/// Makes k.locks. The bottom halves must be there: RCU's callbacks run from its softirq.
void lock_init(Kernel& k);

inline u64& cpu_flags(Kernel& k) { return k.machine.core[k.this_cpu->index].cpu.rflags; }
inline bool irqs_off(Kernel& k) { return !hw::rflags::If::test(cpu_flags(k)); }

/// A point where others may come in, when their time has come.
inline void step_if_due(Kernel& k)
{
    if (access_budget.left < 0) [[unlikely]]
        sched_step(k);
}

/// Sets IF and takes what waited for it.
void irqs_on(Kernel& k);
inline void irqs_disable(Kernel& k) { hw::cli(k.machine.core[k.this_cpu->index].cpu); }

/// CLI for the lifetime of a few lines that call no driver.
class IrqsOff {
public:
    explicit IrqsOff(Kernel& k) : k_(k), were_on_(!irqs_off(k)) { irqs_disable(k); }
    ~IrqsOff()
    {
        if (were_on_)
            irqs_on(k_);
    }
    IrqsOff(const IrqsOff&) = delete;

private:
    Kernel& k_;
    bool were_on_;
};

/// Does a signal end a sleep in `state`?
bool signal_ends(const Task& task, unsigned state);
inline void set_state(Task& task, unsigned state) { task.linux.__state = state; }

/// A task in a queue of a mutex, semaphore or rwsem; lives on the waiting task's stack.
struct Waiter {
    abi::list_head node;
    Task* task;
    bool writer = false;
    bool granted = false;
};
/// Sleeps in `list` until granted. @return 0; -EINTR (signal); -ETIME (timeout of jiffies over).
int wait_in_list(abi::list_head* list, Waiter& waiter, unsigned state, long timeout, const char* where);

// --- a context that cannot go on
// ---------------------------------------------------------------------------------

/// Drops the innermost guarded call of this context, or kills the task.
[[noreturn]] void give_up();
/// "BUG: spinlock recursion on CPU#0, insmod/93" and the lock's line and a trace.
void report_spinlock(const abi::raw_spinlock_t& lock, const char* what);
/// "BUG: rwlock cpu recursion on CPU#0, insmod/93, 0000000012345678" and a trace.
void report_rwlock(const abi::rwlock_t& lock, const char* what);
/// "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [insmod:93]" and a trace; then give_up().
[[noreturn]] void soft_lockup();

// --- rcu.cpp
// -------------------------------------------------------------------------------------------------------
/// Does the RCU softirq have something to do, now or after a grace period?
inline bool rcu_pending(const Kernel& k) { return k.locks && k.locks->rcu_first; }
/// Called at each tick: starts the callbacks when nobody reads.
void rcu_tick(Kernel& k);
/// Runs the callbacks whose grace period is over.
void rcu_run_callbacks(Kernel& k);

} // namespace irqlab::kernel

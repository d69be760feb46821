// Taking works back and waiting for them: within kernel/work.
#pragma once
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

inline Workqueue* wq_of(abi::workqueue_struct* wq) { return reinterpret_cast<Workqueue*>(wq); }

/// Sets the pending bit. @return false when it was set, or the work is disabled.
bool work_claim(abi::work_struct* work);

enum class Grabbed { no, was_idle, was_pending };
/// Takes a work out wherever it waits, at its timer (null: it has none) or in a queue, and leaves it with its
/// pending bit set, the caller's. @return no: somebody waits for its end, and has that bit.
Grabbed work_grab(Kernel& k, abi::work_struct* work, abi::timer_list* timer);

/// Sleeps until `busy` is false. It is asked again whenever some work has run.
template <class Busy> void work_wait_while(Kernel& k, const char* where, Busy busy)
{
    if (!busy())
        return;
    Task& me = current_task();
    abi::wait_queue_entry entry;
    abi::init_wait_entry(&entry, 0);
    me.waits_in = where;
    while (busy()) {
        abi::prepare_to_wait(&k.work->done, &entry, task_uninterruptible);
        if (busy())
            schedule();
    }
    abi::finish_wait(&k.work->done, &entry);
    me.waits_in = "";
}

} // namespace irqlab::kernel

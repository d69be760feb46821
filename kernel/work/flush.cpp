// Waiting for works and taking them back: flush, drain, cancel, disable.
#include <cstddef>

#include "kernel/entry/oops.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/work/wait.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

using abi::work_struct;

WorkItem* oldest(const Workqueue& wq)
{
    if (list_empty(&wq.items))
        return nullptr;
    return reinterpret_cast<WorkItem*>(reinterpret_cast<char*>(wq.items.next) - offsetof(WorkItem, of_queue));
}

/// Is a work of the queue up to `ticket` waiting or running?
bool busy_until(const Workqueue& wq, u64 ticket)
{
    const WorkItem* item = oldest(wq);
    return item && item->ticket <= ticket;
}

/// The last queueing of the work that has not come to its end, or null.
const WorkItem* in_flight(Kernel& k, const work_struct* work)
{
    if (const WorkItem* item = work_item(k, work))
        return item;
    const Worker* runner = work_runner(k, work);
    return runner ? runner->current : nullptr;
}

/// A queue that works to free memory must not wait for one that may not get any.
void check_dependency(Kernel& k, const Workqueue& target, work_struct* work)
{
    const Worker* worker = current_worker(k);
    if ((target.flags & abi::WQ_MEM_RECLAIM) != 0 || !worker || !worker->current)
        return;
    const Workqueue& own = *worker->current->pwq->wq;
    if ((own.flags & (abi::WQ_MEM_RECLAIM | abi::__WQ_LEGACY)) != abi::WQ_MEM_RECLAIM ||
        k.work->warned_dependency)
        return;
    k.work->warned_dependency = true;
    kernel_warn("kernel/workqueue.c", 2628, "check_flush_dependency",
                "workqueue: WQ_MEM_RECLAIM %s:%ps is flushing !WQ_MEM_RECLAIM %s:%ps\n", own.name,
                reinterpret_cast<void*>(worker->current->function), target.name,
                work ? reinterpret_cast<void*>(work->func) : nullptr);
}

/// Waits for what is queued or running of `work` now; not for what is queued later. From the work itself
/// this never returns.
bool flush(Kernel& k, work_struct* work, const char* where)
{
    const WorkItem* item = in_flight(k, work);
    if (!item)
        return false;
    check_dependency(k, *item->pwq->wq, work);
    const u64 ticket = item->ticket;
    work_wait_while(k, where, [&] {
        const WorkItem* queued = work_item(k, work);
        const Worker* runner = work_runner(k, work);
        return (queued && queued->ticket <= ticket) || (runner && runner->current->ticket <= ticket);
    });
    return true;
}

bool canceling(const work_struct* work) { return (work->data.counter & work_data::canceling) != 0; }

bool cancel(Kernel& k, work_struct* work, abi::timer_list* timer)
{
    const Grabbed was = work_grab(k, work, timer);
    if (was != Grabbed::no)
        work->data.counter &= ~work_data::pending;
    return was == Grabbed::was_pending;
}

/// The pending bit is held while the last run is waited for, so that nobody queues the work again, itself
/// included.
bool cancel_sync(Kernel& k, work_struct* work, abi::timer_list* timer)
{
    abi::__might_sleep("kernel/workqueue.c", 3063);
    Grabbed was;
    while ((was = work_grab(k, work, timer)) == Grabbed::no) {
        if (canceling(work))
            work_wait_while(k, "cancel_work_sync", [&] { return canceling(work); });
        else
            abi::schedule_timeout_uninterruptible(1); // RCU's grace period has it
    }
    work->data.counter |= work_data::canceling;
    flush(k, work, "cancel_work_sync");
    work->data.counter &= ~(work_data::canceling | work_data::pending);
    if (!list_empty(&k.work->done.head)) // another one that cancels
        abi::__wake_up(&k.work->done, TASK_NORMAL, 0, nullptr);
    return was == Grabbed::was_pending;
}

void disable(work_struct* work)
{
    if ((work->data.counter & work_data::disable_mask) != work_data::disable_mask)
        work->data.counter += work_data::disable_one;
}

bool enable(work_struct* work)
{
    if ((work->data.counter & work_data::disable_mask) == 0) {
        kernel_warn("kernel/workqueue.c", 4282, "work_offqd_enable",
                    "workqueue: work disable count underflowed\n");
        return true;
    }
    work->data.counter -= work_data::disable_one;
    return (work->data.counter & work_data::disable_mask) == 0;
}

void wait_drained(Kernel& k, Workqueue& wq, const char* where)
{
    work_wait_while(k, where, [&] { return busy_until(wq, ~u64{0}); });
}

} // namespace

Grabbed work_grab(Kernel& k, work_struct* work, abi::timer_list* timer)
{
    if (timer && abi::__lab_timer_delete(timer))
        return Grabbed::was_pending;
    if ((work->data.counter & work_data::pending) == 0) {
        work->data.counter |= work_data::pending;
        return Grabbed::was_idle;
    }
    if (work_remove(k, work))
        return Grabbed::was_pending;
    return Grabbed::no;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void __flush_workqueue(struct workqueue_struct* wq)
{
    Kernel& k = kernel::kernel();
    const irqlab::u64 ticket = k.work->ticket;
    __might_sleep("kernel/workqueue.c", 2863);
    check_dependency(k, *wq_of(wq), nullptr);
    work_wait_while(k, "flush_workqueue", [&] { return busy_until(*wq_of(wq), ticket); });
}
void flush_workqueue(struct workqueue_struct* wq) { __flush_workqueue(wq); }

void drain_workqueue(struct workqueue_struct* wq)
{
    Workqueue& queue = *wq_of(wq);
    ++queue.drainers;
    wait_drained(kernel::kernel(), queue, "drain_workqueue");
    --queue.drainers;
}

bool flush_work(struct work_struct* work)
{
    __might_sleep("kernel/workqueue.c", 3063);
    return flush(kernel::kernel(), work, "flush_work");
}

bool flush_delayed_work(struct delayed_work* work)
{
    Kernel& k = kernel::kernel();
    if (timer_delete_sync(&work->timer))
        work_insert(k, *wq_of(work->wq), &work->work, static_cast<unsigned>(work->cpu));
    return flush_work(&work->work);
}

bool flush_rcu_work(struct rcu_work* work)
{
    if ((work->work.data.counter & work_data::pending) == 0)
        return flush_work(&work->work);
    rcu_barrier();
    flush_work(&work->work);
    return true;
}

bool cancel_work(struct work_struct* work) { return cancel(kernel::kernel(), work, nullptr); }
bool cancel_work_sync(struct work_struct* work) { return cancel_sync(kernel::kernel(), work, nullptr); }

bool cancel_delayed_work(struct delayed_work* work)
{
    return cancel(kernel::kernel(), &work->work, &work->timer);
}

bool cancel_delayed_work_sync(struct delayed_work* work)
{
    return cancel_sync(kernel::kernel(), &work->work, &work->timer);
}

// Disabling counts; a disabled work cannot be queued. [LX core-api/workqueue], since 6.10
bool disable_work(struct work_struct* work)
{
    disable(work);
    return cancel_work(work);
}

bool disable_work_sync(struct work_struct* work)
{
    disable(work);
    return cancel_work_sync(work);
}

bool enable_work(struct work_struct* work) { return enable(work); }

bool disable_delayed_work(struct delayed_work* work)
{
    disable(&work->work);
    return cancel_delayed_work(work);
}

bool disable_delayed_work_sync(struct delayed_work* work)
{
    disable(&work->work);
    return cancel_delayed_work_sync(work);
}

bool enable_delayed_work(struct delayed_work* work) { return enable(&work->work); }

} // namespace irqlab::abi

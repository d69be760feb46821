// Rescuers: a WQ_MEM_RECLAIM queue's own thread, which runs its works where no worker can be made.
// [LX core-api/workqueue] "WQ_MEM_RECLAIM"
#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

/// The first work of this queue that waits in the pool.
WorkItem* next_of(PoolWorkqueue& pwq)
{
    abi::list_head& pending = pwq.pool->pending;
    for (abi::list_head* at = pending.next; at != &pending; at = at->next)
        if (item_of(at)->pwq == &pwq)
            return item_of(at);
    return nullptr;
}

void help(Kernel& k, Rescuer& r, PoolWorkqueue& pwq)
{
    r.worker.pool = pwq.pool;
    if (pwq.pool->cpu >= 0)
        task_set_affinity(current_task(), CpuSet::only(static_cast<unsigned>(pwq.pool->cpu)));
    while (WorkItem* item = pwq.pool->wants_help ? next_of(pwq) : nullptr) {
        run_work(k, r.worker, item);
        while (!list_empty(&r.worker.scheduled))
            run_work(k, r.worker, item_of(r.worker.scheduled.next));
        cond_resched_point();
    }
    task_set_affinity(current_task(), CpuSet::all());
}

int rescuer_main(void* argument)
{
    auto& r = *static_cast<Rescuer*>(argument);
    Kernel& k = kernel();
    while (!r.should_stop) {
        if (r.called) {
            r.called = false;
            for (unsigned i = 0; i < k.cpu_count; ++i)
                if (PoolWorkqueue* pwq = r.wq->pwq[i])
                    help(k, r, *pwq);
            continue;
        }
        set_state(current_task(), TASK_IDLE);
        schedule();
    }
    return 0;
}

void tell_end(Task& task)
{
    Kernel& k = kernel();
    auto& r = *static_cast<Rescuer*>(task.argument);
    if (WorkItem* item = r.worker.current) { // an Oops of its work
        *r.worker.at = r.worker.next;
        if (r.worker.next)
            r.worker.next->at = r.worker.at;
        r.worker.current = nullptr;
        work_over(k, item);
    }
    r.gone = true;
    abi::__wake_up(&k.work->done, TASK_NORMAL, 0, nullptr);
}

} // namespace

int rescuer_make(Kernel& k, Workqueue& wq)
{
    if (!may_create_task(k)) {
        abi::_printk("\0013workqueue: Failed to create a rescuer kthread for wq \"%s\": -EAGAIN\n", wq.name);
        return -EAGAIN;
    }
    auto* r = k.arena.make<Rescuer>();
    list_init(&r->worker.scheduled);
    r->wq = &wq;
    wq.rescuer = r;
    char comm[TASK_COMM_LEN];
    format_text(comm, sizeof comm, k.config.release >= Release::v6_12 ? "kworker/R-%s" : "%s", wq.name);
    Task& task = task_create(k, comm, rescuer_main, r, nullptr, static_cast<int>(k.this_cpu->index));
    r->worker.task = &task;
    task.at_exit = tell_end;
    task.linux.flags |= PF_WQ_WORKER;
    abi::set_user_nice(&task.linux, -20);
    return 0;
}

void rescuers_call(Pool& pool)
{
    for (PoolWorkqueue* pwq = pool.pwqs; pwq; pwq = pwq->next) {
        Rescuer* r = pwq->wq->rescuer;
        if (!r || r->gone || pwq->active == 0)
            continue;
        r->called = true;
        wake_up(*r->worker.task, TASK_IDLE);
    }
}

void rescuer_stop(Workqueue& wq)
{
    Rescuer* r = wq.rescuer;
    if (!r || r->gone)
        return;
    r->should_stop = true;
    wake_up(*r->worker.task, TASK_IDLE);
}

} // namespace irqlab::kernel

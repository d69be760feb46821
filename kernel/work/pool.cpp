// The pools of workers: where a work goes, who runs it, what is said when it leaves a mess.
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/trace.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

void list_append(WorkList& list, WorkItem* item)
{
    item->next = nullptr;
    *list.tail = item;
    list.tail = &item->next;
}

namespace {

bool list_take(WorkList& list, WorkItem* item)
{
    for (WorkItem** at = &list.first; *at; at = &(*at)->next)
        if (*at == item) {
            *at = item->next;
            if (list.tail == &item->next)
                list.tail = at;
            return true;
        }
    return false;
}

void give_item(Kernel& k, WorkItem* item)
{
    *item = {};
    item->next = k.work->free_items;
    k.work->free_items = item;
}

Pool& pool_for(Kernel& k, const Workqueue& wq, unsigned cpu)
{
    Workqueues& w = *k.work;
    if ((wq.flags & abi::WQ_BH) != 0)
        return (wq.flags & abi::WQ_HIGHPRI) != 0 ? *w.bh_high : *w.bh;
    if ((wq.flags & abi::WQ_UNBOUND) != 0)
        return *w.unbound;
    const unsigned on = cpu < k.cpu_count ? cpu : k.this_cpu->index;
    return (wq.flags & abi::WQ_HIGHPRI) != 0 ? w.high[on] : w.normal[on];
}

/// The first work that no other worker runs already: a work never runs twice at a time.
WorkItem* next_item(Kernel& k, Pool& pool)
{
    for (WorkItem* item = pool.pending.first; item; item = item->next)
        if (!work_runner(k, item->work))
            return item;
    return nullptr;
}

/// How many works of the queue its pool has at a time: max_active bounds it.
int& active_in(Kernel& k, Workqueue& wq, const Pool& pool)
{
    return wq.active[pool.cpu < 0 ? k.cpu_count : static_cast<unsigned>(pool.cpu)];
}

void activate(Kernel& k, Pool& pool, WorkItem* item)
{
    ++active_in(k, *item->wq, pool);
    list_append(pool.pending, item);
    trace(k, TraceEvent::workqueue_activate_work, {trace_address(item->work)});
}

/// The oldest works that wait for max_active move up.
void activate_waiting(Kernel& k, Workqueue& wq, Pool& pool)
{
    WorkItem* item = wq.waiting.first;
    while (item && active_in(k, wq, pool) < wq.max_active) {
        WorkItem* next = item->next;
        if (item->pool == &pool) {
            list_take(wq.waiting, item);
            activate(k, pool, item);
        }
        item = next;
    }
}

void run(Kernel& k, Worker& worker, WorkItem* item)
{
    list_take(worker.pool->pending, item);
    --k.work->pending;
    worker.current = item;
    abi::work_struct* work = item->work;
    item->function = work->func;
    work->__lab = nullptr;
    work->data.counter &= ~abi::s64{1};
    const u64 address = trace_address(work), function = trace_address(item->function);
    trace(k, TraceEvent::workqueue_execute_start, {address, function});
    item->function(work); // from here on `work` may be gone
    trace(k, TraceEvent::workqueue_execute_end, {address, function});
    Workqueue& wq = *item->wq;
    worker.current = nullptr;
    if (k.this_cpu->preempt_count != 0 && !worker.pool->bh) {
        const Task& me = current_task();
        abi::_printk("\0013BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n     last function: %ps\n",
                     me.comm(), k.this_cpu->preempt_count, me.pid(), reinterpret_cast<void*>(item->function));
        abi::dump_stack();
        k.this_cpu->preempt_count = 0;
    }
    give_item(k, item);
    --active_in(k, wq, *worker.pool);
    activate_waiting(k, wq, *worker.pool);
    if (k.work->done.head.next != &k.work->done.head)
        abi::__wake_up(&k.work->done, TASK_NORMAL, 0, nullptr);
}

int worker_main(void* argument)
{
    auto& worker = *static_cast<Worker*>(argument);
    Kernel& k = kernel();
    Task& me = current_task();
    for (;;) {
        if (WorkItem* item = next_item(k, *worker.pool)) {
            worker.idle = false;
            run(k, worker, item);
            cond_resched_point();
            continue;
        }
        worker.idle = true;
        set_state(me, TASK_IDLE);
        schedule();
    }
}

void run_in_softirq(abi::tasklet_struct* tasklet)
{
    auto& pool = *reinterpret_cast<Pool*>(tasklet->data);
    Kernel& k = kernel();
    pool.softirq.pool = &pool;
    while (WorkItem* item = next_item(k, pool))
        run(k, pool.softirq, item);
}

void make_worker(Kernel& k, Pool& pool)
{
    auto* worker = k.arena.make<Worker>();
    worker->pool = &pool;
    worker->next = pool.workers;
    pool.workers = worker;
    char comm[TASK_COMM_LEN];
    if (pool.cpu < 0)
        format_text(comm, sizeof comm, "kworker/u%u:%u", pool.id, pool.worker_count);
    else
        format_text(comm, sizeof comm, "kworker/%d:%u%s", pool.cpu, pool.worker_count, pool.high ? "H" : "");
    ++pool.worker_count;
    Task& task = task_create(k, comm, worker_main, worker, nullptr, pool.cpu);
    worker->task = &task;
    task.linux.flags |= PF_WQ_WORKER;
    if (pool.high)
        abi::set_user_nice(&task.linux, -20);
    if (pool.cpu >= 0) {
        task.affinity = CpuSet::only(static_cast<unsigned>(pool.cpu));
        task.linux.cpus_mask = mask_of(task.affinity);
    }
}

/// Does a worker of the pool run, or is it about to? `but`: the one that goes to sleep now.
bool somebody_runs(const Pool& pool, const Task* but)
{
    for (const Worker* w = pool.workers; w; w = w->next)
        if (w->task && w->task != but && !w->task->exited && w->task->linux.__state == task_running)
            return true;
    return false;
}

/// A pool with work has a worker that runs.
void serve(Kernel& k, Pool& pool, const Task* but)
{
    if (pool.bh) {
        if ((pool.tasklet.state & 1) == 0) {
            pool.tasklet.state |= 1;
            (pool.high ? abi::__tasklet_hi_schedule : abi::__tasklet_schedule)(&pool.tasklet);
        }
        return;
    }
    if (somebody_runs(pool, but))
        return;
    for (Worker* w = pool.workers; w; w = w->next)
        if (w->idle && w->task && w->task != but && !w->task->exited) {
            w->idle = false;
            wake_up(*w->task, TASK_IDLE);
            return;
        }
    make_worker(k, pool);
}

void set_up(Kernel& k, Pool& pool, int cpu, bool high, bool bh)
{
    pool.cpu = cpu;
    pool.high = high;
    pool.bh = bh;
    pool.pending.tail = &pool.pending.first;
    pool.next = k.work->pools;
    k.work->pools = &pool;
    if (bh) {
        abi::tasklet_setup(&pool.tasklet, run_in_softirq);
        pool.tasklet.data = reinterpret_cast<unsigned long>(&pool);
    }
}

} // namespace

void pools_init(Kernel& k)
{
    Workqueues& w = *k.work;
    w.normal = static_cast<Pool*>(k.arena.take(k.cpu_count * sizeof(Pool)));
    w.high = static_cast<Pool*>(k.arena.take(k.cpu_count * sizeof(Pool)));
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu) {
        set_up(k, w.normal[cpu], static_cast<int>(cpu), false, false);
        set_up(k, w.high[cpu], static_cast<int>(cpu), true, false);
    }
    w.unbound = static_cast<Pool*>(k.arena.take(3 * sizeof(Pool)));
    w.bh = w.unbound + 1;
    w.bh_high = w.unbound + 2;
    set_up(k, *w.unbound, -1, false, false);
    set_up(k, *w.bh, -1, false, true);
    set_up(k, *w.bh_high, -1, true, true);
    w.unbound->id = 2 * k.cpu_count; // Linux numbers the bound ones first
}

void work_insert(Kernel& k, Workqueue& wq, abi::work_struct* work, unsigned cpu)
{
    Workqueues& w = *k.work;
    WorkItem* item = w.free_items;
    if (item)
        w.free_items = item->next;
    else
        item = k.arena.make<WorkItem>();
    const Worker* runner = work_runner(k, work);
    Pool& pool = runner ? *runner->pool : pool_for(k, wq, cpu);
    *item = {nullptr, work, nullptr, &wq, &pool, ++w.ticket};
    work->__lab = item;
    ++w.pending;
    PerCpu& here = *k.this_cpu;
    here.preempt_count += preempt_offset; // the pool's lock
    trace(k, TraceEvent::workqueue_queue_work,
          {trace_address(work), trace_address(work->func), cpu, pool.cpu < 0 ? here.index : static_cast<u64>(pool.cpu)},
          wq.name);
    const bool may_run = active_in(k, wq, pool) < wq.max_active;
    if (may_run) {
        activate(k, pool, item);
        serve(k, pool, nullptr);
    } else {
        list_append(wq.waiting, item);
    }
    here.preempt_count -= preempt_offset;
    if (may_run)
        step_if_due(k);
}

bool work_remove(Kernel& k, abi::work_struct* work)
{
    auto* item = static_cast<WorkItem*>(work->__lab);
    if (!item || !k.arena.contains(item) || item->work != work)
        return false;
    if (list_take(item->pool->pending, item)) {
        --active_in(k, *item->wq, *item->pool);
        activate_waiting(k, *item->wq, *item->pool);
    } else {
        list_take(item->wq->waiting, item);
    }
    --k.work->pending;
    give_item(k, item);
    work->__lab = nullptr;
    work->data.counter &= ~abi::s64{1};
    return true;
}

Worker* work_runner(Kernel& k, const abi::work_struct* work)
{
    for (Pool* pool = k.work->pools; pool; pool = pool->next) {
        if (pool->bh && pool->softirq.current && pool->softirq.current->work == work)
            return &pool->softirq;
        for (Worker* w = pool->workers; w; w = w->next)
            if (w->current && w->current->work == work && !w->task->exited)
                return w;
    }
    return nullptr;
}

bool work_busy_until(Kernel& k, const Workqueue& wq, u64 ticket)
{
    const auto counts = [&](const WorkItem* item) {
        return item && item->wq == &wq && item->ticket <= ticket;
    };
    for (const WorkItem* item = wq.waiting.first; item; item = item->next)
        if (counts(item))
            return true;
    for (const Pool* pool = k.work->pools; pool; pool = pool->next) {
        for (const WorkItem* item = pool->pending.first; item; item = item->next)
            if (counts(item))
                return true;
        for (const Worker* w = pool->workers; w; w = w->next)
            if (counts(w->current) && !w->task->exited)
                return true;
        if (counts(pool->softirq.current))
            return true;
    }
    return false;
}

void wq_worker_sleeping(Kernel& k, Task& task)
{
    const auto* worker = static_cast<const Worker*>(task.argument);
    if (worker->current && worker->pool->pending.first)
        serve(k, *worker->pool, &task);
}

void work_tick(Kernel& k)
{
    if (!k.work || k.work->pending == 0)
        return;
    for (Pool* pool = k.work->pools; pool; pool = pool->next)
        if (pool->pending.first)
            serve(k, *pool, nullptr);
}

} // namespace irqlab::kernel

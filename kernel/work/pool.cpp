// Where a work goes, and how it leaves before it has run.
#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/trace.hpp"
#include "kernel/work/work.hpp"

namespace irqlab::kernel {

namespace {

void give_item(Kernel& k, WorkItem* item)
{
    *item = {};
    item->next_free = k.work->free_items;
    k.work->free_items = item;
}

WorkItem* take_item(Kernel& k)
{
    WorkItem* item = k.work->free_items;
    if (!item)
        return k.arena.make<WorkItem>();
    k.work->free_items = item->next_free;
    return item;
}

Pool& pool_for(Kernel& k, const Workqueue& wq, unsigned cpu)
{
    const Workqueues& w = *k.work;
    const bool high = (wq.flags & abi::WQ_HIGHPRI) != 0;
    if ((wq.flags & abi::WQ_BH) != 0)
        return high ? *w.bh_high : *w.bh;
    if ((wq.flags & abi::WQ_UNBOUND) != 0)
        return high ? *w.unbound_high : *w.unbound;
    return w.pools[2 * cpu + high];
}

bool bound(const Workqueue& wq) { return (wq.flags & (abi::WQ_BH | abi::WQ_UNBOUND)) == 0; }

Pool* last_pool(Kernel& k, const abi::work_struct* work)
{
    const auto index = static_cast<abi::u64>(work->data.counter) >> work_data::pool_shift;
    return index != 0 && index <= k.work->pool_count ? &k.work->pools[index - 1] : nullptr;
}

/// While it runs, and is queued there again, it goes to where it runs: never twice at a time.
PoolWorkqueue* pwq_for(Kernel& k, Workqueue& wq, abi::work_struct* work, unsigned cpu)
{
    Pool* last = last_pool(k, work);
    const Worker* runner = last ? runner_in(*last, work) : nullptr;
    if (runner && runner->current->pwq->wq == &wq)
        return runner->current->pwq;
    return pwq_on(k, wq, cpu < k.cpu_count ? cpu : k.this_cpu->index);
}

void enter_pool(Kernel& k, WorkItem* item)
{
    item->waiting = false;
    ++item->pwq->active;
    list_add_tail(&item->entry, &item->pwq->pool->pending);
    trace(k, TraceEvent::workqueue_activate_work, {trace_address(item->work)});
}

void set_up(Pool& pool, unsigned index, int cpu, bool high, bool bh)
{
    pool.cpu = cpu;
    pool.index = index;
    pool.id = index;
    pool.high = high;
    pool.bh = bh;
    list_init(&pool.pending);
    if (bh)
        set_up_softirq(pool);
}

} // namespace

void pools_init(Kernel& k)
{
    constexpr unsigned unbound_pools = 4;
    Workqueues& w = *k.work;
    const unsigned bound_pools = 2 * k.cpu_count;
    w.pool_count = bound_pools + unbound_pools;
    w.pools = static_cast<Pool*>(k.arena.take(w.pool_count * sizeof(Pool)));
    for (unsigned i = 0; i < w.pool_count; ++i) {
        const unsigned other = i - bound_pools;
        if (i < bound_pools)
            set_up(w.pools[i], i, static_cast<int>(i / 2), i % 2 != 0, false);
        else
            set_up(w.pools[i], i, -1, other % 2 != 0, other >= 2);
    }
    w.unbound = &w.pools[bound_pools];
    w.unbound_high = w.unbound + 1;
    w.bh = w.unbound + 2;
    w.bh_high = w.unbound + 3;
}

PoolWorkqueue* pwq_on(Kernel& k, Workqueue& wq, unsigned cpu)
{
    PoolWorkqueue*& pwq = wq.pwq[bound(wq) ? cpu : 0];
    if (!pwq) {
        pwq = k.arena.make<PoolWorkqueue>();
        pwq->pool = &pool_for(k, wq, cpu);
        pwq->wq = &wq;
        list_init(&pwq->waiting);
        pwq->next = pwq->pool->pwqs;
        pwq->pool->pwqs = pwq;
    }
    return pwq;
}

void work_insert(Kernel& k, Workqueue& wq, abi::work_struct* work, unsigned cpu)
{
    PoolWorkqueue* pwq = pwq_for(k, wq, work, cpu);
    WorkItem* item = take_item(k);
    *item = {};
    item->work = work;
    item->pwq = pwq;
    item->ticket = ++k.work->ticket;
    list_add_tail(&item->of_queue, &wq.items);
    work->__lab = item;
    work->data.counter = (work->data.counter & ((1 << work_data::pool_shift) - 1)) |
                         static_cast<abi::s64>(pwq->pool->index + 1) << work_data::pool_shift;
    ++k.work->pending;
    PerCpu& here = *k.this_cpu;
    const Pool& pool = *pwq->pool;
    here.preempt_count += preempt_offset; // the pool's lock
    trace(k, TraceEvent::workqueue_queue_work,
          {trace_address(work), trace_address(work->func), cpu,
           pool.cpu < 0 ? here.index : static_cast<u64>(pool.cpu)},
          wq.name);
    item->waiting = pwq->active >= wq.max_active;
    if (item->waiting) {
        list_add_tail(&item->entry, &pwq->waiting);
    } else {
        enter_pool(k, item);
        pool_serve(k, *pwq->pool);
    }
    const bool waits = item->waiting;
    here.preempt_count -= preempt_offset;
    if (!waits)
        step_if_due(k);
}

WorkItem* work_item(Kernel& k, const abi::work_struct* work)
{
    auto* item = static_cast<WorkItem*>(work->__lab);
    return item && k.arena.contains(item) && item->work == work ? item : nullptr;
}

bool work_remove(Kernel& k, abi::work_struct* work)
{
    WorkItem* item = work_item(k, work);
    if (!item)
        return false;
    list_unlink(&item->entry);
    --k.work->pending;
    work->__lab = nullptr;
    work_over(k, item);
    return true;
}

void work_activate(Kernel& k, PoolWorkqueue& pwq)
{
    while (!list_empty(&pwq.waiting) && pwq.active < pwq.wq->max_active) {
        WorkItem* item = item_of(pwq.waiting.next);
        list_unlink(&item->entry);
        enter_pool(k, item);
        pool_serve(k, *pwq.pool);
    }
}

void work_over(Kernel& k, WorkItem* item)
{
    PoolWorkqueue& pwq = *item->pwq;
    const bool was_active = !item->waiting;
    list_unlink(&item->of_queue);
    give_item(k, item);
    if (was_active) {
        --pwq.active;
        work_activate(k, pwq);
    }
    if (!list_empty(&k.work->done.head))
        abi::__wake_up(&k.work->done, TASK_NORMAL, 0, nullptr);
}

Worker* work_runner(Kernel& k, const abi::work_struct* work)
{
    Pool* pool = last_pool(k, work);
    return pool ? runner_in(*pool, work) : nullptr;
}

} // namespace irqlab::kernel

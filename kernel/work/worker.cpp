// The workers of a pool: who runs a work, when another one goes on, what is said when a work leaves a mess.
#include "kernel/bh/bh.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/trace.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

// --- the lists of workers: idle, or busy with a work ------------------------------------------------------

void leave_list(Worker& w)
{
    if (!w.at)
        return;
    *w.at = w.next;
    if (w.next)
        w.next->at = w.at;
    w.at = nullptr;
}

void enter_list(Worker& w, Worker*& head)
{
    w.next = head;
    w.at = &head;
    if (head)
        head->at = &w.next;
    head = &w;
}

Worker*& bucket_of(Pool& pool, const abi::work_struct* work)
{
    const auto address = reinterpret_cast<std::uintptr_t>(work);
    return pool.busy[(address >> 4 ^ address >> 9) % Pool::buckets];
}

// --- who counts as running --------------------------------------------------------------------------------

void count(Worker& w, bool on)
{
    if (w.counted == on)
        return;
    w.counted = on;
    if (on)
        ++w.pool->nr_running;
    else
        --w.pool->nr_running;
}

bool need_more(const Pool& pool) { return !list_empty(&pool.pending) && pool.nr_running == 0; }

void wake_or_make(Kernel& k, Pool& pool);

// --- running one ------------------------------------------------------------------------------------------

void say_leak(Kernel& k, const WorkItem& item)
{
    const Task& me = current_task();
    abi::_printk("\0013BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n     last function: %ps\n",
                 me.comm(), k.this_cpu->preempt_count, me.pid(), reinterpret_cast<void*>(item.function));
    abi::dump_stack();
    k.this_cpu->preempt_count = 0;
}

void begin_work(Kernel& k, Worker& worker, WorkItem* item)
{
    abi::work_struct* work = item->work;
    list_unlink(&item->entry);
    --k.work->pending;
    worker.current = item;
    enter_list(worker, bucket_of(*worker.pool, work));
    item->function = work->func;
    work->__lab = nullptr;
    work->data.counter &= ~work_data::pending;
}

/// Works that came while their like ran here.
void run_scheduled(Kernel& k, Worker& worker)
{
    while (!list_empty(&worker.scheduled))
        run_work(k, worker, item_of(worker.scheduled.next));
}

void work_through(Kernel& k, Worker& worker)
{
    Pool& pool = *worker.pool;
    count(worker, pool.cpu >= 0);
    while (!list_empty(&pool.pending) && pool.nr_running <= 1) {
        run_work(k, worker, item_of(pool.pending.next));
        run_scheduled(k, worker);
        cond_resched_point();
    }
    count(worker, false);
}

int worker_main(void* argument)
{
    auto& worker = *static_cast<Worker*>(argument);
    Kernel& k = kernel();
    for (;;) {
        leave_list(worker);
        if (need_more(*worker.pool))
            work_through(k, worker);
        enter_list(worker, worker.pool->idle);
        set_state(current_task(), TASK_IDLE);
        schedule();
    }
}

// A work's Oops ends its worker: the lab goes on with another one, and nobody waits for that work for ever.
void worker_gone(Task& task)
{
    Kernel& k = kernel();
    auto& worker = *static_cast<Worker*>(task.argument);
    leave_list(worker);
    count(worker, false);
    while (!list_empty(&worker.scheduled)) {
        abi::list_head* entry = worker.scheduled.next;
        list_unlink(entry);
        list_add_tail(entry, &worker.pool->pending);
    }
    if (WorkItem* item = worker.current) {
        worker.current = nullptr;
        work_over(k, item);
    }
    pool_serve(k, *worker.pool);
}

void run_in_softirq(abi::tasklet_struct* tasklet)
{
    auto& pool = *reinterpret_cast<Pool*>(tasklet->data);
    Kernel& k = kernel();
    if (WorkItem* dropped = pool.softirq.current) { // by an Oops
        leave_list(pool.softirq);
        pool.softirq.current = nullptr;
        work_over(k, dropped);
    }
    while (!list_empty(&pool.pending)) {
        run_work(k, pool.softirq, item_of(pool.pending.next));
        run_scheduled(k, pool.softirq);
    }
}

// --- waking and making ------------------------------------------------------------------------------------

void make_worker(Kernel& k, Pool& pool)
{
    auto* worker = k.arena.make<Worker>();
    worker->pool = &pool;
    list_init(&worker->scheduled);
    enter_list(*worker, pool.idle); // until it runs for the first time
    char comm[TASK_COMM_LEN];
    if (pool.cpu < 0)
        format_text(comm, sizeof comm, "kworker/u%u:%u", pool.id, pool.worker_count);
    else
        format_text(comm, sizeof comm, "kworker/%d:%u%s", pool.cpu, pool.worker_count, pool.high ? "H" : "");
    ++pool.worker_count;
    Task& task = task_create(k, comm, worker_main, worker, nullptr, pool.cpu);
    worker->task = &task;
    task.at_exit = worker_gone;
    task.linux.flags |= PF_WQ_WORKER;
    if (pool.high)
        abi::set_user_nice(&task.linux, -20);
    if (pool.cpu >= 0) {
        task.affinity = CpuSet::only(static_cast<unsigned>(pool.cpu));
        task.linux.cpus_mask = mask_of(task.affinity);
    }
}

/// Linux's MAYDAY_INITIAL_TIMEOUT, a hundredth of a second: so long it tries to make one.
constexpr unsigned long mayday_jiffies = abi::IRQLAB_HZ / 100 >= 2 ? abi::IRQLAB_HZ / 100 : 2;

void wake_or_make(Kernel& k, Pool& pool)
{
    if (pool.idle) {
        if (Task* task = pool.idle->task) // null: it is just being made
            wake_up(*task, TASK_IDLE);
        return;
    }
    if (may_create_task(k))
        return make_worker(k, pool);
    if (pool.wants_help)
        return;
    pool.wants_help = true;
    pool.mayday = jiffies(k) + mayday_jiffies;
    ++k.work->pools_in_need;
    tick_needed(k);
}

} // namespace

void set_up_softirq(Pool& pool)
{
    list_init(&pool.softirq.scheduled);
    pool.softirq.pool = &pool;
    abi::tasklet_setup(&pool.tasklet, run_in_softirq);
    pool.tasklet.data = reinterpret_cast<unsigned long>(&pool);
}

Worker* runner_in(Pool& pool, const abi::work_struct* work)
{
    for (Worker* w = bucket_of(pool, work); w; w = w->next)
        if (w->current->work == work && w->current->function == work->func)
            return w;
    return nullptr;
}

void run_work(Kernel& k, Worker& worker, WorkItem* item)
{
    Pool& pool = *worker.pool;
    if (Worker* other = runner_in(pool, item->work)) {
        list_unlink(&item->entry);
        list_add_tail(&item->entry, &other->scheduled);
        return;
    }
    begin_work(k, worker, item);
    const bool was_counted = worker.counted;
    if (item->pwq->wq->flags & abi::WQ_CPU_INTENSIVE)
        count(worker, false);
    if (!pool.bh && need_more(pool))
        wake_or_make(k, pool);
    const u64 address = trace_address(item->work), function = trace_address(item->function);
    trace(k, TraceEvent::workqueue_execute_start, {address, function});
    item->function(item->work); // from here on the driver's struct may be gone
    trace(k, TraceEvent::workqueue_execute_end, {address, function});
    if (k.this_cpu->preempt_count != 0 && !pool.bh)
        say_leak(k, *item);
    count(worker, was_counted);
    leave_list(worker);
    worker.current = nullptr;
    work_over(k, item);
}

void pool_serve(Kernel& k, Pool& pool)
{
    if (list_empty(&pool.pending))
        return;
    if (!pool.bh) {
        if (pool.nr_running == 0)
            wake_or_make(k, pool);
    } else if ((pool.tasklet.state & 1) == 0) {
        pool.tasklet.state |= 1;
        (pool.high ? abi::__tasklet_hi_schedule : abi::__tasklet_schedule)(&pool.tasklet);
    }
}

Worker* current_worker(Kernel& k)
{
    const Task* me = k.this_cpu->current;
    const bool worker = me && (me->linux.flags & PF_WQ_WORKER) != 0 && !k.this_cpu->in_interrupt();
    return worker ? static_cast<Worker*>(me->argument) : nullptr;
}

void wq_worker_sleeping(Kernel& k, Task& task)
{
    auto& worker = *static_cast<Worker*>(task.argument);
    if (!worker.counted)
        return;
    count(worker, false);
    worker.sleeps = true;
    if (need_more(*worker.pool))
        wake_or_make(k, *worker.pool);
}

void wq_worker_running(Task& task)
{
    auto& worker = *static_cast<Worker*>(task.argument);
    if (!worker.sleeps)
        return;
    worker.sleeps = false;
    count(worker, true);
}

void work_tick(Kernel& k)
{
    if (!k.work || k.work->pools_in_need == 0)
        return;
    const unsigned long now = jiffies(k);
    for (unsigned i = 0; i < k.work->pool_count; ++i) {
        Pool& pool = k.work->pools[i];
        if (!pool.wants_help)
            continue;
        if (may_create_task(k) || list_empty(&pool.pending)) {
            pool.wants_help = false;
            --k.work->pools_in_need;
            pool_serve(k, pool);
        } else if (static_cast<long>(now - pool.mayday) >= 0) {
            rescuers_call(pool);
        }
    }
}

bool work_needs_tick(const Kernel& k) { return k.work && k.work->pools_in_need != 0; }

} // namespace irqlab::kernel

// Workqueues as drivers use them.
#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

void pools_init(Kernel& k);

namespace {

Workqueue* make(Kernel& k, unsigned flags, int max_active)
{
    auto* wq = k.arena.make<Workqueue>();
    wq->flags = flags;
    wq->max_active =
        max_active == 0 ? abi::WQ_DFL_ACTIVE : std::clamp<int>(max_active, 1, abi::WQ_MAX_ACTIVE);
    wq->active = static_cast<int*>(k.arena.take((k.cpu_count + 1) * sizeof(int)));
    wq->next = k.work->all;
    k.work->all = wq;
    return wq;
}

Workqueue* make_system(Kernel& k, const char* name, unsigned flags)
{
    Workqueue* wq = make(k, flags, 0);
    format_text(wq->name, sizeof wq->name, "%s", name);
    return wq;
}

Workqueue* of(abi::workqueue_struct* wq) { return reinterpret_cast<Workqueue*>(wq); }

/// The pending bit: whoever sets it may queue the work.
bool claim(abi::work_struct* work)
{
    if ((work->data.counter & 1) != 0)
        return false;
    work->data.counter |= 1;
    return true;
}

/// Sleeps until `busy` is false. It is asked again whenever some work has run.
template <class Busy> void wait_while(Kernel& k, const char* where, Busy busy)
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

/// Waits for what is queued or running of `work` now; not for what is queued later.
bool flush(Kernel& k, abi::work_struct* work)
{
    const auto* item = static_cast<const WorkItem*>(work->__lab);
    const Worker* runner = work_runner(k, work);
    const u64 ticket = item && item->work == work ? item->ticket : runner ? runner->current->ticket : 0;
    if (ticket == 0)
        return false;
    wait_while(k, "flush_work", [&] {
        const auto* queued = static_cast<const WorkItem*>(work->__lab);
        const Worker* now = work_runner(k, work);
        return (queued && queued->work == work && queued->ticket <= ticket) ||
               (now && now->current->ticket <= ticket);
    });
    return true;
}

void wait_not_running(Kernel& k, abi::work_struct* work)
{
    const Worker* runner = work_runner(k, work);
    if (!runner || runner->task == &current_task())
        return;
    wait_while(k, "cancel_work_sync", [&] { return work_runner(k, work) != nullptr; });
}

abi::delayed_work* delayed_of(abi::timer_list* timer)
{
    return reinterpret_cast<abi::delayed_work*>(reinterpret_cast<char*>(timer) -
                                                offsetof(abi::delayed_work, timer));
}

/// Takes a delayed work out wherever it waits: at its timer or in the queue.
bool take_back(Kernel& k, abi::delayed_work* work)
{
    if (abi::__lab_timer_delete(&work->timer)) {
        work->work.data.counter &= ~abi::s64{1};
        return true;
    }
    return work_remove(k, &work->work);
}

void start(Kernel& k, unsigned cpu, Workqueue& wq, abi::delayed_work* work, unsigned long delay)
{
    work->wq = reinterpret_cast<abi::workqueue_struct*>(&wq);
    work->cpu = static_cast<int>(cpu);
    if (delay == 0)
        return work_insert(k, wq, &work->work, cpu);
    work->timer.expires = jiffies(k) + delay;
    if (cpu < k.cpu_count)
        abi::add_timer_on(&work->timer, static_cast<int>(cpu));
    else
        abi::add_timer(&work->timer);
}

} // namespace

void work_init(Kernel& k)
{
    Workqueues& w = *k.arena.make<Workqueues>();
    k.work = &w;
    list_init(&w.done.head);
    pools_init(k);
    w.system = make_system(k, "events", 0);
    w.system_high = make_system(k, "events_highpri", abi::WQ_HIGHPRI);
    w.system_long = make_system(k, "events_long", 0);
    w.system_unbound = make_system(k, "events_unbound", abi::WQ_UNBOUND);
    w.system_freezable = make_system(k, "events_freezable", abi::WQ_FREEZABLE);
    w.system_power = make_system(k, "events_power_efficient", abi::WQ_POWER_EFFICIENT);
    w.system_freezable_power = make_system(k, "events_freezable_power_efficient", abi::WQ_FREEZABLE);
    w.system_bh = make_system(k, "events_bh", abi::WQ_BH);
    w.system_bh_high = make_system(k, "events_bh_highpri", abi::WQ_BH | abi::WQ_HIGHPRI);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

struct workqueue_struct* alloc_workqueue(const char* format, unsigned int flags, int max_active, ...)
{
    Workqueue* wq = make(kernel::kernel(), flags, (flags & __WQ_ORDERED) != 0 ? 1 : max_active);
    va_list args;
    va_start(args, max_active);
    vformat_text(wq->name, sizeof wq->name, format, args);
    va_end(args);
    return reinterpret_cast<workqueue_struct*>(wq);
}

void destroy_workqueue(struct workqueue_struct* wq)
{
    Kernel& k = kernel::kernel();
    drain_workqueue(wq);
    of(wq)->destroyed = true;
    for (Workqueue** at = &k.work->all; *at; at = &(*at)->next)
        if (*at == of(wq)) {
            *at = (*at)->next;
            break;
        }
}

bool queue_work_on(int cpu, struct workqueue_struct* wq, struct work_struct* work)
{
    if (!claim(work))
        return false;
    work_insert(kernel::kernel(), *of(wq), work, static_cast<unsigned>(cpu));
    return true;
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct* wq, struct delayed_work* work,
                           unsigned long delay)
{
    if (!claim(&work->work))
        return false;
    start(kernel::kernel(), static_cast<unsigned>(cpu), *of(wq), work, delay);
    return true;
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct* wq, struct delayed_work* work, unsigned long delay)
{
    Kernel& k = kernel::kernel();
    const bool was = take_back(k, work);
    claim(&work->work);
    start(k, static_cast<unsigned>(cpu), *of(wq), work, delay);
    return was;
}

void delayed_work_timer_fn(struct timer_list* timer)
{
    delayed_work* work = delayed_of(timer);
    work_insert(kernel::kernel(), *of(work->wq), &work->work, static_cast<unsigned>(work->cpu));
}

void __flush_workqueue(struct workqueue_struct* wq)
{
    Kernel& k = kernel::kernel();
    const irqlab::u64 ticket = k.work->ticket;
    __might_sleep("kernel/workqueue.c", 2863);
    wait_while(k, "flush_workqueue", [&] { return work_busy_until(k, *of(wq), ticket); });
}
void flush_workqueue(struct workqueue_struct* wq) { __flush_workqueue(wq); }

void drain_workqueue(struct workqueue_struct* wq)
{
    Kernel& k = kernel::kernel();
    wait_while(k, "drain_workqueue", [&] { return work_busy_until(k, *of(wq), ~irqlab::u64{0}); });
}

bool flush_work(struct work_struct* work)
{
    __might_sleep("kernel/workqueue.c", 3063);
    return flush(kernel::kernel(), work);
}

bool cancel_work(struct work_struct* work) { return work_remove(kernel::kernel(), work); }

bool cancel_work_sync(struct work_struct* work)
{
    Kernel& k = kernel::kernel();
    __might_sleep("kernel/workqueue.c", 3063);
    const bool was = work_remove(k, work);
    wait_not_running(k, work);
    return was;
}

bool flush_delayed_work(struct delayed_work* work)
{
    Kernel& k = kernel::kernel();
    if (timer_delete_sync(&work->timer))
        work_insert(k, *of(work->wq), &work->work, static_cast<unsigned>(work->cpu));
    return flush_work(&work->work);
}

bool cancel_delayed_work(struct delayed_work* work) { return take_back(kernel::kernel(), work); }

bool cancel_delayed_work_sync(struct delayed_work* work)
{
    Kernel& k = kernel::kernel();
    const bool was = take_back(k, work);
    wait_not_running(k, &work->work);
    return was;
}

// A disabled work counts as pending for ever, so that nobody can queue it. [LX core-api/workqueue],
// since 6.10
bool disable_work(struct work_struct* work)
{
    const bool was = work_remove(kernel::kernel(), work);
    work->data.counter |= 1;
    return was;
}

bool disable_work_sync(struct work_struct* work)
{
    const bool was = disable_work(work);
    wait_not_running(kernel::kernel(), work);
    return was;
}

bool enable_work(struct work_struct* work)
{
    const bool was_disabled = (work->data.counter & 1) != 0 && !work->__lab;
    if (was_disabled)
        work->data.counter &= ~s64{1};
    return was_disabled;
}

int schedule_on_each_cpu(work_func_t func)
{
    Kernel& k = kernel::kernel();
    auto* works = static_cast<work_struct*>(k.arena.take(k.cpu_count * sizeof(work_struct)));
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu) {
        works[cpu].func = func;
        if (k.cpus[cpu].online && claim(&works[cpu]))
            work_insert(k, *k.work->system, &works[cpu], cpu);
    }
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        flush(k, &works[cpu]);
    return 0;
}

unsigned int work_busy(struct work_struct* work)
{
    const bool pending = (work->data.counter & 1) != 0;
    const bool running = work_runner(kernel::kernel(), work) != nullptr;
    return (pending ? unsigned{WORK_BUSY_PENDING} : 0u) | (running ? unsigned{WORK_BUSY_RUNNING} : 0u);
}

struct work_struct* current_work(void)
{
    const Task& me = current_task();
    const bool worker = (me.linux.flags & PF_WQ_WORKER) != 0;
    const WorkItem* item = worker ? static_cast<const Worker*>(me.argument)->current : nullptr;
    return item ? item->work : nullptr;
}

void workqueue_set_max_active(struct workqueue_struct* wq, int max_active)
{
    of(wq)->max_active = std::clamp<int>(max_active, 1, WQ_MAX_ACTIVE);
}

} // namespace irqlab::abi

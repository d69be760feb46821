// Workqueues: making and ending them, and queueing works, now or later.
#include <algorithm>

#include "kernel/entry/oops.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/work/wait.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

Workqueue* make(Kernel& k, unsigned flags, int max_active)
{
    auto* wq = k.arena.make<Workqueue>();
    if ((flags & abi::WQ_POWER_EFFICIENT) != 0 && k.work->power_efficient)
        flags |= abi::WQ_UNBOUND;
    wq->flags = flags;
    wq->max_active = max_active != 0 ? max_active : int{abi::WQ_DFL_ACTIVE};
    wq->pwq = static_cast<PoolWorkqueue**>(k.arena.take(k.cpu_count * sizeof(PoolWorkqueue*)));
    list_init(&wq->items);
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

int clamped(int max_active, const char* name)
{
    const int most = abi::WQ_MAX_ACTIVE;
    if (max_active < 1 || max_active > most)
        abi::_printk(
            "\0014workqueue: max_active %d requested for %s is out of range, clamping between %d and %d\n",
            max_active, name, 1, most);
    return std::clamp(max_active, 1, most);
}

void forget(Kernel& k, const Workqueue* wq)
{
    for (Workqueue** at = &k.work->all; *at; at = &(*at)->next)
        if (*at == wq) {
            *at = (*at)->next;
            break;
        }
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (PoolWorkqueue* gone = wq->pwq[i])
            for (PoolWorkqueue** at = &gone->pool->pwqs; *at; at = &(*at)->next)
                if (*at == gone) {
                    *at = gone->next;
                    break;
                }
}

/// While a queue drains, only its own works may queue more.
bool may_queue(Kernel& k, const Workqueue& wq)
{
    if (wq.drainers == 0)
        return true;
    const Worker* w = current_worker(k);
    if (w && w->current && w->current->pwq->wq == &wq)
        return true;
    kernel_warn("kernel/workqueue.c", 1446, "__queue_work", nullptr);
    return false;
}

void queue(Kernel& k, Workqueue& wq, abi::work_struct* work, unsigned cpu)
{
    if (may_queue(k, wq)) // else the work stays pending for ever, as on Linux
        work_insert(k, wq, work, cpu);
}

void start(Kernel& k, unsigned cpu, Workqueue& wq, abi::delayed_work* work, unsigned long delay)
{
    work->wq = reinterpret_cast<abi::workqueue_struct*>(&wq);
    work->cpu = static_cast<int>(cpu);
    if (delay == 0)
        return queue(k, wq, &work->work, cpu);
    work->timer.expires = jiffies(k) + delay;
    if (cpu < k.cpu_count)
        abi::add_timer_on(&work->timer, static_cast<int>(cpu));
    else
        abi::add_timer(&work->timer);
}

void rcu_work_due(abi::rcu_head* head)
{
    auto* work =
        reinterpret_cast<abi::rcu_work*>(reinterpret_cast<char*>(head) - offsetof(abi::rcu_work, rcu));
    queue(kernel(), *wq_of(work->wq), &work->work, abi::WORK_CPU_UNBOUND);
}

} // namespace

bool work_claim(abi::work_struct* work)
{
    if ((work->data.counter & (work_data::pending | work_data::disable_mask)) != 0)
        return false;
    work->data.counter |= work_data::pending;
    return true;
}

void work_init(Kernel& k)
{
    Workqueues& w = *k.arena.make<Workqueues>();
    k.work = &w;
    list_init(&w.done.head);
    w.power_efficient = cmdline_value(k.config.cmdline, "workqueue.power_efficient") == "1" ||
                        cmdline_value(k.config.cmdline, "workqueue.power_efficient") == "Y";
    pools_init(k);
    w.system = make_system(k, "events", 0);
    w.system_high = make_system(k, "events_highpri", abi::WQ_HIGHPRI);
    w.system_long = make_system(k, "events_long", 0);
    w.system_unbound = make_system(k, "events_unbound", abi::WQ_UNBOUND);
    w.system_freezable = make_system(k, "events_freezable", abi::WQ_FREEZABLE);
    w.system_power = make_system(k, "events_power_efficient", abi::WQ_POWER_EFFICIENT);
    w.system_freezable_power =
        make_system(k, "events_freezable_power_efficient", abi::WQ_FREEZABLE | abi::WQ_POWER_EFFICIENT);
    w.system_bh = make_system(k, "events_bh", abi::WQ_BH);
    w.system_bh_high = make_system(k, "events_bh_highpri", abi::WQ_BH | abi::WQ_HIGHPRI);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

struct workqueue_struct* alloc_workqueue(const char* format, unsigned int flags, int max_active, ...)
{
    Kernel& k = kernel::kernel();
    Workqueue* wq = make(k, flags, 0);
    va_list args;
    va_start(args, max_active);
    vformat_text(wq->name, sizeof wq->name, format, args);
    va_end(args);
    if (max_active != 0)
        wq->max_active = clamped(max_active, wq->name);
    if ((flags & __WQ_ORDERED) != 0)
        wq->max_active = 1;
    if ((flags & WQ_MEM_RECLAIM) != 0 && rescuer_make(k, *wq) != 0) {
        forget(k, wq);
        return nullptr;
    }
    return reinterpret_cast<workqueue_struct*>(wq);
}

void destroy_workqueue(struct workqueue_struct* wq)
{
    Kernel& k = kernel::kernel();
    Workqueue& queue = *wq_of(wq);
    drain_workqueue(wq);
    rescuer_stop(queue);
    if (queue.rescuer)
        work_wait_while(k, "kthread_stop", [&] { return !queue.rescuer->gone; });
    forget(k, &queue);
}

void workqueue_set_max_active(struct workqueue_struct* wq, int max_active)
{
    Kernel& k = kernel::kernel();
    Workqueue& queue = *wq_of(wq);
    if ((queue.flags & __WQ_ORDERED_EXPLICIT) != 0) {
        kernel_warn("kernel/workqueue.c", 4499, "workqueue_set_max_active", nullptr);
        return;
    }
    queue.max_active = clamped(max_active, queue.name);
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (queue.pwq[i])
            work_activate(k, *queue.pwq[i]);
}

bool workqueue_congested(int cpu, struct workqueue_struct* wq)
{
    Kernel& k = kernel::kernel();
    const auto on = static_cast<unsigned>(cpu) < k.cpu_count ? static_cast<unsigned>(cpu) : k.this_cpu->index;
    return !list_empty(&pwq_on(k, *wq_of(wq), on)->waiting);
}

bool queue_work_on(int cpu, struct workqueue_struct* wq, struct work_struct* work)
{
    if (!work_claim(work))
        return false;
    queue(kernel::kernel(), *wq_of(wq), work, static_cast<unsigned>(cpu));
    return true;
}

bool queue_work_node(int, struct workqueue_struct* wq, struct work_struct* work)
{
    return queue_work_on(WORK_CPU_UNBOUND, wq, work); // there is one node
}

bool queue_rcu_work(struct workqueue_struct* wq, struct rcu_work* work)
{
    if (!work_claim(&work->work))
        return false;
    work->wq = wq;
    call_rcu(&work->rcu, rcu_work_due);
    return true;
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct* wq, struct delayed_work* work,
                           unsigned long delay)
{
    if (!work_claim(&work->work))
        return false;
    start(kernel::kernel(), static_cast<unsigned>(cpu), *wq_of(wq), work, delay);
    return true;
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct* wq, struct delayed_work* work, unsigned long delay)
{
    Kernel& k = kernel::kernel();
    const Grabbed was = work_grab(k, &work->work, &work->timer);
    if (was == Grabbed::no)
        return true; // -ENOENT, which Linux gives back as true
    if ((work->work.data.counter & work_data::disable_mask) != 0)
        work->work.data.counter &= ~work_data::pending;
    else
        start(k, static_cast<unsigned>(cpu), *wq_of(wq), work, delay);
    return was == Grabbed::was_pending;
}

void delayed_work_timer_fn(struct timer_list* timer)
{
    auto* work =
        reinterpret_cast<delayed_work*>(reinterpret_cast<char*>(timer) - offsetof(delayed_work, timer));
    queue(kernel::kernel(), *wq_of(work->wq), &work->work, static_cast<unsigned>(work->cpu));
}

int schedule_on_each_cpu(work_func_t func)
{
    Kernel& k = kernel::kernel();
    auto* works = static_cast<work_struct*>(k.arena.take(k.cpu_count * sizeof(work_struct)));
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu) {
        works[cpu].func = func;
        if (k.cpus[cpu].online && work_claim(&works[cpu]))
            work_insert(k, *k.work->system, &works[cpu], cpu);
    }
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        flush_work(&works[cpu]);
    k.arena.give_back(works, k.cpu_count * sizeof(work_struct));
    return 0;
}

unsigned int work_busy(struct work_struct* work)
{
    const bool pending = (work->data.counter & work_data::pending) != 0;
    const bool running = work_runner(kernel::kernel(), work) != nullptr;
    return (pending ? unsigned{WORK_BUSY_PENDING} : 0u) | (running ? unsigned{WORK_BUSY_RUNNING} : 0u);
}

struct work_struct* current_work(void)
{
    const Worker* worker = current_worker(kernel::kernel());
    return worker && worker->current ? worker->current->work : nullptr;
}

} // namespace irqlab::abi

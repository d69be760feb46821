// Timers on the tick. When and in which order they run is that of Linux's timer wheel (wheel.cpp). [LX
// timers/timers-howto]
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/trace.hpp"

namespace irqlab::kernel {

namespace {

WheelNode* node_of(Kernel& k, const abi::timer_list* timer)
{
    auto* node = static_cast<WheelNode*>(timer->__lab);
    return timer->entry.pprev && node && k.arena.contains(node) && node->timer == timer ? node : nullptr;
}

/// Takes the node out of its CPU's wheel.
void unlink(Kernel& k, WheelNode* node)
{
    wheel_remove(node);
    node->timer->entry.pprev = nullptr;
    node->timer->__lab = nullptr;
    node->timer = nullptr;
    node->next = k.time->free_wheel;
    k.time->free_wheel = node;
}

void trace_start(Kernel& k, const WheelNode& node, const abi::timer_list& timer, unsigned long expires)
{
    const unsigned flags = (timer.flags & ~static_cast<unsigned>(TIMER_CPUMASK)) | node.home->cpu;
    trace(k, TraceEvent::timer_start,
          {trace_address(&timer), trace_address(timer.function), expires, expires - k.time->jiffies, node.bucket,
           flags});
}

void link(Kernel& k, CpuTimers& home, abi::timer_list* timer, unsigned long expires)
{
    WheelNode* node = k.time->free_wheel;
    if (node)
        k.time->free_wheel = node->next;
    else
        node = k.arena.make<WheelNode>();
    node->timer = timer;
    wheel_add(k, home, node, expires);
    trace_start(k, *node, *timer, expires);
    timer->expires = expires;
    timer->__lab = node;
    timer->entry.next = nullptr;
    timer->entry.pprev = &timer->entry.next; // pending, as drivers look at it
    timer->flags = (timer->flags & ~static_cast<unsigned>(TIMER_CPUMASK)) | home.cpu;
    tick_consider(k, home);
}

bool disarm(Kernel& k, abi::timer_list* timer)
{
    WheelNode* node = node_of(k, timer);
    if (!node)
        return false;
    unlink(k, node);
    trace(k, TraceEvent::timer_cancel, {trace_address(timer)});
    return true;
}

/// A timer runs where it was armed.
CpuTimers* running_on(Kernel& k, const abi::timer_list* timer)
{
    const unsigned cpu = timer->flags & static_cast<unsigned>(TIMER_CPUMASK);
    return cpu < k.cpu_count && k.time->cpus[cpu]->running_timer == timer ? k.time->cpus[cpu] : nullptr;
}

void run(Kernel& k, CpuTimers& t, abi::timer_list* timer)
{
    const unsigned count = k.this_cpu->preempt_count;
    const bool irqsafe = (timer->flags & TIMER_IRQSAFE) != 0;
    void (*function)(abi::timer_list*) = timer->function;
    t.running_timer = timer;
    const unsigned long flags = irqsafe ? abi::__lab_irq_save() : 0;
    trace(k, TraceEvent::timer_expire_entry,
          {trace_address(timer), trace_address(function), k.time->jiffies, t.clk - 1});
    function(timer);
    trace(k, TraceEvent::timer_expire_exit, {trace_address(timer)});
    if (irqsafe)
        abi::__lab_irq_restore(flags);
    t.running_timer = nullptr;
    if (count != k.this_cpu->preempt_count) {
        abi::__lab_warn("kernel/time/timer.c", 1481, "call_timer_fn",
                        "timer: %pS preempt leak: %08x -> %08x\n", reinterpret_cast<void*>(function), count,
                        k.this_cpu->preempt_count);
        k.this_cpu->preempt_count = count;
    }
}

int modify(abi::timer_list* timer, unsigned long expires, bool only_pending)
{
    Kernel& k = kernel();
    const WheelNode* node = node_of(k, timer);
    const bool pending = node != nullptr;
    if (!timer->function) { // before 6.2 a bug, since then a timer that was shut down
        if (k.config.release < Release::v6_6)
            abi::__lab_bug("kernel/time/timer.c", 1001, "__mod_timer");
        return 0;
    }
    if (pending && timer->expires == expires)
        return 1;
    if (!pending && only_pending)
        return 0;
    // Into the same bucket: it keeps its place there.
    if (pending && node->bucket != Wheel::none &&
        wheel_index(*node->home, jiffies(k), expires) == node->bucket) {
        timer->expires = expires;
        return 1;
    }
    disarm(k, timer);
    // While it runs on another CPU it stays there, so that it never runs twice at a time.
    CpuTimers* busy = running_on(k, timer);
    link(k, busy ? *busy : timers_here(k), timer, expires);
    step_if_due(k);
    return pending;
}

int wait_gone(abi::timer_list* timer)
{
    Kernel& k = kernel();
    for (;;) {
        const int result = abi::try_to_del_timer_sync(timer);
        if (result >= 0)
            return result;
        if (running_on(k, timer) == &timers_here(k) || !sched_relax(k))
            soft_lockup();
    }
}

} // namespace

void run_timer_softirq(Kernel& k)
{
    CpuTimers& t = timers_here(k);
    const unsigned long until = jiffies(k);
    while (t.wheel && (t.wheel->expired || t.wheel_due(until))) {
        if (!t.wheel->expired)
            wheel_expire(t);
        while (WheelNode* node = t.wheel->expired) {
            abi::timer_list* timer = node->timer;
            unlink(k, node);
            trace(k, TraceEvent::timer_cancel, {trace_address(timer)});
            run(k, t, timer);
            step_if_due(k);
        }
    }
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void init_timer_key(struct timer_list* timer, void (*function)(struct timer_list*), unsigned int flags,
                    const char*, struct lock_class_key*)
{
    *timer = {};
    timer->function = function;
    timer->flags = flags | static_cast<unsigned>(__lab_smp_processor_id());
    trace(kernel::kernel(), TraceEvent::timer_init, {trace_address(timer)});
}

void init_timer_on_stack_key(struct timer_list* timer, void (*function)(struct timer_list*),
                             unsigned int flags, const char* name, struct lock_class_key* key)
{
    init_timer_key(timer, function, flags, name, key);
}

void destroy_timer_on_stack(struct timer_list*) {}

void add_timer(struct timer_list* timer)
{
    if (node_of(kernel::kernel(), timer))
        __lab_bug("kernel/time/timer.c", 1170, "add_timer");
    modify(timer, timer->expires, false);
}

void add_timer_on(struct timer_list* timer, int cpu)
{
    Kernel& k = kernel::kernel();
    if (node_of(k, timer) || !timer->function)
        __lab_bug("kernel/time/timer.c", 1186, "add_timer_on");
    if (static_cast<unsigned>(cpu) < k.cpu_count)
        link(k, *k.time->cpus[cpu], timer, timer->expires);
}

int mod_timer(struct timer_list* timer, unsigned long expires) { return modify(timer, expires, false); }
int mod_timer_pending(struct timer_list* timer, unsigned long expires)
{
    return modify(timer, expires, true);
}

int timer_reduce(struct timer_list* timer, unsigned long expires)
{
    if (node_of(kernel::kernel(), timer) && static_cast<long>(expires - timer->expires) >= 0)
        return 1;
    return modify(timer, expires, false);
}

int __lab_timer_delete(struct timer_list* timer) { return disarm(kernel::kernel(), timer); }
int del_timer(struct timer_list* timer) { return __lab_timer_delete(timer); }

int try_to_del_timer_sync(struct timer_list* timer)
{
    Kernel& k = kernel::kernel();
    return running_on(k, timer) ? -1 : disarm(k, timer);
}

int timer_delete_sync(struct timer_list* timer)
{
    if (this_cpu().in_hardirq() && (timer->flags & TIMER_IRQSAFE) == 0)
        __lab_warn("kernel/time/timer.c", 1390, "del_timer_sync", nullptr);
    return wait_gone(timer);
}
int del_timer_sync(struct timer_list* timer) { return timer_delete_sync(timer); }

int timer_shutdown(struct timer_list* timer)
{
    const int pending = __lab_timer_delete(timer);
    timer->function = nullptr;
    return pending;
}

int timer_shutdown_sync(struct timer_list* timer)
{
    const int pending = wait_gone(timer);
    timer->function = nullptr;
    return pending;
}

} // namespace irqlab::abi

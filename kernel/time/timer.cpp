// Timers on the tick. When and in which order they run is that of Linux's timer wheel. [LX
// timers/timers-howto]
//
// The wheel has 9 levels of 64 buckets, each level 8 times as coarse as the one before; a timer goes into the
// bucket after the one of its expiry, so that it is never early. Within a bucket the youngest runs first, and
// coarser levels run before finer ones. Here that order is a sorted list.
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/trace.hpp"

namespace irqlab::kernel {

namespace {

constexpr unsigned levels = 9, level_bits = 3, buckets = 64;

WheelNode* node_of(Kernel& k, const abi::timer_list* timer)
{
    auto* node = static_cast<WheelNode*>(timer->__lab);
    return timer->entry.pprev && node && k.arena.contains(node) && node->timer == timer ? node : nullptr;
}

/// Takes the node out of its CPU's list.
void unlink(Kernel& k, WheelNode* node)
{
    for (WheelNode** at = &node->home->wheel; *at; at = &(*at)->next)
        if (*at == node) {
            *at = node->next;
            break;
        }
    node->timer->entry.pprev = nullptr;
    node->timer->__lab = nullptr;
    node->timer = nullptr;
    node->next = k.time->free_wheel;
    k.time->free_wheel = node;
}

bool before(const WheelNode& a, const WheelNode& fresh)
{
    return a.bucket != fresh.bucket ? static_cast<long>(a.bucket - fresh.bucket) < 0 : a.level > fresh.level;
}

/// Puts a node where it belongs in the order in which its CPU's timers run.
void insert(CpuTimers& home, WheelNode* node)
{
    node->home = &home;
    WheelNode** at = &home.wheel;
    while (*at && before(**at, *node))
        at = &(*at)->next;
    node->next = *at;
    *at = node;
}

void trace_start(Kernel& k, const CpuTimers& home, const WheelNode& node, const abi::timer_list& timer,
                 unsigned long expires)
{
    const unsigned long index = node.level * buckets + ((node.bucket >> (node.level * level_bits)) & (buckets - 1));
    const unsigned flags = (timer.flags & ~static_cast<unsigned>(TIMER_CPUMASK)) | home.cpu;
    trace(k, TraceEvent::timer_start,
          {trace_address(&timer), trace_address(timer.function), expires, expires - k.time->jiffies, index, flags});
}

void link(Kernel& k, CpuTimers& home, abi::timer_list* timer, unsigned long expires)
{
    WheelNode* node = k.time->free_wheel;
    if (node)
        k.time->free_wheel = node->next;
    else
        node = k.arena.make<WheelNode>();
    if (static_cast<long>(jiffies(k) - home.clk) > 0)
        home.clk = k.time->jiffies;
    node->timer = timer;
    node->bucket = wheel_bucket(expires, home.clk, node->level);
    insert(home, node);
    trace_start(k, home, *node, *timer, expires);
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

CpuTimers* running_on(Kernel& k, const abi::timer_list* timer)
{
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (k.time->cpus[i]->running_timer == timer)
            return k.time->cpus[i];
    return nullptr;
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
    const bool pending = node_of(k, timer) != nullptr;
    if (!timer->function) { // before 6.2 a bug, since then a timer that was shut down
        if (k.config.release < Release::v6_6)
            abi::__lab_bug("kernel/time/timer.c", 1001, "__mod_timer");
        return 0;
    }
    if (pending && timer->expires == expires)
        return 1;
    if (!pending && only_pending)
        return 0;
    disarm(k, timer);
    link(k, timers_here(k), timer, expires);
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

unsigned long wheel_bucket(unsigned long expires, unsigned long clk, unsigned& level)
{
    const auto delta = static_cast<long>(expires - clk);
    level = 0;
    if (delta < 0)
        return clk;
    while (level + 1 < levels && static_cast<unsigned long>(delta) >= (buckets - 1ul) << (level * level_bits))
        ++level;
    const unsigned shift = level * level_bits;
    return ((expires >> shift) + 1) << shift;
}

void move_wheel(CpuTimers& from, CpuTimers& to)
{
    // Backwards: of those in one bucket the first goes in last, and so runs first again.
    WheelNode* reversed = nullptr;
    while (WheelNode* node = from.wheel) {
        from.wheel = node->next;
        node->next = reversed;
        reversed = node;
    }
    while (WheelNode* node = reversed) {
        reversed = node->next;
        insert(to, node);
        node->timer->flags = (node->timer->flags & ~static_cast<unsigned>(TIMER_CPUMASK)) | to.cpu;
    }
}

void run_timer_softirq(Kernel& k)
{
    CpuTimers& t = timers_here(k);
    const unsigned long until = jiffies(k);
    while (t.wheel && static_cast<long>(until - t.wheel->bucket) >= 0) {
        const unsigned long bucket = t.wheel->bucket;
        t.clk = bucket + 1;
        while (t.wheel && static_cast<long>(bucket - t.wheel->bucket) >= 0) {
            abi::timer_list* timer = t.wheel->timer;
            unlink(k, t.wheel);
            trace(k, TraceEvent::timer_cancel, {trace_address(timer)});
            run(k, t, timer);
            step_if_due(k);
        }
    }
    t.clk = until + 1;
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

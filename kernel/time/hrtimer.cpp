// High-resolution timers: ordered by expiry on each CPU, run in its timer interrupt (or the HRTIMER softirq).
// [LX timers/hrtimers]
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/trace.hpp"

namespace irqlab::kernel {

namespace {

constexpr i64 callback_ns = 50; // what the call itself takes

/// The node of an armed timer; null when it is not armed or its memory was overwritten.
HrNode* node_of(Kernel& k, const abi::hrtimer* timer)
{
    auto* node = static_cast<HrNode*>(timer->__lab);
    return node && k.arena.contains(node) && node->timer == timer && node->timed.queued() ? node : nullptr;
}

HrNode* take_node(Kernel& k)
{
    HrNode* node = k.time->free_nodes;
    if (!node)
        return k.arena.make<HrNode>();
    k.time->free_nodes = node->next_free;
    *node = {};
    return node;
}

void give_node(Kernel& k, HrNode* node)
{
    node->timer = nullptr;
    node->next_free = k.time->free_nodes;
    k.time->free_nodes = node;
}

bool disarm(Kernel& k, abi::hrtimer* timer)
{
    HrNode* node = node_of(k, timer);
    timer->state = 0;
    if (!node)
        return false;
    CpuTimers& home = *node->home;
    (node->soft ? home.soft : home.hard).remove(node->timed);
    give_node(k, node);
    timer->__lab = nullptr;
    trace(k, TraceEvent::hrtimer_cancel, {trace_address(timer)});
    program_timer(k, home);
    return true;
}

/// @param mode  Linux's, in its low three bits.
void arm(Kernel& k, abi::hrtimer* timer, unsigned mode)
{
    trace(k, TraceEvent::hrtimer_start,
          {trace_address(timer), trace_address(timer->function), static_cast<u64>(timer->node.expires),
           static_cast<u64>(timer->_softexpires), mode, 0});
    HrNode* node = take_node(k);
    node->timer = timer;
    node->home = &timers_here(k);
    node->soft = timer->is_soft != 0;
    timer->__lab = node;
    timer->state = 1;
    const i64 deadline = timer->node.expires - timer->base->offset;
    (node->soft ? node->home->soft : node->home->hard)
        .add(node->timed, deadline > 0 ? static_cast<u64>(deadline) : 0);
}

bool runs_here(Kernel& k, const abi::hrtimer* timer) { return timers_here(k).running_hrtimer == timer; }

bool runs(Kernel& k, const abi::hrtimer* timer)
{
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (k.time->cpus[i]->running_hrtimer == timer)
            return true;
    return false;
}

} // namespace

void timers_forget_running(Kernel& k)
{
    CpuTimers& t = timers_here(k);
    t.running_hrtimer = nullptr;
    t.running_timer = nullptr;
}

void run_hrtimers(Kernel& k, CpuTimers& t, sim::EventQueue& queue, u64 now)
{
    while (sim::Timed* e = queue.take_due(now)) {
        abi::hrtimer* timer = reinterpret_cast<HrNode*>(e)->timer;
        give_node(k, reinterpret_cast<HrNode*>(e));
        timer->__lab = nullptr;
        timer->state = 0;
        t.running_hrtimer = timer;
        program_timer(k, t); // before the callback: it may never come back
        access_budget.left -= callback_ns;
        trace(k, TraceEvent::hrtimer_expire_entry,
              {trace_address(timer), trace_address(timer->function), now + static_cast<u64>(timer->base->offset)});
        const abi::hrtimer_restart restart = timer->function(timer);
        trace(k, TraceEvent::hrtimer_expire_exit, {trace_address(timer)});
        t.running_hrtimer = nullptr;
        if (restart == abi::HRTIMER_RESTART && timer->state == 0)
            arm(k, timer, abi::HRTIMER_MODE_ABS);
        step_if_due(k);
        now = now_ns(*k.this_cpu);
    }
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void hrtimer_init(struct hrtimer* timer, clockid_t clock, enum hrtimer_mode mode)
{
    Timekeeping& t = *kernel::kernel().time;
    *timer = {};
    timer->base = &t.bases[clock == 0 ? 1 : clock == 7 ? 2 : clock == 11 ? 3 : 0];
    timer->is_soft = (mode & HRTIMER_MODE_SOFT) != 0;
    timer->is_hard = !timer->is_soft;
    trace(kernel::kernel(), TraceEvent::hrtimer_init,
          {trace_address(timer), static_cast<irqlab::u64>(clock), static_cast<irqlab::u64>(mode)});
}

void hrtimer_setup(struct hrtimer* timer, enum hrtimer_restart (*function)(struct hrtimer*), clockid_t clock,
                   enum hrtimer_mode mode)
{
    hrtimer_init(timer, clock, mode);
    timer->function = function;
}

void hrtimer_start_range_ns(struct hrtimer* timer, ktime_t time, u64 delta_ns, const enum hrtimer_mode mode)
{
    Kernel& k = kernel::kernel();
    disarm(k, timer);
    if ((mode & HRTIMER_MODE_REL) != 0)
        time += timer->base->get_time();
    timer->is_rel = (mode & HRTIMER_MODE_REL) != 0;
    timer->_softexpires = time;
    timer->node.expires = time + static_cast<ktime_t>(delta_ns);
    arm(k, timer, mode);
    program_timer(k, timers_here(k));
    step_if_due(k);
}

int hrtimer_try_to_cancel(struct hrtimer* timer)
{
    Kernel& k = kernel::kernel();
    if (runs(k, timer))
        return -1;
    return disarm(k, timer);
}

// From its own callback it would wait for itself.
int hrtimer_cancel(struct hrtimer* timer)
{
    Kernel& k = kernel::kernel();
    for (;;) {
        const int result = hrtimer_try_to_cancel(timer);
        if (result >= 0)
            return result;
        if (runs_here(k, timer) || !sched_relax(k))
            soft_lockup();
    }
}

u64 hrtimer_forward(struct hrtimer* timer, ktime_t now, ktime_t interval)
{
    const ktime_t delta = now - timer->node.expires;
    if (delta < 0)
        return 0;
    if ((timer->state & 1) != 0) {
        __lab_warn("kernel/time/hrtimer.c", 1057, "hrtimer_forward", nullptr);
        return 0;
    }
    if (interval < 1)
        interval = 1;
    const ktime_t overruns = delta / interval + 1;
    timer->node.expires += overruns * interval;
    timer->_softexpires += overruns * interval;
    return static_cast<u64>(overruns);
}

bool hrtimer_active(const struct hrtimer* timer)
{
    return timer->state != 0 || runs(kernel::kernel(), timer);
}

ktime_t __hrtimer_get_remaining(const struct hrtimer* timer, bool)
{
    return timer->node.expires - timer->base->get_time();
}

int __lab_hrtimer_callback_running(struct hrtimer* timer) { return runs(kernel::kernel(), timer); }

} // namespace irqlab::abi

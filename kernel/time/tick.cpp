// The tick and the local timer interrupt.
#include "kernel/bh/bh.hpp"
#include "kernel/irq/apic.hpp"
#include "kernel/irq/work.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/work/work.hpp"

namespace irqlab::kernel {

namespace {

constexpr unsigned divisor_ns = 16; // of the local APIC timer, on a bus of 1 GHz
constexpr u64 longest_ns = u64{0x7fffffff} * divisor_ns;

u64 next_edge(u64 now) { return (now / tick_ns + 1) * tick_ns; }

/// When an idle CPU's tick must come: for the wheel, or at once for RCU and for pools without a worker.
u64 idle_tick_ns(Kernel& k, const CpuTimers& t, u64 now)
{
    if (rcu_pending(k) || work_needs_tick(k) || (t.wheel && t.wheel->expired))
        return next_edge(now);
    return t.wheel && t.wheel->any ? std::max(jiffy_ns(t.wheel->next), next_edge(now)) : sim::never_ns;
}

void tick(Kernel& k, CpuTimers& t)
{
    PerCpu& cpu = *k.this_cpu;
    if (t.wheel_due(k.time->jiffies) || (t.wheel && t.wheel->expired)) // the latter: an Oops left them
        raise_softirq(k, abi::TIMER_SOFTIRQ);
    rcu_tick(k);
    work_tick(k);
    irq_work_tick(k);
    if (cpu.queue.head)
        cpu.need_resched = true;
}

void wake_tasks(Kernel& k, CpuTimers& t, u64 now)
{
    while (sim::Timed* e = t.tasks.take_due(now)) {
        auto* task = reinterpret_cast<Task*>(reinterpret_cast<char*>(e) - k.time->task_timer_offset);
        task->linux.__lab = nullptr;
        wake_up(*task, task_interruptible | task_uninterruptible | task_wakekill);
    }
}

/// The time of the interrupt. Another CPU may have brought the machine further than this one is: then this
/// one was late to see it.
u64 interrupt_time(Kernel& k)
{
    const u64 now = now_ns(*k.this_cpu);
    if (k.machine.now_ns > now && k.irq && k.irq->use_lapic)
        k.this_cpu->clock_ns += k.machine.now_ns - now;
    return now_ns(*k.this_cpu);
}

} // namespace

u64 jiffy_ns(unsigned long j) { return (j - initial_jiffies) * tick_ns; }

unsigned long jiffies(Kernel& k)
{
    update_jiffies(k);
    return k.time->jiffies;
}

CpuTimers& timers_here(Kernel& k) { return *k.time->cpus[k.this_cpu->index]; }

void update_jiffies(Kernel& k)
{
    const unsigned long j = initial_jiffies + now_ns(*k.this_cpu) / tick_ns;
    if (j > k.time->jiffies)
        k.time->jiffies = j;
}

void program_timer(Kernel& k, CpuTimers& t)
{
    u64 next = std::min(t.next_tick_ns, std::min(t.hard.next_ns(), t.soft.next_ns()));
    next = std::min(next, t.tasks.next_ns());
    if (!k.irq || !k.irq->use_lapic || next == t.programmed_ns)
        return;
    t.programmed_ns = next;
    u32 count = 0; // stopped
    if (next != sim::never_ns) {
        const u64 left = next > k.machine.now_ns ? std::min(next - k.machine.now_ns, longest_ns) : 1;
        count = static_cast<u32>((left + divisor_ns - 1) / divisor_ns);
    }
    lapic_write(k, t.cpu, hw::lapic_timer_initial, count);
    if (next < now_ns(*k.this_cpu) + static_cast<u64>(std::max(access_budget.left, i64{0})))
        access_budget = {-1, -1 + static_cast<i64>(budget_used_ns())}; // asked again before it is due
}

void tick_consider(Kernel& k, CpuTimers& t)
{
    if (t.wheel && t.wheel->any)
        t.next_tick_ns =
            std::min(t.next_tick_ns, std::max(jiffy_ns(t.wheel->next), next_edge(now_ns(*k.this_cpu))));
    program_timer(k, t);
}

void tick_needed(Kernel& k)
{
    if (!k.time)
        return;
    CpuTimers& t = timers_here(k);
    t.next_tick_ns = std::min(t.next_tick_ns, next_edge(now_ns(*k.this_cpu)));
    program_timer(k, t);
}

void local_timer_interrupt(Kernel& k)
{
    CpuTimers& t = timers_here(k);
    const u64 now = interrupt_time(k);
    t.programmed_ns = sim::never_ns;
    update_jiffies(k);
    run_hrtimers(k, t, t.hard, now);
    if (t.soft.next_ns() <= now)
        raise_softirq(k, abi::HRTIMER_SOFTIRQ);
    if (t.next_tick_ns <= now) {
        tick(k, t);
        const bool idle = k.this_cpu->current == k.this_cpu->idle;
        t.next_tick_ns = idle ? idle_tick_ns(k, t, now) : next_edge(now);
    }
    wake_tasks(k, t, now);
    program_timer(k, t);
}

void tick_nohz_stop(Kernel& k, PerCpu& cpu)
{
    if (!k.time)
        return;
    CpuTimers& t = *k.time->cpus[cpu.index];
    t.next_tick_ns = idle_tick_ns(k, t, now_ns(cpu));
    program_timer(k, t);
}

void tick_nohz_start(Kernel& k, PerCpu& cpu)
{
    if (!k.time)
        return;
    update_jiffies(k);
    CpuTimers& t = *k.time->cpus[cpu.index];
    t.next_tick_ns = next_edge(now_ns(cpu));
    program_timer(k, t);
}

void timers_leave(Kernel& k, unsigned cpu)
{
    CpuTimers& from = *k.time->cpus[cpu];
    CpuTimers& to = *k.time->cpus[0];
    for (auto queue : {&CpuTimers::hard, &CpuTimers::soft})
        while (sim::Timed* e = (from.*queue).take_due(sim::never_ns)) {
            reinterpret_cast<HrNode*>(e)->home = &to;
            (to.*queue).add(*e, e->deadline_ns);
        }
    while (sim::Timed* e = from.tasks.take_due(sim::never_ns)) {
        auto* task = reinterpret_cast<Task*>(reinterpret_cast<char*>(e) - k.time->task_timer_offset);
        task->linux.__lab = &to;
        to.tasks.add(*e, e->deadline_ns);
    }
    move_wheel(k, from, to);
    from.next_tick_ns = sim::never_ns;
    program_timer(k, from);
    tick_consider(k, to);
}

void arm_task_timer(Task& task, u64 deadline_ns)
{
    Kernel& k = kernel();
    disarm_task_timer(task);
    CpuTimers& t = timers_here(k);
    k.time->task_timer_offset = reinterpret_cast<char*>(&task.timer) - reinterpret_cast<char*>(&task);
    task.linux.__lab = &t;
    t.tasks.add(task.timer, deadline_ns);
    program_timer(k, t);
}

void disarm_task_timer(Task& task)
{
    auto* t = static_cast<CpuTimers*>(task.linux.__lab);
    if (!t)
        return;
    task.linux.__lab = nullptr;
    t->tasks.remove(task.timer);
    program_timer(kernel(), *t);
}

} // namespace irqlab::kernel

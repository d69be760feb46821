// Tasks giving way to each other on one CPU: run queue, schedule, wake-ups, system call brackets.
#include "kernel/sched/sched.hpp"

#include <csignal>
#include <cstring>
#include <utility>

#include "hw/base/check.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/entry/report.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/thread.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/state.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/tick.hpp"
#include "kernel/trace/trace.hpp"
#include "kernel/vfs/vfs.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

Task& current_task() { return *this_cpu().current; }

void enqueue(Kernel& k, Task& task, bool first)
{
    if (task.queued)
        return;
    settle(k, task);
    task.queued = true;
    RunQueue& q = task.cpu->queue;
    if (first) {
        task.queue_next = q.head;
        q.head = &task;
        if (!q.tail)
            q.tail = &task;
        return;
    }
    task.queue_next = nullptr;
    (q.tail ? q.tail->queue_next : q.head) = &task;
    q.tail = &task;
}

namespace {

constexpr i64 schedule_ns = 1'000; // one pass through schedule(): who calls it until something happens gets there
constexpr i64 syscall_ns = 2'000; // entry, the call's own work and exit, on the whole

Task* take_next(PerCpu& cpu)
{
    RunQueue& q = cpu.queue;
    Task* t = q.head;
    if (!t)
        return cpu.idle;
    q.head = t->queue_next;
    if (!q.head)
        q.tail = nullptr;
    t->queued = false;
    t->queue_next = nullptr;
    return t;
}

/// Bit 31 is not the count's: Linux keeps "no need to reschedule" there.
unsigned shown_preempt_count(unsigned count) { return count & ~(1u << 31); }

// The stack of a task that exited is free once another one runs.
void reap(Kernel& k)
{
    if (Task* t = k.sched->dead) {
        k.sched->dead = nullptr;
        t->fiber.drop();
    }
}

u64 prio_of(const Task& t) { return static_cast<u64>(t.linux.prio); }

void trace_switch(Kernel& k, const Task& prev, const Task& next)
{
    trace(k, TraceEvent::sched_switch,
          {static_cast<u64>(prev.pid()), prio_of(prev), prev.linux.__state, static_cast<u64>(next.pid()), prio_of(next)},
          prev.comm(), next.comm());
}

void switch_task(Kernel& k, Task& next)
{
    PerCpu& cpu = *k.this_cpu;
    Task& prev = *cpu.current;
    trace_switch(k, prev, next);
    prev.saved_preempt_count = cpu.preempt_count;
    cpu.preempt_count = next.saved_preempt_count;
    cpu.current = &next;
    next.cpu = &cpu;
    next.linux.thread_info.cpu = cpu.index;
    ++k.sched->switches;
    k.emit(EventKind::sched_switch, static_cast<u32>(next.pid()), static_cast<u64>(prev.pid()));
    if (&prev == cpu.idle)
        tick_nohz_start(k, cpu);
    else if (&next == cpu.idle)
        tick_nohz_stop(k, cpu);
    sim::Fiber::switch_to(prev.fiber, next.fiber);
    reap(kernel());
}

bool state_has_signal(const Task& t)
{
    const unsigned state = t.linux.__state;
    if (!t.signals)
        return false;
    return (state & task_interruptible) || ((state & task_wakekill) && (t.signals & (1u << 8)));
}

/// __schedule_bug(). schedule() itself has disabled preemption once more.
void report_atomic(Kernel& k)
{
    const PerCpu& cpu = *k.this_cpu;
    const Task& t = *cpu.current;
    abi::_printk("\0013BUG: scheduling while atomic: %s/%d/0x%08x\n", t.comm(), t.pid(),
                 shown_preempt_count(cpu.preempt_count + preempt_offset));
    print_modules(k, '4');
    abi::dump_stack();
    k.taint |= 1u << taint_warn;
}

/// A handler sleeps. There is nothing to switch to from an interrupt, so the time passes here, with interrupts on, as
/// they are on Linux once somebody else runs. Who is not woken for long is given up as the hung machine it would be.
void sleep_in_interrupt(Kernel& k, Task& prev)
{
    constexpr u64 patience_ns = 22'000'000'000;
    PerCpu& cpu = *k.this_cpu;
    hw::Cpu& core = k.machine.core[cpu.index].cpu;
    if (&prev != cpu.idle) {
        report_atomic(k);
        cpu.preempt_count = 0; // what the handler's end takes off makes it negative, until the task sleeps next
    } else if (!std::exchange(cpu.atomic_reported, true)) { // later sleeps of the same handler are not reported again
        report_atomic(k);
    }
    core.rflags |= hw::rflags::If::mask;
    const u64 end = now_ns(cpu) + patience_ns;
    while (prev.linux.__state != task_running && now_ns(cpu) < end)
        if (!sched_relax(k))
            break;
    if (prev.linux.__state == task_running)
        return;
    prev.linux.__state = task_running;
    end_context(k, SIGSEGV);
}

} // namespace

void schedule()
{
    Kernel& k = kernel();
    PerCpu& cpu = *k.this_cpu;
    Task& prev = *cpu.current;
    const bool may_not = cpu.preempt_count != 0 && prev.linux.__state != task_dead;
    // A softirq over the idle task has nobody to give way either.
    if (may_not && (cpu.in_hardirq() || (&prev == cpu.idle && cpu.in_interrupt()))) [[unlikely]] {
        sleep_in_interrupt(k, prev);
        return;
    }
    if (may_not && &prev != cpu.idle) [[unlikely]] {
        report_atomic(k);
        cpu.preempt_count = 0;
    }
    if (state_has_signal(prev))
        prev.linux.__state = task_running;
    const bool worker_sleeps = (prev.linux.flags & PF_WQ_WORKER) && prev.linux.__state != task_running;
    if (worker_sleeps)
        wq_worker_sleeping(k, prev);
    if (prev.linux.__state == task_running && &prev != cpu.idle)
        enqueue(k, prev, false);
    cpu.need_resched = false;
    if (&prev != cpu.idle)
        access_budget.left -= schedule_ns / static_cast<i64>(access_ns);
    Task* next = take_next(cpu);
    if (next != &prev)
        switch_task(k, *next);
    if (worker_sleeps)
        wq_worker_running(prev);
    sched_step(kernel());
}

bool schedule_until(u64 deadline_ns)
{
    Task& self = current_task();
    if (deadline_ns != sim::never_ns)
        arm_task_timer(self, deadline_ns);
    schedule();
    if (deadline_ns == sim::never_ns)
        return false;
    disarm_task_timer(self);
    return now_ns(this_cpu()) >= deadline_ns;
}

bool signal_pending(const Task& task) { return task.signals != 0; }

bool wake_up(Task& task, unsigned mask)
{
    Kernel& k = kernel();
    if (!(task.linux.__state & mask))
        return false;
    task.linux.__state = task_running;
    const bool runs = task.cpu->current == &task; // it had not gone to sleep yet
    if (!runs)
        settle(k, task);
    k.emit(EventKind::sched_waking, static_cast<u32>(task.pid()), task.cpu->index);
    trace(k, TraceEvent::sched_waking, {static_cast<u64>(task.pid()), prio_of(task), task.cpu->index}, task.comm());
    if (!runs)
        activate(k, task);
    return true;
}

void activate(Kernel& k, Task& task)
{
    enqueue(k, task, task.linux.rt_priority != 0);
    PerCpu& cpu = *task.cpu;
    if (&cpu == k.this_cpu) {
        if (cpu.current == cpu.idle || task.linux.rt_priority)
            cpu.need_resched = true;
        return;
    }
    if (cpu.current == cpu.idle) {
        // A CPU that sleeps is told by an interrupt.
        cpu.clock_ns = std::max(cpu.clock_ns, now_ns(*k.this_cpu));
        if (k.irq && k.irq->use_lapic) {
            send_ipi(k, cpu.index, reschedule_vector);
            drain_signals(k);
        }
    }
    if (access_budget.left > 0) { // this CPU may not run on as far as it was told
        sync_clock(k);
        refill_budget(k);
    }
}

void send_signal(Task& task, int signal)
{
    if (task.is_kthread || task.exited)
        return;
    task.signals |= u64{1} << (signal - 1);
    wake_up(task, task_interruptible | (signal == 9 ? task_wakekill : 0));
}

void cond_resched_point()
{
    Kernel& k = kernel();
    PerCpu& cpu = *k.this_cpu;
    if (access_budget.left < 0)
        sched_step(k);
    if (k.modules)
        k.modules->watch_soft[cpu.index] = {}; // who offers the CPU is not stuck
    if (cpu.need_resched && cpu.preempt_count == 0)
        schedule();
}

void syscall_enter()
{
    Task& self = current_task();
    self.in_syscall = true;
    self.kernel_stack_top = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    access_budget.left -= syscall_ns / access_ns;
    kernel().modules->watch_soft[this_cpu().index] = {};
}

void syscall_exit()
{
    Kernel& k = kernel();
    Task& self = current_task();
    PerCpu& cpu = *k.this_cpu;
    if (cpu.preempt_count != 0) [[unlikely]] {
        abi::_printk("\0013BUG: scheduling while atomic: %s/%d/0x%08x\n", self.comm(), self.pid(),
                     shown_preempt_count(cpu.preempt_count));
        cpu.preempt_count = 0;
    }
    hw::Cpu& core = k.machine.core[cpu.index].cpu;
    core.rflags |= hw::rflags::If::mask; // user code always runs with interrupts on
    sched_signals(k);
    if (k.this_cpu->need_resched)
        schedule();
    else
        sched_step(k);
    self.in_syscall = false;
    if (self.signals & (u64{1} << 8)) [[unlikely]]
        task_kill_current(9);
}

void sched_stop(Kernel& k) { k.sched->stop = true; }
void sched_stop_after(Kernel& k, u64 ns) { k.sched->stop_ns = now_ns(*k.this_cpu) + ns; }

void leave_world(Kernel& k, RunEnd end)
{
    k.sched->end = end;
    k.sched->in_world = false;
    sync_clock(k);
    sim::Fiber::switch_to(k.this_cpu->current->fiber, k.sched->host);
}

RunEnd sched_run(Kernel& k, const char* comm, int (*main)(void*), void* argument, int& status)
{
    Sched& s = *k.sched;
    s.stop = false;
    s.root = &task_create(k, comm, main, argument, nullptr, 0);
    s.root->is_kthread = false;
    s.root->linux_signal.tty = controlling_tty(k);
    if (!s.root->files) // not the first root of this World
        s.root->files = files_root(k, k.config.directory);
    irq_force_boot_threads(k);
    s.in_world = true;
    sync_clock(k);
    refill_budget(k);
    sim::Fiber::switch_to(s.host, k.this_cpu->current->fiber);
    reap(k);
    s.stop_ns = sim::never_ns;
    if (s.end == RunEnd::finished)
        status = s.root->exit_status;
    return s.end;
}

} // namespace irqlab::kernel

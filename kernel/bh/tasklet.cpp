// Tasklets: functions that run once for any number of schedules, on the CPU that scheduled them, never
// on two CPUs at once.
#include <utility>

#include "kernel/bh/bh.hpp"
#include "kernel/entry/guard.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/trace/trace.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

using abi::tasklet_struct;

namespace {

constexpr unsigned long state_sched = 1ul << abi::TASKLET_STATE_SCHED, state_run = 1ul << abi::TASKLET_STATE_RUN;

/// A tasklet that ksoftirqd has to run needs this CPU: a task sleeps meanwhile, others can only let the rest step.
bool wait_a_little(Kernel& k)
{
    if (irqs_off(k) || k.this_cpu->preempt_count != 0)
        return sched_relax(k);
    abi::schedule_timeout_uninterruptible(1);
    return true;
}

void append(TaskletList& list, tasklet_struct& t)
{
    t.next = nullptr;
    *list.tail = &t;
    list.tail = &t.next;
}

void call(void* argument)
{
    auto& t = *static_cast<tasklet_struct*>(argument);
    if (t.use_callback)
        t.callback(&t);
    else
        t.func(t.data);
}

// [LX kernel/softirq.c] tasklet_clear_sched(): somebody took the bit, or put a tasklet twice into the list.
void say_not_scheduled(Kernel& k, const tasklet_struct& t)
{
    if (!std::exchange(k.bh->warned_not_scheduled, true))
        kernel_warn("kernel/softirq.c", 761, "tasklet_clear_sched", "tasklet SCHED state not set: %s %pS\n",
                    t.use_callback ? "callback" : "func",
                    t.use_callback ? reinterpret_cast<void*>(t.callback) : reinterpret_cast<void*>(t.func));
}

void run(Kernel& k, tasklet_struct& t)
{
    if (!(t.state & state_sched))
        return say_not_scheduled(k, t);
    t.state &= ~state_sched;
    k.emit(EventKind::tasklet_entry, 0, reinterpret_cast<u64>(&t));
    const u64 function = t.use_callback ? trace_address(t.callback) : trace_address(t.func);
    trace(k, TraceEvent::tasklet_entry, {trace_address(&t), function});
    run_guarded(*k.this_cpu, call, &t);
    k.emit(EventKind::tasklet_exit, 0, reinterpret_cast<u64>(&t));
    trace(k, TraceEvent::tasklet_exit, {trace_address(&t), function}); // `t` may be gone
}

// One that is disabled, or runs on another CPU just now, waits for the next round.
void run_list(Kernel& k, TaskletList& list, unsigned softirq)
{
    tasklet_struct* t = std::exchange(list.head, nullptr);
    list.tail = &list.head;
    while (t) {
        tasklet_struct* next = t->next;
        if (!(t->state & state_run) && t->count.counter == 0) {
            t->state |= state_run;
            run(k, *t);
            t->state &= ~state_run;
        } else {
            append(list, *t);
            k.this_cpu->softirq_pending |= 1u << softirq;
        }
        t = next;
    }
}

void tasklet_action(abi::softirq_action*) { run_list(kernel(), this_cpu().tasklets, abi::TASKLET_SOFTIRQ); }
void tasklet_hi_action(abi::softirq_action*) { run_list(kernel(), this_cpu().hi_tasklets, abi::HI_SOFTIRQ); }

} // namespace

void bh_init(Kernel& k)
{
    k.bh = k.arena.make<BottomHalves>();
    k.bh->ksoftirqd = static_cast<Task**>(k.arena.take(k.cpu_count * sizeof(Task*)));
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu) {
        k.cpus[cpu].tasklets.tail = &k.cpus[cpu].tasklets.head;
        k.cpus[cpu].hi_tasklets.tail = &k.cpus[cpu].hi_tasklets.head;
    }
    k.bh->action[abi::TASKLET_SOFTIRQ].action = tasklet_action;
    k.bh->action[abi::HI_SOFTIRQ].action = tasklet_hi_action;
}

void bh_leave(Kernel& k, unsigned cpu)
{
    PerCpu& from = k.cpus[cpu];
    PerCpu& to = *k.this_cpu;
    for (auto list : {&PerCpu::tasklets, &PerCpu::hi_tasklets}) {
        if (!(from.*list).head)
            continue;
        *(to.*list).tail = (from.*list).head;
        (to.*list).tail = (from.*list).tail;
        (from.*list).head = nullptr;
        (from.*list).tail = &(from.*list).head;
    }
    for (unsigned nr = 0; nr < abi::NR_SOFTIRQS; ++nr)
        if (from.softirq_pending & 1u << nr)
            raise_softirq(k, nr);
    from.softirq_pending = 0;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;
using irqlab::kernel::this_cpu;

void __tasklet_schedule(tasklet_struct* t)
{
    append(this_cpu().tasklets, *t);
    irqlab::kernel::raise_softirq(kernel(), TASKLET_SOFTIRQ);
}

void __tasklet_hi_schedule(tasklet_struct* t)
{
    append(this_cpu().hi_tasklets, *t);
    irqlab::kernel::raise_softirq(kernel(), HI_SOFTIRQ);
}

void tasklet_init(tasklet_struct* t, void (*func)(unsigned long), unsigned long data)
{
    *t = {};
    t->func = func;
    t->data = data;
}

void tasklet_setup(tasklet_struct* t, void (*callback)(tasklet_struct*))
{
    *t = {};
    t->callback = callback;
    t->use_callback = true;
}

void tasklet_unlock_wait(tasklet_struct* t)
{
    while ((t->state & state_run) && wait_a_little(kernel()))
        ;
}

void tasklet_unlock_spin_wait(tasklet_struct* t) { tasklet_unlock_wait(t); }

void tasklet_kill(tasklet_struct* t)
{
    if (this_cpu().in_interrupt())
        _printk("\0015Attempt to kill tasklet from interrupt\n");
    // Whoever holds SCHED keeps others from scheduling it: wait for the run that is due, then take it.
    while ((t->state & state_sched) && wait_a_little(kernel()))
        ;
    t->state |= state_sched;
    tasklet_unlock_wait(t);
    t->state &= ~state_sched;
}

} // namespace irqlab::abi

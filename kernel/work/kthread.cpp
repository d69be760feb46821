// Kernel threads of drivers. [LX driver-api/basics] "kthread"
//
// A thread is made asleep: it runs when it is woken for the first time. The driver's function ends the thread
// by returning; kthread_stop() waits for that.
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

struct Kthread {
    int (*function)(void*);
    void* data;
    abi::completion made, parked, exited;
    bool started, should_stop, should_park, is_parked;
    int result;
};

void init(abi::completion& c)
{
    c.done = 0;
    abi::__init_waitqueue_head(&c.wait, "&x->wait", nullptr);
}

void park(Kthread& t, Task& me)
{
    while (t.should_park) {
        set_state(me, TASK_PARKED);
        if (!t.is_parked) {
            t.is_parked = true;
            abi::complete(&t.parked);
        }
        schedule();
    }
    t.is_parked = false;
    set_state(me, task_running);
}

int kthread_main(void* argument)
{
    auto& t = *static_cast<Kthread*>(argument);
    Task& me = current_task();
    set_state(me, task_uninterruptible);
    abi::complete(&t.made);
    schedule();
    set_state(me, task_running);
    t.result = -EINTR;
    if (!t.should_stop) {
        t.started = true;
        park(t, me);
        t.result = t.function(t.data);
    }
    return t.result;
}

// However it ends: by returning, by do_exit(), or by an Oops.
void tell_end(Task& task)
{
    abi::complete_all(&static_cast<Kthread*>(task.argument)->exited);
}

/// Null for a task that is none of ours.
Kthread* kthread_of(const Task& task)
{
    return task.main == kthread_main ? static_cast<Kthread*>(task.argument) : nullptr;
}

abi::task_struct* make(int (*function)(void*), void* data, const char* comm, int cpu)
{
    Kernel& k = kernel();
    if (!may_create_task(k))
        return reinterpret_cast<abi::task_struct*>(std::intptr_t{-EAGAIN});
    auto& t = *k.arena.make<Kthread>();
    t.function = function;
    t.data = data;
    init(t.made);
    init(t.parked);
    init(t.exited);
    Task& task = task_create(k, comm, kthread_main, &t, nullptr, cpu);
    task.at_exit = tell_end;
    abi::wait_for_completion(&t.made);
    return &task.linux;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

struct task_struct* kthread_create_on_node(int (*threadfn)(void* data), void* data, int, const char* format,
                                           ...)
{
    char comm[TASK_COMM_LEN];
    va_list args;
    va_start(args, format);
    vformat_text(comm, sizeof comm, format, args);
    va_end(args);
    return make(threadfn, data, comm, -1);
}

struct task_struct* kthread_create_on_cpu(int (*threadfn)(void* data), void* data, unsigned int cpu,
                                          const char* format)
{
    char comm[TASK_COMM_LEN];
    format_text(comm, sizeof comm, format, cpu);
    task_struct* task = make(threadfn, data, comm, static_cast<int>(cpu));
    kthread_bind(task, cpu);
    return task;
}

// Only for a thread that was not started yet, as in Linux.
void kthread_bind(struct task_struct* task, unsigned int cpu)
{
    Kernel& k = kernel::kernel();
    Task& t = Task::of(task);
    const Kthread* thread = kthread_of(t);
    if (cpu >= k.cpu_count || (thread && thread->started)) {
        __lab_warn("kernel/kthread.c", 529, "__kthread_bind_mask", nullptr);
        return;
    }
    t.affinity = CpuSet::only(cpu);
    t.linux.cpus_mask = mask_of(t.affinity);
    t.linux.nr_cpus_allowed = 1;
    if (!t.queued && &t != k.this_cpu->current)
        t.cpu = &k.cpus[cpu];
}

int kthread_stop(struct task_struct* task)
{
    Task& t = Task::of(task);
    Kthread* thread = kthread_of(t);
    if (!thread)
        return -EINVAL;
    thread->should_stop = true;
    kthread_unpark(task);
    wake_up(t, TASK_NORMAL | TASK_WAKEKILL | TASK_PARKED);
    wait_for_completion(&thread->exited);
    return thread->result;
}
int kthread_stop_put(struct task_struct* task) { return kthread_stop(task); }

bool kthread_should_stop(void)
{
    const Kthread* t = kthread_of(current_task());
    return t && t->should_stop;
}

bool kthread_should_park(void)
{
    const Kthread* t = kthread_of(current_task());
    return t && t->should_park;
}

int kthread_park(struct task_struct* task)
{
    Task& t = Task::of(task);
    Kthread* thread = kthread_of(t);
    if (!thread || t.exited)
        return -ENOSYS;
    if (thread->should_park)
        return -EBUSY;
    thread->should_park = true;
    if (&t != &current_task()) {
        wake_up(t, TASK_NORMAL | TASK_WAKEKILL);
        wait_for_completion(&thread->parked);
    }
    return 0;
}

void kthread_unpark(struct task_struct* task)
{
    Kthread* thread = kthread_of(Task::of(task));
    if (!thread || !thread->should_park)
        return;
    thread->should_park = false;
    thread->parked.done = 0;
    wake_up(Task::of(task), TASK_PARKED);
}

void kthread_parkme(void)
{
    Task& me = current_task();
    if (Kthread* t = kthread_of(me))
        park(*t, me);
}

void* kthread_data(struct task_struct* task)
{
    const Kthread* t = kthread_of(Task::of(task));
    return t ? t->data : nullptr;
}

void kthread_exit(long code)
{
    if (Kthread* t = kthread_of(current_task()))
        t->result = static_cast<int>(code);
    task_exit(static_cast<int>(code));
}

void kthread_complete_and_exit(struct completion* done, long code)
{
    if (done)
        complete(done);
    kthread_exit(code);
}

void complete_and_exit(struct completion* done, long code) { kthread_complete_and_exit(done, code); }

} // namespace irqlab::abi

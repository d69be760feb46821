// The scheduler as drivers call it: current, schedule, wake-ups, signals, pids.
#include <cstring>
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "linux/abi/sched.h"

namespace irqlab::abi {

using irqlab::kernel::find_task;
using irqlab::kernel::kernel;
using irqlab::kernel::Task;
using irqlab::kernel::this_cpu;

// A pid's struct is its task: nothing of it is seen by drivers but the pointer.
struct pid {
    Task task;
};

task_struct* __lab_current(void) { return &irqlab::kernel::current_task().linux; }

void __lab_set_current_state(unsigned state, int relaxed)
{
    irqlab::kernel::current_task().linux.__state = state;
    if (!relaxed && irqlab::kernel::access_budget.left < 0)
        irqlab::kernel::sched_step(kernel());
}

void schedule(void)
{
    irqlab::kernel::current_task().waits_in = "schedule";
    irqlab::kernel::schedule();
}

void io_schedule(void) { schedule(); }

void yield(void)
{
    irqlab::kernel::current_task().linux.__state = TASK_RUNNING;
    irqlab::kernel::schedule();
}

int __cond_resched(void)
{
    const bool due = this_cpu().need_resched;
    irqlab::kernel::cond_resched_point();
    return due;
}

int wake_up_process(task_struct* task) { return irqlab::kernel::wake_up(Task::of(task)); }
int wake_up_state(task_struct* task, unsigned state) { return irqlab::kernel::wake_up(Task::of(task), state); }
int __lab_signal_pending(task_struct* task) { return irqlab::kernel::signal_pending(Task::of(task)); }

int send_sig(int signal, task_struct* task, int)
{
    if (signal < 1 || signal > 64)
        return -EINVAL;
    irqlab::kernel::send_signal(Task::of(task), signal);
    return 0;
}

int send_sig_info(int signal, kernel_siginfo*, task_struct* task) { return send_sig(signal, task, 0); }
int kill_pid(pid* p, int signal, int priv) { return p ? send_sig(signal, &p->task.linux, priv) : -ESRCH; }
void flush_signals(task_struct* task) { Task::of(task).signals = 0; }
void kernel_sigaction(int, void*) {}

task_struct* __lab_next_task(const task_struct* task)
{
    return reinterpret_cast<task_struct*>(reinterpret_cast<char*>(task->tasks.next) - offsetof(task_struct, tasks));
}

pid* find_vpid(int nr) { return reinterpret_cast<pid*>(find_task(kernel(), nr)); }
pid* find_get_pid(int nr) { return find_vpid(nr); }
pid* find_pid_ns(int nr, pid_namespace*) { return find_vpid(nr); }
pid* get_task_pid(task_struct* task, int) { return reinterpret_cast<pid*>(task); }
task_struct* pid_task(pid* p, int) { return p ? &p->task.linux : nullptr; }
task_struct* get_pid_task(pid* p, int type) { return pid_task(p, type); }
pid_t pid_nr_ns(pid* p, pid_namespace*) { return p ? p->task.linux.pid : 0; }
pid_t __task_pid_nr_ns(task_struct* task, int, pid_namespace*) { return task->pid; }
void put_pid(pid*) {}
void __put_task_struct(task_struct*) {}
mm_struct* get_task_mm(task_struct* task) { return task->mm; }
void mmput(mm_struct*) {}

char* __get_task_comm(char* to, size_t size, task_struct* task)
{
    std::strncpy(to, task->comm, size);
    if (size)
        to[size - 1] = 0;
    return to;
}

/// Real-time priorities count downwards from 99, below them come the nice values: 100 to 139.
static void update_prio(task_struct* task)
{
    const int rt = static_cast<int>(task->rt_priority);
    task->prio = task->normal_prio = rt ? 99 - rt : task->static_prio;
}

void set_user_nice(task_struct* task, long nice)
{
    task->static_prio = 120 + static_cast<int>(nice);
    update_prio(task);
}

int sched_setscheduler_lab(task_struct* task, int policy, int priority)
{
    task->policy = static_cast<unsigned>(policy);
    task->rt_priority = static_cast<unsigned>(priority);
    update_prio(task);
    return 0;
}

void sched_set_fifo(task_struct* task) { sched_setscheduler_lab(task, 1, 50); }
void sched_set_fifo_low(task_struct* task) { sched_setscheduler_lab(task, 1, 1); }
void sched_set_normal(task_struct* task, int nice)
{
    sched_setscheduler_lab(task, 0, 0);
    set_user_nice(task, nice);
}

int set_cpus_allowed_ptr(task_struct* task, const cpumask* mask)
{
    return irqlab::kernel::task_set_affinity(Task::of(task), irqlab::kernel::set_of(*mask));
}

bool capable(int) { return true; } // everybody in the lab is root
void do_exit(long code) { irqlab::kernel::task_exit(static_cast<int>(code)); }

} // namespace irqlab::abi

namespace irqlab::kernel {

namespace {
void* init_task_of(Kernel& k) { return k.sched->init_task; }
} // namespace

extern const Export sched_exports[] = {
    EXPORT(__lab_current),
    EXPORT(__lab_set_current_state),
    EXPORT(schedule),
    EXPORT(io_schedule),
    EXPORT(yield),
    EXPORT(__cond_resched),
    EXPORT(wake_up_process),
    EXPORT(wake_up_state),
    EXPORT(__lab_signal_pending),
    EXPORT(send_sig),
    EXPORT(send_sig_info),
    EXPORT(kill_pid),
    EXPORT(flush_signals),
    EXPORT(kernel_sigaction),
    EXPORT(__lab_next_task),
    EXPORT_GPL(find_vpid),
    EXPORT_GPL(find_get_pid),
    EXPORT_GPL(find_pid_ns),
    EXPORT_GPL(get_task_pid),
    EXPORT(pid_task),
    EXPORT_GPL(get_pid_task),
    EXPORT_GPL(pid_nr_ns),
    EXPORT(__task_pid_nr_ns),
    EXPORT_GPL(put_pid),
    EXPORT_GPL(__put_task_struct),
    EXPORT_GPL(get_task_mm),
    EXPORT_GPL(mmput),
    EXPORT_GPL(__get_task_comm),
    EXPORT(set_user_nice),
    EXPORT(sched_setscheduler_lab),
    EXPORT_GPL(sched_set_fifo),
    EXPORT_GPL(sched_set_fifo_low),
    EXPORT_GPL(sched_set_normal),
    EXPORT_GPL(set_cpus_allowed_ptr),
    EXPORT(capable),
    {"do_exit", reinterpret_cast<const void*>(&abi::do_exit), false, Release::v5_4, Release::v5_15},
    {"init_task", nullptr, false, Release::v5_4, Release::v6_12, init_task_of},
};
extern const std::size_t sched_exports_count = std::size(sched_exports);

} // namespace irqlab::kernel

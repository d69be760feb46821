// Tasks: birth, death, waiting for children, signals by pid.
#include "kernel/sched/task.hpp"

#include <cstdio>
#include <cstring>

#include "hw/base/check.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/syscall.hpp"
#include "kernel/time/tick.hpp"
#include "kernel/vfs/vfs.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr u64 spawn_ns = 300'000;   // fork and exec, about
constexpr int first_user_pid = 90; // the kernel's own threads come before

void fiber_main(void* argument)
{
    auto& task = *static_cast<Task*>(argument);
    {
        // The one who switched here left its own work half done: the rest of schedule() is ours now.
        Kernel& k = kernel();
        if (Task* dead = k.sched->dead) {
            k.sched->dead = nullptr;
            dead->fiber.drop();
        }
        hw::Cpu& core = k.machine.core[k.this_cpu->index].cpu;
        core.rflags |= hw::rflags::If::mask;
        sched_step(k);
    }
    task_exit(task.main(task.argument));
}

// Linux's idle tasks never enable preemption.
void idle_main(void*)
{
    this_cpu().preempt_count = preempt_offset;
    idle_loop(kernel());
}

void fill_linux_part(Task& t, const char* comm, int pid, bool kthread)
{
    std::snprintf(t.linux.comm, sizeof t.linux.comm, "%s", comm);
    t.linux.pid = t.linux.tgid = pid;
    t.linux.flags = kthread ? PF_KTHREAD : 0;
    t.linux.prio = t.linux.static_prio = t.linux.normal_prio = 120;
    t.linux.group_leader = &t.linux;
    t.linux.cpus_mask = mask_of(CpuSet::all());
    t.linux.cpus_ptr = &t.linux.cpus_mask;
    t.linux.tasks = {&t.linux.tasks, &t.linux.tasks};
    t.linux.children = {&t.linux.children, &t.linux.children};
    t.linux.sibling = {&t.linux.sibling, &t.linux.sibling};
    t.linux.signal = &t.linux_signal;
    t.linux_signal.live.counter = t.linux_signal.nr_threads = 1;
    t.linux_signal.shared_pending.list = {&t.linux_signal.shared_pending.list,
                                          &t.linux_signal.shared_pending.list};
}

// --- who lost their parent ----------------------------------------------------------------------------

void leave_list(Sched& s, Task& task)
{
    for (Task** at = &s.all; *at; at = &(*at)->next_all)
        if (*at == &task) {
            *at = task.next_all;
            break;
        }
}

/// Nobody waits for this one: when it ends it goes to the list of those to be freed.
void orphan_ends(Task& task)
{
    Sched& s = *kernel().sched;
    leave_list(s, task);
    task.next_all = s.orphans;
    s.orphans = &task;
}

void free_task(Kernel& k, Task& task)
{
    if (k.sched->dead == &task)
        k.sched->dead = nullptr;
    task.fiber.drop();
    k.arena.give_back(&task, sizeof task);
}

/// What Linux's init does for the children that it was given.
void free_orphans(Kernel& k)
{
    while (Task* t = k.sched->orphans) {
        k.sched->orphans = t->next_all;
        free_task(k, *t);
    }
}

/// The children of a task that ends become the root's; those that ended before it are freed.
void leave_children(Kernel& k, const Task& parent)
{
    Task* root = k.sched->root == &parent ? nullptr : k.sched->root;
    for (Task *t = k.sched->all, *next; t; t = next) {
        next = t->next_all;
        if (t->parent != &parent)
            continue;
        t->parent = root;
        t->linux.parent = t->linux.real_parent = root ? &root->linux : k.sched->init_task;
        if (t->exited)
            orphan_ends(*t);
        else
            t->at_exit = orphan_ends;
    }
}

[[noreturn]] void finish(int status)
{
    Kernel& k = kernel();
    Task& self = current_task();
    if (self.files)
        files_close_all(self);
    disarm_task_timer(self);
    self.exit_status = status;
    self.exited = true;
    --k.sched->tasks;
    free_orphans(k);
    leave_children(k, self);
    if (self.at_exit)
        self.at_exit(self);
    if (self.is_kthread)
        leave_list(*k.sched, self); // no zombie: kthreadd ignores SIGCHLD. kthread_stop() may still look at it
    self.linux.__state = task_dead;
    self.linux.flags |= PF_EXITING;
    self.guard = nullptr;
    list_unlink(&self.linux.tasks); // who stands on it in a walk still finds the next one
    if (self.parent && !self.parent->exited)
        wake_up(*self.parent, task_interruptible);
    if (&self == k.sched->root)
        leave_world(k, RunEnd::finished);
    k.sched->dead = &self;
    schedule();
    CHECK(!"a dead task ran");
    __builtin_unreachable();
}

} // namespace

void sched_init(Kernel& k)
{
    k.sched = k.arena.make<Sched>();
    k.cpus = static_cast<PerCpu*>(k.arena.take(k.cpu_count * sizeof(PerCpu)));
    for (unsigned i = 0; i < k.cpu_count; ++i) {
        PerCpu& cpu = *::new (&k.cpus[i]) PerCpu;
        cpu.index = static_cast<u8>(i);
        Task& idle = *k.arena.make<Task>();
        char comm[16] = "swapper/0";
        comm[8] = static_cast<char>('0' + i % 10);
        if (i >= 10) {
            comm[8] = static_cast<char>('0' + i / 10);
            comm[9] = static_cast<char>('0' + i % 10);
        }
        fill_linux_part(idle, comm, 0, true);
        idle.linux.flags |= PF_IDLE;
        idle.is_kthread = true;
        idle.cpu = &cpu;
        idle.fiber.prepare(idle_main, nullptr);
        cpu.current = cpu.idle = &idle;
    }
    k.sched->init_task = &k.cpus[0].idle->linux;
    k.this_cpu = &k.cpus[0];
    k.cpus[0].online = true;
}

void sched_drop(Kernel& k)
{
    for (Task* t = k.sched->all; t; t = t->next_all)
        t->fiber.drop();
    for (Task* t = k.sched->orphans; t; t = t->next_all)
        t->fiber.drop();
    for (unsigned i = 0; i < k.cpu_count; ++i)
        k.cpus[i].idle->fiber.drop();
}

Task& task_create(Kernel& k, const char* comm, int (*main)(void*), void* argument, const Files* files, int cpu)
{
    Sched& s = *k.sched;
    free_orphans(k);
    Task& t = *k.arena.make<Task>();
    const bool root = !s.root;
    const bool kthread = !root && !files;
    if (!kthread && !root && s.next_pid < first_user_pid)
        s.next_pid = first_user_pid;
    fill_linux_part(t, comm, root ? 1 : s.next_pid++, kthread);
    t.is_kthread = kthread;
    t.linux_signal.tty = kthread ? nullptr : controlling_tty(k);
    t.parent = k.sched->in_world && !kthread ? k.this_cpu->current : nullptr;
    t.affinity = t.parent ? t.parent->affinity : CpuSet::all();
    t.linux.parent = t.linux.real_parent = t.parent ? &t.parent->linux : s.init_task;
    list_add_tail(&t.linux.tasks, &s.init_task->tasks);
    t.main = main;
    t.argument = argument;
    t.files = root ? files_root(k, k.config.directory) : files ? files_copy(k, files) : nullptr;
    t.next_all = s.all;
    s.all = &t;
    ++s.forks;
    ++s.tasks;
    t.fiber.prepare(fiber_main, &t);
    t.cpu = cpu >= 0 ? &k.cpus[cpu] : &place(k, t.affinity);
    t.linux.__state = task_uninterruptible; // new: woken here for the first time
    if (t.cpu->current == nullptr)
        t.cpu->current = t.cpu->idle;
    wake_up(t);
    return t;
}

void task_exit(int status) { finish(status & 0xff); }

void task_kill_current(int signal)
{
    Kernel& k = kernel();
    PerCpu& cpu = *k.this_cpu;
    Task& self = *cpu.current;
    CHECK(&self != cpu.idle);
    hw::Cpu& core = k.machine.core[cpu.index].cpu;
    if (!hw::interrupts_on(core) && signal == 9 && self.in_syscall)
        abi::_printk("\0016note: %s[%d] exited with irqs disabled\n", self.comm(), self.pid());
    if (cpu.preempt_count)
        abi::_printk("\0016note: %s[%d] exited with preempt_count %u\n", self.comm(), self.pid(), cpu.preempt_count);
    cpu.preempt_count = 0;
    core.rflags |= hw::rflags::If::mask;
    finish(128 + signal);
}

Task* find_task(Kernel& k, int pid)
{
    for (Task* t = k.sched->all; t; t = t->next_all)
        if (t->pid() == pid)
            return t;
    return nullptr;
}

// --- system calls -------------------------------------------------------------------------------------

Pid sys_spawn(const char* comm, int (*main)(void*), void* argument)
{
    syscall_enter();
    Kernel& k = kernel();
    sched_spend(k, spawn_ns);
    const Pid pid = task_create(k, comm, main, argument, current_task().files).pid();
    syscall_exit();
    return pid;
}

namespace {

/// A child of `parent` that exited, taken off the list; `any` tells whether there is a child at all.
Task* take_exited(Kernel& k, Task& parent, Pid pid, bool& any)
{
    any = false;
    Task* found = nullptr;
    Task** found_at = nullptr;
    for (Task** at = &k.sched->all; *at; at = &(*at)->next_all) {
        Task& t = **at;
        if (t.parent != &parent || t.at_exit == orphan_ends || t.is_kthread || (pid != -1 && t.pid() != pid))
            continue;
        any = true;
        if (t.exited) {
            found = &t;
            found_at = at;
        }
    }
    if (found)
        *found_at = found->next_all;
    return found;
}

Pid wait_for(Pid pid, int& status, bool block)
{
    Kernel& k = kernel();
    Task& self = current_task();
    while (true) {
        bool any;
        if (Task* t = take_exited(k, self, pid, any)) {
            status = t->exit_status;
            const Pid result = t->pid();
            free_task(k, *t);
            return result;
        }
        if (!any)
            return -ECHILD;
        if (!block)
            return 0;
        if (signal_pending(self))
            return -EINTR;
        self.linux.__state = task_interruptible;
        self.waits_in = "wait4";
        schedule();
    }
}

} // namespace

Pid sys_wait(Pid pid, int& status)
{
    syscall_enter();
    const Pid result = wait_for(pid, status, true);
    syscall_exit();
    return result;
}

Pid sys_wait_nohang(Pid pid, int& status)
{
    syscall_enter();
    const Pid result = wait_for(pid, status, false);
    syscall_exit();
    return result;
}

void sys_exit(int status) { task_exit(status); }

int sys_kill(Pid pid, int signal)
{
    syscall_enter();
    Task* t = find_task(kernel(), pid);
    if (t && signal > 0 && signal <= 64)
        send_signal(*t, signal);
    syscall_exit();
    return t ? 0 : -ESRCH;
}

Pid sys_getpid() { return current_task().pid(); }

int sys_nanosleep(std::uint64_t nanoseconds)
{
    syscall_enter();
    Task& self = current_task();
    const u64 deadline = now_ns(this_cpu()) + nanoseconds;
    int result = 0;
    while (now_ns(this_cpu()) < deadline) {
        if (signal_pending(self)) {
            result = -EINTR;
            break;
        }
        self.linux.__state = task_interruptible;
        self.waits_in = "nanosleep";
        schedule_until(deadline);
    }
    syscall_exit();
    return result;
}

void sys_set_comm(const char* comm)
{
    Task& t = current_task();
    std::memset(t.linux.comm, 0, sizeof t.linux.comm);
    std::snprintf(t.linux.comm, sizeof t.linux.comm, "%s", comm);
}

} // namespace irqlab::kernel

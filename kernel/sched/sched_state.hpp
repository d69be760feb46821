// The scheduler's own state; other subsystems use sched.hpp.
#pragma once
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"

namespace irqlab::kernel {

struct Sched {
    sim::Fiber host;           // who drives the World
    Task* all = nullptr;       // by pid, downwards
    Task* root = nullptr;
    Task* orphans = nullptr;   // exited, and nobody waits for them: to be freed
    Task* dead = nullptr;      // exited, its stack not yet given back
    abi::task_struct* init_task = nullptr; // the boot CPU's idle task: head of Linux's task list
    int next_pid = 2;
    unsigned next_place = 0;   // where the search for an idle CPU goes on
    u64 switches = 0;
    u64 forks = 0;
    unsigned tasks = 80;       // that live; so many are Linux's own, which the lab has no need of
    unsigned threads_max = 2048; // as Linux has it on 256 MiB: an eighth of them as stacks of 16 KiB
    volatile bool stop = false; // set by sched_stop(), maybe from a signal handler
    u64 stop_ns = sim::never_ns; // of virtual time, at the latest
    bool in_world = false;
    RunEnd end = RunEnd::stuck;
};

/// Brings the stepping CPU's clock up to date with its budget.
void sync_clock(Kernel& k);
/// Says how far the stepping CPU may go before sched_step is to be called.
void refill_budget(Kernel& k);
/// Puts a runnable task into its CPU's queue.
void enqueue(Kernel& k, Task& task, bool first);
/// The idle task's loop.
[[noreturn]] void idle_loop(Kernel& k);
/// Switches to another CPU's current fiber; returns when this CPU steps again.
void switch_cpu(Kernel& k, PerCpu& to);
/// The CPU that is furthest behind among those with something to do; null when there is none.
PerCpu* furthest_behind(Kernel& k);
/// Lets due events happen up to `time_ns`.
void advance_machine(Kernel& k, u64 time_ns);
/// Signals become events; a CPU that slept takes its interrupt at the time when it was sent.
void drain_signals(Kernel& k);
/// As above, for what happened at `time_ns`.
void drain_signals(Kernel& k, u64 time_ns);
/// Is there room under /proc/sys/kernel/threads-max?
inline bool may_create_task(const Kernel& k) { return k.sched->tasks < k.sched->threads_max; }
/// Leaves the World for the host.
void leave_world(Kernel& k, RunEnd end);

} // namespace irqlab::kernel

// The scheduler: which CPU steps, which task runs on it, and how both give way.
//
// All modelled CPUs share one host thread. A CPU is its current task's fiber; each has its own clock,
// and the one furthest behind steps next. Interrupts are nested calls on the interrupted fiber.
#pragma once
#include "kernel/sched/task.hpp"

namespace irqlab::kernel {

struct Kernel;

void sched_init(Kernel& k);
/// The World goes: all stacks are given back. Call from the host's stack.
void sched_drop(Kernel& k);

// --- for whoever drives the World, on the host's stack ------------------------------------------------

enum class RunEnd : u8 {
    finished, // the root task exited
    stuck,    // every task waits and nothing is left that could wake one
    stopped,  // sched_stop() was called, or its time came
};
/// Makes the root task (pid 1) and runs the World until it ends.
/// @param status  root's exit status, when finished.
RunEnd sched_run(Kernel& k, const char* comm, int (*main)(void*), void* argument, int& status);
/// Asks a running World to stop at its next step, e.g. from a signal handler's flag.
void sched_stop(Kernel& k);
/// The next run stops once `ns` of virtual time have passed; its end takes the bound away.
void sched_stop_after(Kernel& k, u64 ns);

// --- steps ---------------------------------------------------------------------------------------------

/// The slow path of an access, of a lock or a relaxed loop: time passes, due events happen, pending
/// interrupts land on this CPU if it takes them, and CPUs that are behind step. May run other code.
void sched_step(Kernel& k);
/// A busy loop that waits for somebody else: as sched_step, and when no other CPU has work, time jumps
/// to the next event. @return false when there is no next event: the wait can never end.
bool sched_relax(Kernel& k);
/// `ns` of work without accesses (a delay, a port access) take place on this CPU.
void sched_spend(Kernel& k, u64 ns);
/// After the machine was touched: what its signals mean for the CPUs, and interrupts for this one land now.
void sched_signals(Kernel& k);
/// Brings the machine's time up to this CPU's, before the CPU touches a device.
void sched_sync_machine(Kernel& k);
/// Delivers what is pending on this CPU while it takes interrupts.
void sched_take_interrupts(Kernel& k);

// --- tasks ---------------------------------------------------------------------------------------------

Task& current_task();
/// Linux's schedule(): gives the CPU away; returns when the task runs again. The caller has set its state.
void schedule();
/// Sleeps until woken or until `deadline_ns` (sim::never_ns: for ever). @return true when the time was up.
bool schedule_until(u64 deadline_ns);
/// Makes a sleeping task runnable if its state is in `mask`. @return whether it was asleep.
bool wake_up(Task& task, unsigned mask = task_interruptible | task_uninterruptible);
bool signal_pending(const Task& task);
/// A signal for a task: interrupts an interruptible sleep; 9 kills at the next chance.
void send_signal(Task& task, int signal);

/// @param files  the table that it inherits a copy of; null for a kernel thread.
/// @param cpu    -1: where it fits best.
Task& task_create(Kernel& k, const char* comm, int (*main)(void*), void* argument, const Files* files, int cpu = -1);
[[noreturn]] void task_exit(int status);
/// Ends the current task from a context that cannot go on (an Oops). Does not unwind.
[[noreturn]] void task_kill_current(int signal);
Task* find_task(Kernel& k, int pid);
/// The CPUs on which a task may run, a bit for each. Moves the caller at once. @return 0 or -EINVAL.
int task_set_affinity(Task& task, const CpuSet& mask);
/// Preempts at a point where the kernel may: return to user code, cond_resched, might_sleep.
void cond_resched_point();

/// Brackets a system call: time, preemption, signals. The result passes through.
void syscall_enter();
void syscall_exit();

} // namespace irqlab::kernel

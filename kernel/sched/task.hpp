// Tasks: fibers with a Linux task_struct in front.
#pragma once
#include "hw/base/bits.hpp"
#include "kernel/cpu_set.hpp"
#include "kernel/sched/percpu.hpp"
#include "linux/abi/sched.h"
#include "sim/event_queue.hpp"
#include "sim/fiber.hpp"

namespace irqlab::kernel {

struct Files;  // kernel/vfs: descriptor table and working directory
struct Kernel;

/// A call that an Oops may abandon: interrupt entries put one round themselves, innermost first.
struct Guard {
    sim::Landing landing;
    Guard* outer = nullptr;
};

/// Linux's task states [LX include/linux/sched.h].
inline constexpr unsigned task_running = 0x0000;
inline constexpr unsigned task_interruptible = 0x0001;
inline constexpr unsigned task_uninterruptible = 0x0002;
inline constexpr unsigned task_dead = 0x0080;
inline constexpr unsigned task_wakekill = 0x0100;
inline constexpr unsigned task_idle = 0x0402;

struct Task {
    abi::task_struct linux{}; // first: a driver's `current` points here
    sim::Fiber fiber;
    abi::signal_struct linux_signal{}; // where linux.signal points
    PerCpu* cpu = nullptr;    // where it runs or ran last
    CpuSet affinity = CpuSet::all();
    bool queued = false;      // in cpu->queue
    bool in_syscall = false;  // kernel code runs on its behalf
    bool is_kthread = false;
    unsigned saved_preempt_count = 0;
    Guard* guard = nullptr;   // innermost guarded call on this stack
    u64 signals = 0;          // pending, bit n-1 for signal n
    int exit_status = 0;      // as sys_wait gives it
    bool exited = false;
    void (*at_exit)(Task&) = nullptr; // tells who waits for its end, however it comes
    Task* parent = nullptr;
    Task* next_all = nullptr; // all tasks, by pid
    Task* queue_next = nullptr;
    Files* files = nullptr;   // null for kernel threads
    int (*main)(void*) = nullptr;
    void* argument = nullptr;
    sim::Timed timer;         // schedule_timeout, nanosleep
    const char* waits_in = ""; // what it sleeps in, for reports
    std::uintptr_t kernel_stack_top = 0; // where the system call under way began

    const char* comm() const { return linux.comm; }
    int pid() const { return linux.pid; }
    static Task& of(abi::task_struct* t) { return *reinterpret_cast<Task*>(t); }
};

} // namespace irqlab::kernel

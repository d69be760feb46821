// Lockups: a context that never gives the CPU back is reported as Linux's watchdogs do, and dropped.
//
// Linux counts seconds of wall time; here a loop is measured in memory accesses, so that a run is found to hang in
// the blink of an eye and at the same place each time. Source: [LX admin-guide/lockup-watchdogs].
#include "kernel/entry/access_hooks.hpp"
#include "kernel/entry/report.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/state.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr u64 accesses_max = u64{1} << 26;

bool hard(Kernel& k)
{
    return k.this_cpu->in_hardirq() || !hw::interrupts_on(k.machine.core[k.this_cpu->index].cpu);
}

/// The registers as the driver had them when it called us: the report is about its loop, not about our step.
void back_to_driver(const Task& task, TrapFrame& f)
{
    std::uintptr_t bp = f.regs.bp;
    while (!in_module_range(f.regs.ip) && bp >= task.fiber.stack_low() && bp + 16 <= task.fiber.stack_high()) {
        const auto* frame = reinterpret_cast<const std::uintptr_t*>(bp);
        if (in_module_range(frame[1]))
            f.regs.ip = frame[1], f.regs.bp = frame[0], f.regs.sp = bp + 16;
        if (frame[0] <= bp)
            return;
        bp = frame[0];
    }
}

constexpr u64 lockup_ns = 26'000'000'000;

[[noreturn]] void report(Kernel& k, const TrapFrame& f)
{
    const PerCpu& cpu = *k.this_cpu;
    const Task& task = current_task();
    making_report = true;
    k.this_cpu->clock_ns += lockup_ns; // that long it would have taken the watchdog to notice
    if (hard(k)) {
        // Since 6.5 the generic watchdog says it.
        say('0', "%swatchdog: Watchdog detected hard LOCKUP on cpu %u",
            k.config.release >= Release::v6_6 ? "" : "NMI ", cpu.index);
    } else {
        say('0', "watchdog: BUG: soft lockup - CPU#%u stuck for 26s! [%s:%d]", cpu.index, task.comm(), task.pid());
        k.taint |= 1u << taint_softlockup;
    }
    print_modules(k, '4');
    print_task_info(k);
    print_registers(k, f);
    print_trace(k, f.regs.bp, nullptr);
    making_report = false;
    const bool guarded = task.guard != nullptr;
    abi::_printk("\0010irqlab: a real machine hangs here; the %s is dropped and the lab goes on\n",
                 guarded ? "interrupt's context" : "task");
    k.modules->watch_hard[cpu.index] = k.modules->watch_soft[cpu.index] = {};
    if (guarded)
        sim::land(task.guard->landing);
    k.this_cpu->preempt_count = 0;
    k.machine.core[cpu.index].cpu.rflags |= hw::rflags::If::mask;
    task_kill_current(9);
}

/// @return whether `who` has run for too long without a break.
bool too_long(WatchState& w, const void* who, u64 instance)
{
    if (who == w.who && instance == w.instance && who)
        return driver_accesses - w.accesses_then >= accesses_max;
    w = {who, instance, driver_accesses};
    return false;
}

} // namespace

// Interrupts that land in a soft loop are no break of it: while one runs, only the hard watch looks.
[[gnu::noinline]] void watchdog_check(Kernel& k)
{
    if (!k.modules || !k.this_cpu->current)
        return;
    const PerCpu& cpu = *k.this_cpu;
    const Task& task = *cpu.current;
    const void* innermost = task.guard ? static_cast<const void*>(task.guard) : &task;
    const u64 switches = static_cast<u64>(task.linux.nvcsw + task.linux.nivcsw) + (u64{cpu.index} << 56);
    const bool is_hard = hard(k);
    bool expired = too_long(k.modules->watch_hard[cpu.index], is_hard ? innermost : nullptr, switches + cpu.interrupts);
    if (!is_hard)
        expired = too_long(k.modules->watch_soft[cpu.index], innermost, switches);
    if (!expired)
        return;
    TrapFrame f{};
    IRQLAB_CAPTURE(f);
    back_to_driver(task, f);
    report(k, f);
}

void watchdog_trapped(Kernel& k, TrapFrame& frame) { report(k, frame); }

} // namespace irqlab::kernel

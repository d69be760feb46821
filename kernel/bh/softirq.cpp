// Softirqs: raised, run at the end of an interrupt with its limits, or in ksoftirqd. [LX kernel/softirq.c]
#include <bit>
#include <utility>

#include "kernel/bh/bh.hpp"
#include "kernel/entry/guard.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/tick.hpp"
#include "kernel/trace/trace.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned rounds_max = 10;
constexpr u64 round_ns = 1'000; // of ksoftirqd, when softirqs are pending again at once
constexpr unsigned long jiffies_max = (2 * abi::IRQLAB_HZ + 999) / 1000; // 2 ms, in jiffies as Linux counts it
// local_bh_disable counts two, so that a softirq that runs (one) can be told from a section without them.
constexpr unsigned bh_disable_offset = 2 * softirq_offset;

void run_pending(Kernel& k);

int ksoftirqd_main(void*)
{
    while (true) {
        Kernel& k = kernel();
        if (k.this_cpu->softirq_pending) {
            run_pending(k);
            // A tasklet that is disabled keeps its softirq pending: the thread spins, and the rest goes on.
            if (k.this_cpu->softirq_pending)
                sched_spend(k, round_ns);
            cond_resched_point();
            continue;
        }
        Task& self = current_task();
        self.linux.__state = task_interruptible;
        self.waits_in = "ksoftirqd";
        schedule();
    }
}

void wake_ksoftirqd(Kernel& k)
{
    PerCpu& cpu = *k.this_cpu;
    Task*& t = k.bh->ksoftirqd[cpu.index];
    if (!t) {
        char comm[16] = "ksoftirqd/0";
        comm[10] = static_cast<char>('0' + cpu.index % 10);
        if (cpu.index >= 10) {
            comm[10] = static_cast<char>('0' + cpu.index / 10);
            comm[11] = static_cast<char>('0' + cpu.index % 10);
            comm[12] = 0;
        }
        t = &task_create(k, comm, ksoftirqd_main, nullptr, nullptr, cpu.index);
        return; // runnable already
    }
    wake_up(*t);
}

void call(void* argument)
{
    auto* action = static_cast<abi::softirq_action*>(argument);
    action->action(action);
}

void run_one(Kernel& k, unsigned nr)
{
    PerCpu& cpu = *k.this_cpu;
    ++cpu.softirqs[nr];
    abi::softirq_action& a = k.bh->action[nr];
    if (!a.action)
        return;
    const unsigned before = cpu.preempt_count;
    k.emit(EventKind::softirq_entry, nr);
    trace(k, TraceEvent::softirq_entry, {nr});
    if (run_guarded(cpu, call, &a)) [[unlikely]]
        timers_forget_running(k);
    k.emit(EventKind::softirq_exit, nr);
    trace(k, TraceEvent::softirq_exit, {nr});
    if (cpu.preempt_count != before) [[unlikely]] {
        abi::_printk("\0013huh, entered softirq %u %ps with preempt_count %08x, exited with %08x?\n", nr,
                     reinterpret_cast<void*>(a.action), before, cpu.preempt_count);
        cpu.preempt_count = before;
    }
}

/// Until 6.3 a ksoftirqd that is awake gets everything but tasklets, however many interrupts end meanwhile.
bool ksoftirqd_has_it(const Kernel& k)
{
    constexpr u32 at_once = 1u << abi::HI_SOFTIRQ | 1u << abi::TASKLET_SOFTIRQ;
    const PerCpu& cpu = *k.this_cpu;
    const Task* t = k.bh->ksoftirqd[cpu.index];
    return k.config.release < Release::v6_6 && t && t->linux.__state == task_running &&
           !(cpu.softirq_pending & at_once);
}

void run_pending(Kernel& k)
{
    PerCpu& cpu = *k.this_cpu;
    hw::Cpu& core = k.machine.core[cpu.index].cpu;
    const bool were_on = hw::interrupts_on(core);
    const unsigned long end = jiffies(k) + jiffies_max;
    cpu.preempt_count += softirq_offset;
    for (unsigned round = 0; cpu.softirq_pending; ++round) {
        const bool late = round != 0 && static_cast<long>(jiffies(k) - end) >= 0;
        if (round == rounds_max || late || (round != 0 && cpu.need_resched)) {
            wake_ksoftirqd(k);
            break;
        }
        u32 pending = std::exchange(cpu.softirq_pending, 0);
        // The handlers run with interrupts on, so that one may land between two of them.
        core.rflags |= hw::rflags::If::mask;
        sched_take_interrupts(k);
        for (; pending; pending &= pending - 1)
            run_one(k, static_cast<unsigned>(std::countr_zero(pending)));
        hw::cli(core);
    }
    cpu.preempt_count -= softirq_offset;
    if (were_on) {
        core.rflags |= hw::rflags::If::mask;
        sched_take_interrupts(k);
    }
}

} // namespace

void do_softirq(Kernel& k)
{
    const PerCpu& cpu = *k.this_cpu;
    if (!cpu.in_interrupt() && cpu.softirq_pending && !ksoftirqd_has_it(k))
        run_pending(k);
}

void irq_exit_softirq(Kernel& k)
{
    const PerCpu& cpu = *k.this_cpu;
    if (cpu.in_interrupt() || !cpu.softirq_pending || ksoftirqd_has_it(k))
        return;
    if (k.bh->threaded)
        wake_ksoftirqd(k);
    else
        run_pending(k);
}

void raise_softirq(Kernel& k, unsigned nr)
{
    PerCpu& cpu = *k.this_cpu;
    cpu.softirq_pending |= 1u << nr;
    k.emit(EventKind::softirq_raise, nr);
    trace(k, TraceEvent::softirq_raise, {nr});
    if (!cpu.in_interrupt())
        wake_ksoftirqd(k);
}

void local_bh_disable(PerCpu& cpu) { cpu.preempt_count += bh_disable_offset; }

void local_bh_enable(Kernel& k)
{
    PerCpu& cpu = *k.this_cpu;
    if (cpu.in_hardirq() && !std::exchange(k.bh->warned_in_hardirq, true)) [[unlikely]]
        kernel_warn("kernel/softirq.c", 375, "__local_bh_enable_ip", nullptr);
    cpu.preempt_count -= bh_disable_offset - preempt_offset; // what waited runs with preemption still off
    if (cpu.softirq_pending && !cpu.in_interrupt())
        do_softirq(k);
    cpu.preempt_count -= preempt_offset;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using irqlab::kernel::kernel;
using irqlab::kernel::this_cpu;

void open_softirq(int nr, void (*action)(softirq_action*))
{
    if (nr >= 0 && nr < NR_SOFTIRQS)
        kernel().bh->action[nr].action = action;
}

void raise_softirq(unsigned nr)
{
    if (nr < NR_SOFTIRQS)
        irqlab::kernel::raise_softirq(kernel(), nr);
}

void raise_softirq_irqoff(unsigned nr) { raise_softirq(nr); }

void __raise_softirq_irqoff(unsigned nr)
{
    if (nr >= NR_SOFTIRQS)
        return;
    this_cpu().softirq_pending |= 1u << nr;
    kernel().emit(irqlab::kernel::EventKind::softirq_raise, nr);
    irqlab::kernel::trace(kernel(), irqlab::kernel::TraceEvent::softirq_raise, {nr});
}

unsigned __lab_local_softirq_pending(void) { return this_cpu().softirq_pending; }
void __lab_local_bh_disable(void) { irqlab::kernel::local_bh_disable(this_cpu()); }
void __lab_local_bh_enable(void) { irqlab::kernel::local_bh_enable(kernel()); }

void __local_bh_enable_ip(unsigned long, unsigned count)
{
    this_cpu().preempt_count -= count - 2 * irqlab::kernel::softirq_offset;
    __lab_local_bh_enable();
}

} // namespace irqlab::abi

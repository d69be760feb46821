// The preemption count, the interrupt flag, and the check that sleeping is allowed.
//
// The kernel is the voluntary one (PREEMPT_DYNAMIC's default at Debian): enabling preemption only counts; a
// task gives the CPU away when it sleeps, at cond_resched and on the way to user code.
#include "kernel/lock/lock.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

namespace {
void rcu_core(abi::softirq_action*) { rcu_run_callbacks(kernel()); }
} // namespace

void lock_init(Kernel& k)
{
    k.locks = k.arena.make<Locks>();
    abi::open_softirq(abi::RCU_SOFTIRQ, rcu_core);
}

void irqs_on(Kernel& k)
{
    const unsigned cpu = k.this_cpu->index;
    hw::sti(k.machine.core[cpu].cpu);
    hw::retire(k.machine.core[cpu].cpu);
    if (hw::interrupt_pending(k.machine, cpu))
        sched_take_interrupts(k);
    step_if_due(k);
}

bool signal_ends(const Task& task, unsigned state)
{
    constexpr u64 kill = u64{1} << 8;
    if ((state & (task_interruptible | task_wakekill)) == 0 || !signal_pending(task))
        return false;
    return (state & task_interruptible) != 0 || (task.signals & kill) != 0;
}

namespace {

constexpr unsigned taint_warn = 1u << 9;

bool may_say(Kernel& k)
{
    Locks& l = *k.locks;
    const u64 now = now_ns(*k.this_cpu);
    if (l.might_sleep_said && now < l.might_sleep_said_ns + 1'000'000'000)
        return false;
    l.might_sleep_said = true;
    l.might_sleep_said_ns = now;
    return true;
}

// The third and fourth lines came with 5.17.
void report_atomic_sleep(Kernel& k, const char* file, int line)
{
    const PerCpu& cpu = *k.this_cpu;
    const unsigned count = cpu.preempt_count;
    abi::_printk("\0013BUG: sleeping function called from invalid context at %s:%d\n", file, line);
    abi::_printk("\0013in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s\n", count != 0,
                 irqs_off(k), cpu.current->pid(), cpu.current->comm());
    if (k.config.release >= Release::v6_1) {
        abi::_printk("\0013preempt_count: %x, expected: 0\n", count);
        abi::_printk("\0013RCU nest depth: %d, expected: 0\n", 0);
    }
    abi::dump_stack();
    k.taint |= taint_warn;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

// Bit 31 is not the count's: Linux keeps "no need to reschedule" there.
int __lab_preempt_count(void) { return static_cast<int>(this_cpu().preempt_count & ~(1u << 31)); }
void __lab_preempt_add(int value) { this_cpu().preempt_count += static_cast<unsigned>(value); }
void __lab_preempt_sub(int value) { this_cpu().preempt_count -= static_cast<unsigned>(value); }

void __lab_preempt_enable(void)
{
    Kernel& k = kernel::kernel();
    --k.this_cpu->preempt_count;
    step_if_due(k);
}

unsigned long __lab_irq_flags(void) { return cpu_flags(kernel::kernel()); }
int __lab_irqs_disabled(void) { return irqs_off(kernel::kernel()); }
void __lab_irq_disable(void) { irqs_disable(kernel::kernel()); }
void __lab_irq_enable(void) { irqs_on(kernel::kernel()); }

unsigned long __lab_irq_save(void)
{
    Kernel& k = kernel::kernel();
    const unsigned long flags = cpu_flags(k);
    irqs_disable(k);
    return flags;
}

void __lab_irq_restore(unsigned long flags)
{
    Kernel& k = kernel::kernel();
    if (!hw::rflags::If::test(flags))
        irqs_disable(k);
    else if (irqs_off(k))
        irqs_on(k);
}

void __lab_cpu_relax(void)
{
    Kernel& k = kernel::kernel();
    if (!sched_relax(k))
        soft_lockup();
}

// HLT by a driver. With IF clear only an NMI could end it.
void __lab_halt(void)
{
    Kernel& k = kernel::kernel();
    hw::Cpu& cpu = k.machine.core[k.this_cpu->index].cpu;
    hw::hlt(cpu);
    while (cpu.state == hw::CpuState::halted)
        if (!sched_relax(k)) {
            cpu.state = hw::CpuState::running;
            soft_lockup();
        }
}

void __might_sleep(const char* file, int line)
{
    Kernel& k = kernel::kernel();
    if (k.this_cpu->preempt_count == 0 && !irqs_off(k)) [[likely]]
        return;
    if (k.locks && k.this_cpu->current && !has_word(k.config.options, "DEBUG_ATOMIC_SLEEP=n") && may_say(k))
        report_atomic_sleep(k, file, line);
}

} // namespace irqlab::abi

// The threads `irq/N-name`: woken by the primary handler, they run the slow half. See the header.
#include "kernel/irq/thread.hpp"

#include <cstdio>

#include "kernel/bh/bh.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/irq/desc_lock.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/lock.h"
#include "linux/abi/printk.h"
#include "linux/abi/sched.h"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

namespace {

// The secondary action is in no line's list: only its thread is ever woken.
abi::irqreturn_t secondary_handler(int irq, void*)
{
    kernel_warn("kernel/irq/manage.c", 1032, "irq_forced_secondary_handler",
                "Secondary action handler called for irq %d\n", irq);
    return abi::IRQ_NONE;
}

// The last thread of a oneshot line lets it interrupt again; not one that was woken once more while it ran.
void finalize_oneshot(abi::irq_desc& desc, abi::irqaction& action)
{
    if (!(istate(desc) & irqs_oneshot) || action.handler == secondary_handler)
        return;
    // The thread may be quicker than the handlers that come after its own.
    abi::synchronize_hardirq(action.irq);
    const DescLock lock; // what waits at the line comes when it is released
    if (action.thread_flags & irqtf_runthread)
        return;
    desc.threads_oneshot &= ~action.thread_mask;
    if (!desc.threads_oneshot && !irqd_test(desc, irqd_irq_disabled) && irqd_test(desc, irqd_irq_masked))
        unmask_irq(desc);
    sched_signals(kernel());
}

void sleep_until_woken(abi::irqaction& action)
{
    Task& self = current_task();
    self.waits_in = "irq_thread";
    self.linux.__state = task_interruptible;
    if (!(action.thread_flags & (irqtf_runthread | irqtf_should_stop)))
        schedule();
    self.linux.__state = task_running;
}

/// Sleeps on the line's queue until done(). The one waited for may need this very CPU.
template <class Done> void sleep_on(abi::irq_desc& desc, Done done)
{
    while (!done()) {
        abi::wait_queue_entry entry;
        abi::init_wait_entry(&entry, 0);
        abi::prepare_to_wait(&desc.wait_for_threads, &entry, task_uninterruptible);
        if (!done())
            schedule();
        abi::finish_wait(&desc.wait_for_threads, &entry);
    }
}

// Where the line's interrupts arrive; the 8259 has no say in that, so that its threads run anywhere.
CpuSet cpus_of(abi::irq_desc& desc)
{
    return irq_has_vector(kernel(), desc) ? CpuSet::only(route_of(desc).cpu) : CpuSet::all();
}

// A handler that `threadirqs` made a thread runs as it was written: with interrupts and softirqs off.
abi::irqreturn_t call_thread_fn(abi::irqaction& action)
{
    const bool forced = (action.thread_flags & irqtf_forced_thread) != 0;
    unsigned long flags = 0;
    if (forced) {
        abi::__lab_local_bh_disable();
        flags = abi::__lab_irq_save();
    }
    const abi::irqreturn_t result = action.thread_fn(static_cast<int>(action.irq), action.dev_id);
    if (forced) {
        abi::__lab_irq_restore(flags);
        abi::__lab_local_bh_enable();
    }
    return result;
}

int irq_thread(void* argument)
{
    auto& action = *static_cast<abi::irqaction*>(argument);
    Kernel& k = kernel();
    while (true) {
        sleep_until_woken(action);
        if (action.thread_flags & irqtf_runthread) {
            action.thread_flags &= ~irqtf_runthread;
            abi::irq_desc& desc = *irq_desc_of(k, action.irq);
            if (action.thread_flags & irqtf_affinity) {
                action.thread_flags &= ~irqtf_affinity;
                task_set_affinity(current_task(), cpus_of(desc));
            }
            const abi::irqreturn_t result = call_thread_fn(action);
            if (result == abi::IRQ_HANDLED)
                ++desc.threads_handled.counter;
            finalize_oneshot(desc, action);
            if (result == abi::IRQ_WAKE_THREAD && action.secondary)
                irq_wake_action(desc, *action.secondary);
            --desc.threads_active.counter;
            abi::__wake_up(&desc.wait_for_threads, task_uninterruptible, 0, nullptr);
            continue;
        }
        if (action.thread_flags & irqtf_should_stop)
            break;
    }
    return 0;
}

// However it ends: told to stop, or by an Oops of the handler. Then its line must not wait for it.
void tell_end(Task& task)
{
    auto& action = *static_cast<abi::irqaction*>(task.argument);
    abi::irq_desc& desc = *irq_desc_of(kernel(), action.irq);
    if (!(action.thread_flags & irqtf_should_stop)) {
        abi::_printk("\0013genirq: exiting task \"%s\" (%d) is an active IRQ thread (irq %d)\n", task.comm(),
                     task.pid(), static_cast<int>(action.irq));
        if (action.thread_flags & irqtf_runthread)
            --desc.threads_active.counter;
        action.thread_flags &= ~irqtf_runthread;
        finalize_oneshot(desc, action);
    }
    action.thread_flags |= irqtf_gone;
    abi::__wake_up(&desc.wait_for_threads, task_uninterruptible, 0, nullptr);
}

} // namespace

abi::irqreturn_t irq_default_primary_handler(int, void*) { return abi::IRQ_WAKE_THREAD; }

unsigned long irq_free_thread_bit(const abi::irq_desc& desc)
{
    unsigned long taken = 0;
    for (const abi::irqaction* a = desc.action; a; a = a->next)
        taken |= a->thread_mask;
    return ~taken & (taken + 1);
}

void irq_force_thread(Kernel& k, abi::irq_desc& desc, abi::irqaction& action)
{
    constexpr unsigned never = IRQF_NO_THREAD | IRQF_PERCPU | IRQF_ONESHOT;
    if (!k.bh->threaded || (action.flags & never) || (desc.status_use_accessors & abi::IRQ_NOTHREAD) ||
        action.handler == irq_default_primary_handler)
        return;
    action.flags |= IRQF_ONESHOT;
    if (action.thread_fn) {
        auto* second = k.arena.make<abi::irqaction>();
        second->handler = secondary_handler;
        second->thread_fn = action.thread_fn;
        second->dev_id = action.dev_id;
        second->irq = action.irq;
        second->name = action.name;
        action.secondary = second;
    }
    action.thread_flags |= irqtf_forced_thread;
    action.thread_fn = action.handler;
    action.handler = irq_default_primary_handler;
}

void irq_force_boot_threads(Kernel& k)
{
    if (k.bh->threaded || !has_word(k.config.cmdline, "threadirqs"))
        return;
    k.bh->threaded = true;
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq) {
        abi::irq_desc* desc = irq_desc_of(k, irq);
        for (abi::irqaction* a = desc ? desc->action : nullptr; a; a = a->next) {
            irq_force_thread(k, *desc, *a);
            if (!(a->thread_flags & irqtf_forced_thread))
                continue;
            a->thread_mask = irq_free_thread_bit(*desc);
            istate(*desc) |= irqs_oneshot;
            irq_thread_make(k, *a);
        }
    }
}

void irq_thread_make(Kernel& k, abi::irqaction& action)
{
    char comm[16];
    std::snprintf(comm, sizeof comm, action.handler == secondary_handler ? "irq/%u-s-%s" : "irq/%u-%s",
                  action.irq, action.name ? action.name : "(null)");
    abi::irq_desc& desc = *irq_desc_of(k, action.irq);
    Task& t = task_create(k, comm, irq_thread, &action, nullptr, route_of(desc).cpu);
    t.at_exit = tell_end;
    abi::sched_set_fifo(&t.linux);
    task_set_affinity(t, cpus_of(desc));
    action.thread = &t.linux;
    if (action.secondary)
        irq_thread_make(k, *action.secondary);
}

void irq_thread_stop(Kernel& k, abi::irqaction& action)
{
    action.thread_flags |= irqtf_should_stop;
    wake_up(Task::of(action.thread));
    sleep_on(*irq_desc_of(k, action.irq), [&] { return (action.thread_flags & irqtf_gone) != 0; });
    action.thread = nullptr;
    if (action.secondary) {
        irq_thread_stop(k, *action.secondary);
        k.arena.give_back(action.secondary, sizeof *action.secondary);
        action.secondary = nullptr;
    }
}

void irq_threads_follow(abi::irq_desc& desc)
{
    for (abi::irqaction* a = desc.action; a; a = a->next)
        for (abi::irqaction* each = a; each; each = each->secondary)
            if (each->thread)
                each->thread_flags |= irqtf_affinity;
}

void irq_threads_wait(abi::irq_desc& desc)
{
    sleep_on(desc, [&] { return desc.threads_active.counter <= 0; });
}

void irq_wake_action(abi::irq_desc& desc, abi::irqaction& action)
{
    if (!action.thread || (action.thread_flags & irqtf_gone) || (action.thread_flags & irqtf_runthread))
        return;
    action.thread_flags |= irqtf_runthread;
    desc.threads_oneshot |= action.thread_mask;
    ++desc.threads_active.counter;
    wake_up(Task::of(action.thread));
}

} // namespace irqlab::kernel

namespace irqlab::abi {

void irq_wake_thread(unsigned irq, void* dev_id)
{
    irq_desc* desc = irq_to_desc(irq);
    for (irqaction* a = desc ? desc->action : nullptr; a; a = a->next)
        if (a->dev_id == dev_id) {
            if (a->thread)
                irqlab::kernel::irq_wake_action(*desc, *a);
            return;
        }
}

} // namespace irqlab::abi

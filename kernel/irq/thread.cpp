#include "kernel/irq/thread.hpp"

#include <cstdio>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/lock.h"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {

/// irqaction.thread_flags [LX kernel/irq/internals.h].
enum ThreadFlags : unsigned long { irqtf_runthread = 1, irqtf_should_stop = 1 << 8, irqtf_gone = 1 << 9 };

// The last thread of a oneshot line lets it interrupt again.
void finalize_oneshot(abi::irq_desc& desc, abi::irqaction& action)
{
    if (!(istate(desc) & irqs_oneshot))
        return;
    desc.threads_oneshot &= ~action.thread_mask;
    if (!desc.threads_oneshot && !irqd_test(desc, irqd_irq_disabled) && irqd_test(desc, irqd_irq_masked))
        unmask_irq(desc);
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
template <class Done>
void sleep_on(abi::irq_desc& desc, Done done)
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

int irq_thread(void* argument)
{
    auto& action = *static_cast<abi::irqaction*>(argument);
    Kernel& k = kernel();
    while (true) {
        sleep_until_woken(action);
        if (action.thread_flags & irqtf_runthread) {
            action.thread_flags &= ~irqtf_runthread;
            abi::irq_desc& desc = *irq_desc_of(k, action.irq);
            const auto result = action.thread_fn(static_cast<int>(action.irq), action.dev_id);
            if (result == abi::IRQ_HANDLED)
                ++desc.threads_handled.counter;
            finalize_oneshot(desc, action);
            --desc.threads_active.counter;
            abi::__wake_up(&desc.wait_for_threads, task_uninterruptible, 0, nullptr);
            continue;
        }
        if (action.thread_flags & irqtf_should_stop)
            break;
    }
    return 0;
}

// However it ends: told to stop, or by an Oops of the handler.
void tell_end(Task& task)
{
    auto& action = *static_cast<abi::irqaction*>(task.argument);
    action.thread_flags |= irqtf_gone;
    abi::__wake_up(&irq_desc_of(kernel(), action.irq)->wait_for_threads, task_uninterruptible, 0, nullptr);
}

} // namespace

abi::irqreturn_t irq_default_primary_handler(int, void*) { return abi::IRQ_WAKE_THREAD; }

void irq_thread_make(Kernel& k, abi::irqaction& action)
{
    char comm[16];
    std::snprintf(comm, sizeof comm, "irq/%u-%s", action.irq, action.name ? action.name : "(null)");
    Task& t = task_create(k, comm, irq_thread, &action, nullptr, route_of(*irq_desc_of(k, action.irq)).cpu);
    t.at_exit = tell_end;
    action.thread = &t.linux;
}

void irq_thread_stop(Kernel& k, abi::irqaction& action)
{
    action.thread_flags |= irqtf_should_stop;
    wake_up(Task::of(action.thread));
    sleep_on(*irq_desc_of(k, action.irq), [&] { return (action.thread_flags & irqtf_gone) != 0; });
    action.thread = nullptr;
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

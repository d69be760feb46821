// Callbacks in hard interrupt context. See the header.
#include "kernel/irq/work.hpp"

#include "kernel/entry/guard.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "linux/abi/irqdomain.h"

namespace irqlab::kernel {

using abi::irq_work;

namespace {

constexpr int pending = 1, busy = 2, claimed = pending | busy, lazy = 4;

/// Queued works, in order; linked by their llnode.
struct WorkList {
    irq_work* head = nullptr;
    irq_work* tail = nullptr;
};

} // namespace

struct IrqWorks {
    WorkList raised[cpu_set_bits], lazy[cpu_set_bits]; // by CPU
};

namespace {

static_assert(offsetof(irq_work, llnode) == 0);
irq_work* next_of(const irq_work& work) { return reinterpret_cast<irq_work*>(work.llnode.next); }

IrqWorks& works_of(Kernel& k)
{
    if (!k.irq->works)
        k.irq->works = k.arena.make<IrqWorks>();
    return *k.irq->works;
}

void append(WorkList& list, irq_work& work)
{
    work.llnode.next = nullptr;
    if (list.head)
        list.tail->llnode.next = &work.llnode;
    else
        list.head = &work;
    list.tail = &work;
}

irq_work* take_first(WorkList& list)
{
    irq_work* work = list.head;
    if (work)
        list.head = next_of(*work);
    return work;
}

void call(void* argument)
{
    auto* work = static_cast<irq_work*>(argument);
    work->func(work);
}

// It may queue itself anew, or be queued by another: then it stays busy.
void run(Kernel& k, WorkList& list)
{
    while (irq_work* work = take_first(list)) {
        work->flags.counter &= ~pending;
        run_guarded(*k.this_cpu, call, work);
        if (!(work->flags.counter & pending))
            work->flags.counter &= ~busy;
    }
}

bool claim(irq_work& work)
{
    if (work.flags.counter & pending)
        return false;
    work.flags.counter |= claimed;
    return true;
}

/// Without a local APIC no CPU can interrupt itself: the tick runs them.
void raise(Kernel& k, unsigned cpu)
{
    if (k.irq->use_lapic)
        send_ipi(k, cpu, irq_work_vector);
}

void queue(Kernel& k, irq_work& work, unsigned cpu)
{
    IrqWorks& works = works_of(k);
    WorkList& list = work.flags.counter & lazy ? works.lazy[cpu] : works.raised[cpu];
    append(list, work);
    if (&list == &works.raised[cpu])
        raise(k, cpu);
    sched_signals(k);
}

} // namespace

void irq_work_run_list(Kernel& k)
{
    if (!k.irq->works)
        return;
    run(k, k.irq->works->raised[k.this_cpu->index]);
    run(k, k.irq->works->lazy[k.this_cpu->index]);
}

void irq_work_tick(Kernel& k)
{
    if (!k.irq || !k.irq->works)
        return;
    if (!k.irq->use_lapic)
        run(k, k.irq->works->raised[k.this_cpu->index]);
    run(k, k.irq->works->lazy[k.this_cpu->index]);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

bool irq_work_queue(irq_work* work)
{
    Kernel& k = kernel();
    if (!claim(*work))
        return false;
    queue(k, *work, k.this_cpu->index);
    return true;
}

bool irq_work_queue_on(irq_work* work, int cpu)
{
    Kernel& k = kernel();
    const auto target = static_cast<unsigned>(cpu);
    if (target >= k.cpu_count || !k.cpus[target].online) {
        __lab_warn("kernel/irq_work.c", 134, "irq_work_queue_on", nullptr);
        return false;
    }
    if (!claim(*work))
        return false;
    queue(k, *work, target);
    return true;
}

void irq_work_run(void) { irq_work_run_list(kernel()); }

void irq_work_sync(irq_work* work)
{
    Kernel& k = kernel();
    __might_sleep("kernel/irq_work.c", 279);
    while (work->flags.counter & busy)
        if (!sched_relax(k))
            soft_lockup();
}

} // namespace irqlab::abi

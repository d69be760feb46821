// CPUs as drivers see them: numbers, masks, calls on other CPUs.
//
// A call on another CPU is an interrupt there: it runs when that CPU takes the vector.
#include <algorithm>
#include <iterator>

#include "kernel/bh/bh.hpp"
#include "kernel/entry/guard.hpp"
#include "kernel/irq/apic.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/module/export.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/syscall.hpp"
#include "kernel/time/tick.hpp"

namespace irqlab::kernel {

struct CallOnCpu {
    void (*function)(void*);
    void* argument;
    bool done;
    bool waited; // the caller looks at `done` and owns the record
    CallOnCpu* next;
};

void send_ipi(Kernel& k, unsigned cpu, u8 vector)
{
    // In xAPIC mode by ID, whatever the driver: with a destination of eight bits all CPUs can be named so.
    const Target to = k.irq->x2apic ? destination_of(k.irq->apic, cpu) : Target{cpu, false};
    lapic_icr_write(k, static_cast<u32>(hw::icr::Logical::put(vector, to.logical)), to.id);
}

namespace {

constexpr u64 hopeless_ns = 22'000'000'000; // when the lockup watchdogs tell

CallOnCpu& queue_call(Kernel& k, PerCpu& cpu, void (*function)(void*), void* argument, bool waited)
{
    CallOnCpu& call = *k.arena.make<CallOnCpu>(CallOnCpu{function, argument, false, waited, nullptr});
    CallOnCpu** at = &cpu.calls;
    while (*at)
        at = &(*at)->next;
    *at = &call;
    send_ipi(k, cpu.index, call_function_single_vector);
    return call;
}

/// Nobody waits for the call any more: it is taken back, or left to the CPU that is in the middle of it.
void abandon(Kernel& k, CallOnCpu& call)
{
    for (unsigned i = 0; i < k.cpu_count && !call.done; ++i)
        for (CallOnCpu** at = &k.cpus[i].calls; *at; at = &(*at)->next)
            if (*at == &call) {
                *at = call.next;
                call.done = true;
                break;
            }
    call.waited = false;
    if (call.done)
        k.arena.give_back(&call, sizeof call);
}

/// @return false when that CPU will not run it: it takes no interrupts.
bool wait_for(Kernel& k, const CallOnCpu& call)
{
    const u64 since = now_ns(*k.this_cpu);
    while (!call.done)
        if (!sched_relax(k) || now_ns(*k.this_cpu) - since > hopeless_ns)
            return call.done;
    return true;
}

void call_each(Kernel& k, const CpuSet& mask, void (*function)(void*), void* argument, bool wait)
{
    CallOnCpu* calls[cpu_set_bits];
    unsigned count = 0;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (mask.has(i) && k.cpus[i].online && &k.cpus[i] != k.this_cpu)
            calls[count++] = &queue_call(k, k.cpus[i], function, argument, wait);
    sched_signals(k);
    bool answered = true;
    for (unsigned i = 0; wait && i < count; ++i) {
        answered = answered && wait_for(k, *calls[i]);
        abandon(k, *calls[i]);
    }
    if (!answered)
        soft_lockup();
}

} // namespace

void run_calls(Kernel& k)
{
    while (CallOnCpu* call = k.this_cpu->calls) {
        k.this_cpu->calls = call->next;
        run_guarded(*k.this_cpu, call->function, call->argument); // who waits must hear of the end, however it came
        call->done = true;
        if (!call->waited)
            k.arena.give_back(call, sizeof *call);
    }
}

CpuSet online_cpus(const Kernel& k)
{
    CpuSet set;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (k.cpus[i].online)
            set.add(i);
    return set;
}

void smp_note_online(Kernel& k)
{
    if (!k.smp)
        k.smp = k.arena.make<Smp>();
    k.smp->possible = k.smp->present = mask_of(CpuSet::first_of(k.cpu_count));
    k.smp->online = k.smp->active = mask_of(online_cpus(k));
    k.smp->cpu_ids = k.cpu_count;
}

namespace {

void* possible_of(Kernel& k) { return &k.smp->possible; }
void* present_of(Kernel& k) { return &k.smp->present; }
void* online_of(Kernel& k) { return &k.smp->online; }
void* active_of(Kernel& k) { return &k.smp->active; }
void* cpu_ids_of(Kernel& k) { return &k.smp->cpu_ids; }

constexpr Release first = Release::v5_4, last = Release::v6_12;

/// Has the CPU nothing left that only its own steps would end?
bool quiet(const Kernel& k, const PerCpu& cpu)
{
    return cpu.current == cpu.idle && !cpu.queue.head && !cpu.calls && !cpu.in_interrupt() &&
           !hw::interrupt_pending(k.machine, cpu.index);
}

/// Whoever runs on a CPU that goes, or waits to run there, finds another one: the caller too.
/// @return whether the CPU is quiet in the end.
bool clear_cpu(Kernel& k, PerCpu& cpu)
{
    move_current(k);
    const u64 since = now_ns(*k.this_cpu);
    while (true) {
        while (Task* t = cpu.queue.head) {
            unqueue(*t);
            activate(k, *t);
        }
        if (quiet(k, cpu))
            return true;
        cpu.need_resched = true; // its next schedule() puts the task elsewhere
        if (!sched_relax(k) || now_ns(*k.this_cpu) - since > hopeless_ns)
            return false;
    }
}

/// Lines whose vector lies on a CPU that goes get one elsewhere, as Linux's fixup_irqs does.
void move_lines(Kernel& k, unsigned cpu)
{
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq) {
        abi::irq_desc* d = k.irq->desc[irq];
        if (!d || !d->irq_data.chip->irq_set_affinity || !route_of(*d).vector)
            continue;
        if (route_of(*d).cpu == cpu)
            irq_move_from_dying_cpu(k, *d);
        else if (route_of(*d).old_vector && route_of(*d).old_cpu == cpu)
            vector_forget_old(k, *d);
    }
}

} // namespace

int lab_cpu_online(unsigned index, bool online)
{
    Kernel& k = kernel();
    if (index >= k.cpu_count)
        return -ENODEV;
    PerCpu& cpu = k.cpus[index];
    if (index == 0)
        return -EPERM; // the boot CPU stays, as on Linux without CONFIG_BOOTPARAM_HOTPLUG_CPU0
    if (cpu.online == online)
        return -EINVAL;
    syscall_enter();
    k.smp->active.bits[index / 64] &= ~(1ul << index % 64); // from here on nobody is put there
    const bool may = online || clear_cpu(k, cpu);
    if (may) {
        cpu.online = online;
        cpu.clock_ns = std::max(cpu.clock_ns, now_ns(*k.this_cpu));
    }
    smp_note_online(k);
    if (may && !online) {
        move_lines(k, index);
        timers_leave(k, index);
        bh_leave(k, index);
    }
    syscall_exit();
    return may ? 0 : -EBUSY;
}

extern const Export smp_exports[] = {
    EXPORT(__lab_smp_processor_id),
    EXPORT(__lab_num_online_cpus),
    EXPORT(__lab_need_resched),
    EXPORT(smp_call_function_single),
    EXPORT(smp_call_function),
    EXPORT(smp_call_function_many),
    EXPORT(on_each_cpu_cond_mask),
    {"__cpu_possible_mask", nullptr, false, first, last, possible_of},
    {"__cpu_present_mask", nullptr, false, first, last, present_of},
    {"__cpu_online_mask", nullptr, false, first, last, online_of},
    {"__cpu_active_mask", nullptr, false, first, last, active_of},
    {"nr_cpu_ids", nullptr, false, first, last, cpu_ids_of},
};
extern const std::size_t smp_exports_count = std::size(smp_exports);

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;
using irqlab::kernel::this_cpu;

int __lab_smp_processor_id(void) { return this_cpu().index; }
int __lab_need_resched(void) { return this_cpu().need_resched; }

unsigned __lab_num_online_cpus(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < kernel().cpu_count; ++i)
        n += kernel().cpus[i].online;
    return n;
}

int smp_call_function_single(int cpu, void (*func)(void*), void* info, int wait)
{
    Kernel& k = kernel();
    if (static_cast<unsigned>(cpu) >= k.cpu_count || !k.cpus[cpu].online)
        return -ENXIO;
    if (&k.cpus[cpu] == k.this_cpu) {
        const unsigned long flags = __lab_irq_save();
        func(info);
        __lab_irq_restore(flags);
        return 0;
    }
    call_each(k, CpuSet::only(static_cast<unsigned>(cpu)), func, info, wait != 0);
    return 0;
}

void smp_call_function(void (*func)(void*), void* info, int wait)
{
    call_each(kernel(), CpuSet::all(), func, info, wait != 0);
}

void smp_call_function_many(const cpumask* mask, void (*func)(void*), void* info, bool wait)
{
    call_each(kernel(), set_of(*mask), func, info, wait);
}

void on_each_cpu_cond_mask(bool (*cond)(int, void*), void (*func)(void*), void* info, bool wait, const cpumask* mask)
{
    Kernel& k = kernel();
    CpuSet wanted;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (set_of(*mask).has(i) && (!cond || cond(static_cast<int>(i), info)))
            wanted.add(i);
    if (wanted.has(k.this_cpu->index))
        smp_call_function_single(k.this_cpu->index, func, info, 1);
    call_each(k, wanted, func, info, wait);
}

} // namespace irqlab::abi

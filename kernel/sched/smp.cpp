// CPUs as drivers see them: numbers, masks, calls on other CPUs.
//
// A call on another CPU is an interrupt there: it runs when that CPU takes the vector.
#include <iterator>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/syscall.hpp"

namespace irqlab::kernel {

struct CallOnCpu {
    void (*function)(void*);
    void* argument;
    bool done;
    bool waited; // the caller looks at `done` and owns the record
    CallOnCpu* next;
};

namespace {

void send_ipi(Kernel& k, unsigned cpu, u8 vector)
{
    const unsigned self = k.this_cpu->index;
    hw::mmio_write(k.machine, self, hw::lapic_address + hw::lapic_icr_high, u32{cpu} << 24, k.signals);
    hw::mmio_write(k.machine, self, hw::lapic_address + hw::lapic_icr_low, vector, k.signals);
}

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

void wait_for(Kernel& k, CallOnCpu& call)
{
    while (!call.done && sched_relax(k))
        ;
    k.arena.give_back(&call, sizeof call);
}

void call_each(Kernel& k, u64 mask, void (*function)(void*), void* argument, bool wait)
{
    CallOnCpu* calls[64];
    unsigned count = 0;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if ((mask >> i & 1) && k.cpus[i].online && &k.cpus[i] != k.this_cpu)
            calls[count++] = &queue_call(k, k.cpus[i], function, argument, wait);
    sched_signals(k);
    for (unsigned i = 0; wait && i < count; ++i)
        wait_for(k, *calls[i]);
}

} // namespace

void run_calls(Kernel& k)
{
    while (CallOnCpu* call = k.this_cpu->calls) {
        k.this_cpu->calls = call->next;
        call->function(call->argument);
        call->done = true;
        if (!call->waited)
            k.arena.give_back(call, sizeof *call);
    }
}

void smp_note_online(Kernel& k)
{
    u64 mask = 0;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        mask |= u64{k.cpus[i].online} << i;
    if (!k.smp)
        k.smp = k.arena.make<Smp>();
    k.smp->possible.bits[0] = k.smp->present.bits[0] = ~u64{0} >> (64 - k.cpu_count);
    k.smp->online.bits[0] = k.smp->active.bits[0] = mask;
    k.smp->cpu_ids = k.cpu_count;
}

namespace {

void* possible_of(Kernel& k) { return &k.smp->possible; }
void* present_of(Kernel& k) { return &k.smp->present; }
void* online_of(Kernel& k) { return &k.smp->online; }
void* active_of(Kernel& k) { return &k.smp->active; }
void* cpu_ids_of(Kernel& k) { return &k.smp->cpu_ids; }

constexpr Release first = Release::v5_4, last = Release::v6_12;

/// Tasks that wait to run on a CPU that goes move to the boot CPU.
void move_tasks(PerCpu& from, PerCpu& to)
{
    while (Task* t = from.queue.head) {
        from.queue.head = t->queue_next;
        t->queue_next = nullptr;
        t->cpu = &to;
        (to.queue.tail ? to.queue.tail->queue_next : to.queue.head) = t;
        to.queue.tail = t;
    }
    from.queue.tail = nullptr;
}

/// Lines whose vector lies on a CPU that goes get one elsewhere, as Linux's fixup_irqs does.
void move_lines(Kernel& k, unsigned cpu)
{
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq) {
        abi::irq_desc* d = k.irq->desc[irq];
        if (!d || !d->irq_data.chip->irq_set_affinity || !route_of(*d).vector || route_of(*d).cpu != cpu)
            continue;
        abi::cpumask rest{{k.smp->online.bits[0]}};
        d->irq_data.chip->irq_set_affinity(&d->irq_data, &rest, true);
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
    // Whatever runs there leaves at its next step: only an idle CPU can go.
    while (!online && cpu.current != cpu.idle && sched_relax(k))
        ;
    cpu.online = online;
    smp_note_online(k);
    if (!online) {
        move_tasks(cpu, k.cpus[0]);
        move_lines(k, index);
    }
    syscall_exit();
    return 0;
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
    call_each(k, u64{1} << cpu, func, info, wait != 0);
    return 0;
}

void smp_call_function(void (*func)(void*), void* info, int wait) { call_each(kernel(), ~u64{0}, func, info, wait != 0); }

void smp_call_function_many(const cpumask* mask, void (*func)(void*), void* info, bool wait)
{
    call_each(kernel(), mask->bits[0], func, info, wait);
}

void on_each_cpu_cond_mask(bool (*cond)(int, void*), void (*func)(void*), void* info, bool wait, const cpumask* mask)
{
    Kernel& k = kernel();
    u64 wanted = 0;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if ((mask->bits[0] >> i & 1) && (!cond || cond(static_cast<int>(i), info)))
            wanted |= u64{1} << i;
    if (wanted >> k.this_cpu->index & 1)
        smp_call_function_single(k.this_cpu->index, func, info, 1);
    call_each(k, wanted, func, info, wait);
}

} // namespace irqlab::abi

// Steps: time, due events, interrupts, and which CPU goes next.
#include <bit>

#include "kernel/entry/entry.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/sched/sched_state.hpp"

namespace irqlab::kernel {

namespace {

/// How far a CPU may run ahead of one that has work too.
constexpr u64 quantum_ns = 10'000;
/// The watchdog looks at least this often.
constexpr u64 longest_quiet_ns = u64{1} << 24;

bool has_work(Kernel& k, const PerCpu& cpu)
{
    if (!cpu.online)
        return false;
    if (cpu.current != cpu.idle || cpu.queue.head || cpu.in_interrupt()) // it may have been left within a handler
        return true;
    const hw::Machine& m = k.machine;
    return (hw::interrupt_pending(m, cpu.index) && hw::can_take_interrupt(m.core[cpu.index].cpu)) ||
           hw::nmi_pending(m, cpu.index);
}

/// The address that an interrupt here would come back to: where the interrupted code called us.
u64 interrupted_ip() { return reinterpret_cast<u64>(__builtin_return_address(0)); }

void wake_clock(Kernel& k, unsigned index, u64 now)
{
    PerCpu& cpu = k.cpus[index];
    if (cpu.current == cpu.idle && &cpu != k.this_cpu && cpu.clock_ns < now)
        cpu.clock_ns = now;
}

} // namespace

void drain_signals(Kernel& k) { drain_signals(k, now_ns(*k.this_cpu)); }

void drain_signals(Kernel& k, u64 now)
{
    const hw::Signals& signals = k.signals;
    const u8 context = k.this_cpu->context();
    bool transfers = false;
    k.events.emit_each(signals.size(), [&](std::size_t i, sim::Event& e) {
        const hw::Signal s = signals[i];
        e = {now, static_cast<u16>(s.kind), s.cpu, context, s.number, s.value};
        if (s.kind == hw::SignalKind::lapic_irr || s.kind == hw::SignalKind::nmi)
            wake_clock(k, s.cpu, now);
        else if (s.kind == hw::SignalKind::pic_intr)
            wake_clock(k, 0, now);
        else if (s.kind == hw::SignalKind::dma)
            transfers = true;
    });
    k.signals.clear();
    if (transfers) [[unlikely]] {
        pci_run_transfers(k);
        drain_signals(k, now); // their interrupts
    }
}

void sync_clock(Kernel& k)
{
    k.this_cpu->clock_ns += budget_used_ns();
    access_budget.given = access_budget.left;
}

void refill_budget(Kernel& k)
{
    const PerCpu& cpu = *k.this_cpu;
    u64 until = k.choice.quiet_accesses() < i64{1} << 40 ? cpu.clock_ns + static_cast<u64>(k.choice.quiet_accesses())
                                                         : cpu.clock_ns + longest_quiet_ns;
    // The machine's own bound, if it is up to date: no event comes before it.
    until = std::min(until, k.machine.deadline_ns > cpu.clock_ns ? k.machine.deadline_ns : hw::next_event_ns(k.machine));
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (&k.cpus[i] != &cpu && has_work(k, k.cpus[i]))
            until = std::min(until, k.cpus[i].clock_ns + quantum_ns);
    access_budget.left = access_budget.given = until > cpu.clock_ns ? static_cast<i64>(until - cpu.clock_ns) : 0;
}

void advance_machine(Kernel& k, u64 time_ns)
{
    hw::advance(k.machine, time_ns, k.signals); // cheap when nothing is due
    if (!k.signals.empty())
        drain_signals(k, time_ns);
}

void sched_sync_machine(Kernel& k)
{
    hw::advance(k.machine, now_ns(*k.this_cpu), k.signals);
}

PerCpu* furthest_behind(Kernel& k)
{
    while (true) {
        PerCpu* first = nullptr;
        for (unsigned i = 0; i < k.cpu_count; ++i) {
            PerCpu& cpu = k.cpus[i];
            // At equal times another CPU goes before the one that steps already.
            const bool earlier = !first || cpu.clock_ns < first->clock_ns ||
                                 (cpu.clock_ns == first->clock_ns && first == k.this_cpu);
            if (earlier && has_work(k, cpu))
                first = &cpu;
        }
        // An event that is due before that CPU may give an idle one work at an earlier time.
        const u64 event = hw::next_event_ns(k.machine);
        if (!first || event > first->clock_ns)
            return first;
        advance_machine(k, event);
    }
}

void switch_cpu(Kernel& k, PerCpu& to)
{
    PerCpu& from = *k.this_cpu;
    sync_clock(k);
    k.this_cpu = &to;
    refill_budget(k);
    sim::Fiber::switch_to(from.current->fiber, to.current->fiber);
}

namespace {

/// What taking an interrupt and coming back costs, about.
constexpr i64 interrupt_ns = 500;
/// So many in a row, with nothing else done between, are a line that nobody quiets.
constexpr unsigned storm_turns = 1'000'000;

/// Time has passed on this CPU: due events happen and CPUs that are behind go on.
/// @return whether another one did, so that this one's interrupts are to be looked at again.
bool give_way(Kernel& k)
{
    sync_clock(k);
    advance_machine(k, k.this_cpu->clock_ns);
    if (k.sched->stop || k.this_cpu->clock_ns >= k.sched->stop_ns) [[unlikely]]
        leave_world(k, RunEnd::stopped);
    PerCpu* next = k.sched->in_world ? furthest_behind(k) : nullptr; // at boot there is only this one
    const bool behind = next && next != k.this_cpu && next->clock_ns <= k.this_cpu->clock_ns;
    if (behind)
        switch_cpu(k, *next);
    refill_budget(k);
    return behind;
}

} // namespace

void sched_take_interrupts(Kernel& k)
{
    hw::Machine& m = k.machine;
    for (unsigned turns = 0;; ++turns) {
        PerCpu& cpu = *k.this_cpu;
        hw::Cpu& core = m.core[cpu.index].cpu;
        if (hw::nmi_pending(m, cpu.index) && hw::can_take_nmi(core)) [[unlikely]] {
            enter_nmi(k, hw::deliver(m, cpu.index, hw::exc_nmi, hw::Event::nmi, 0, interrupted_ip(), 0));
            continue;
        }
        if (!hw::can_take_interrupt(core) || !hw::interrupt_pending(m, cpu.index))
            break;
        const int vector = hw::accept(m, cpu.index, k.signals);
        if (vector < 0)
            break;
        core.state = hw::CpuState::running;
        cpu.relaxing = false;
        const auto sp = reinterpret_cast<u64>(__builtin_frame_address(0));
        enter_vector(k, hw::deliver(m, cpu.index, static_cast<u8>(vector), hw::Event::external, 0, interrupted_ip(), sp));
        if (turns == storm_turns) [[unlikely]]
            irq_storm(k, static_cast<u8>(vector), turns);
        access_budget.left -= interrupt_ns / static_cast<i64>(access_ns);
        if (access_budget.left < 0) [[unlikely]]
            give_way(k);
    }
    if (!k.signals.empty())
        drain_signals(k);
}

void sched_signals(Kernel& k)
{
    if (!k.signals.empty())
        drain_signals(k);
    sched_take_interrupts(k);
}

void sched_step(Kernel& k)
{
    sync_clock(k);
    advance_machine(k, k.this_cpu->clock_ns);
    watchdog_check(k);
    sched_take_interrupts(k);
    if (give_way(k))
        sched_take_interrupts(k);
}

void sched_spend(Kernel& k, u64 ns)
{
    sync_clock(k);
    const u64 end = k.this_cpu->clock_ns + ns;
    while (k.this_cpu->clock_ns < end) {
        const u64 event = hw::next_event_ns(k.machine);
        PerCpu& cpu = *k.this_cpu;
        cpu.clock_ns = std::min(end, std::max(event, cpu.clock_ns + 1));
        sched_step(k);
    }
}

namespace {

/// When another CPU with work goes on, at the earliest; never when this one is alone, or the rest waits in place too.
u64 others_ns(Kernel& k)
{
    u64 earliest = sim::never_ns;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (&k.cpus[i] != k.this_cpu && !k.cpus[i].relaxing && has_work(k, k.cpus[i]))
            earliest = std::min(earliest, k.cpus[i].clock_ns);
    return earliest;
}

bool interrupt_due(Kernel& k, const PerCpu& cpu)
{
    return hw::interrupt_pending(k.machine, cpu.index) && hw::can_take_interrupt(k.machine.core[cpu.index].cpu);
}

} // namespace

bool sched_relax(Kernel& k)
{
    sync_clock(k);
    PerCpu& self = *k.this_cpu;
    self.clock_ns += 10; // one turn of the loop
    advance_machine(k, self.clock_ns);
    const u64 others = others_ns(k);
    if (others != sim::never_ns) {
        self.clock_ns = std::max(self.clock_ns, others);
    } else if (!interrupt_due(k, self)) {
        const u64 event = hw::next_event_ns(k.machine);
        if (event == hw::never_ns)
            return false;
        self.clock_ns = std::max(self.clock_ns, event);
    }
    self.relaxing = true;
    sched_step(k);
    self.relaxing = false;
    return true;
}

void idle_loop(Kernel& k)
{
    while (true) {
        PerCpu& cpu = *k.this_cpu;
        sched_take_interrupts(k);
        if (cpu.queue.head) {
            schedule();
            continue;
        }
        if (k.sched->stop)
            leave_world(k, RunEnd::stopped);
        PerCpu* next = furthest_behind(k);
        if (next && next != &cpu) {
            switch_cpu(k, *next);
            continue;
        }
        if (next)
            continue;
        const u64 event = hw::next_event_ns(k.machine);
        if (event == hw::never_ns) {
            leave_world(k, RunEnd::stuck);
            continue;
        }
        if (event >= k.sched->stop_ns) {
            leave_world(k, RunEnd::stopped);
            continue;
        }
        sync_clock(k);
        cpu.clock_ns = std::max(cpu.clock_ns, event);
        advance_machine(k, event);
    }
}

} // namespace irqlab::kernel

// Where the cycles of one edge interrupt go: the path walked stage by stage, with the time stamp counter read
// between.
//
// Counter `cycles`: of the stage, an interrupt, less what reading the counter costs. The whole loop's time is
// that of all stages and of the reads.
#include <algorithm>
#include <x86intrin.h>

#include "bench/in_world.hpp"
#include "kernel/entry/entry.hpp"

namespace irqlab::bench {
namespace {

constexpr unsigned line = 7;

enum Stage { pin_and_ioapic, lapic_accept, idt_delivery, entry_and_flow, exit_and_iret, stages };

u64 in_handler;

abi::irqreturn_t note_time(int, void*)
{
    in_handler = __rdtsc();
    return abi::IRQ_HANDLED;
}

u64 cost_of_reading()
{
    u64 least = ~u64{0};
    for (int i = 0; i < 1000; ++i) {
        const u64 before = __rdtsc();
        least = std::min<u64>(least, __rdtsc() - before);
    }
    return least;
}

/// What sched_signals() does for one pending interrupt, taken apart.
void walk(kernel::Kernel& k, u64 (&spent)[stages])
{
    const unsigned cpu = k.this_cpu->index;
    const u64 t0 = __rdtsc();
    hw::drive_line(k.machine, line, hw::Source::hand, true, k.signals);
    const u64 t1 = __rdtsc();
    const int vector = hw::accept(k.machine, cpu, k.signals);
    const u64 t2 = __rdtsc();
    const hw::Delivered d =
        hw::deliver(k.machine, cpu, static_cast<u8>(vector), hw::Event::external, 0, 0x1000, 0x2000);
    const u64 t3 = __rdtsc();
    kernel::enter_vector(k, d);
    const u64 t4 = __rdtsc();
    spent[pin_and_ioapic] += t1 - t0;
    spent[lapic_accept] += t2 - t1;
    spent[idt_delivery] += t3 - t2;
    spent[entry_and_flow] += in_handler - t3;
    spent[exit_and_iret] += t4 - in_handler;
    hw::drive_line(k.machine, line, hw::Source::hand, false, k.signals);
    k.signals.clear();
}

template <Stage Which> void stage(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        take_line(k, line, note_time);
        const u64 before = served(k, line);
        u64 spent[stages]{};
        for (auto _ : s)
            walk(k, spent);
        check_served(s, k, line, before);
        const auto n = static_cast<double>(s.iterations());
        const double cycles = static_cast<double>(spent[Which]) / n - static_cast<double>(cost_of_reading());
        s.counters["cycles"] = cycles;
    });
}
BENCHMARK(stage<pin_and_ioapic>)->Name("interrupt/stage/pin_and_ioapic");
BENCHMARK(stage<lapic_accept>)->Name("interrupt/stage/lapic_accept");
BENCHMARK(stage<idt_delivery>)->Name("interrupt/stage/idt_delivery");
BENCHMARK(stage<entry_and_flow>)->Name("interrupt/stage/entry_and_flow");
BENCHMARK(stage<exit_and_iret>)->Name("interrupt/stage/exit_and_iret");

/// The EOI alone, which an edge flow does before the handler: it is part of entry_and_flow above.
void eoi(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        take_line(k, line, note_time);
        const unsigned cpu = k.this_cpu->index;
        u64 spent = 0;
        for (auto _ : s) {
            hw::drive_line(k.machine, line, hw::Source::hand, true, k.signals);
            hw::accept(k.machine, cpu, k.signals);
            const u64 before = __rdtsc();
            kernel::ack_apic(k);
            spent += __rdtsc() - before;
            hw::drive_line(k.machine, line, hw::Source::hand, false, k.signals);
            k.signals.clear();
        }
        const auto n = static_cast<double>(s.iterations());
        s.counters["cycles"] = static_cast<double>(spent) / n - static_cast<double>(cost_of_reading());
        s.SetItemsProcessed(s.iterations());
    });
}
BENCHMARK(eoi)->Name("interrupt/stage/eoi");

} // namespace
} // namespace irqlab::bench

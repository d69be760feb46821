// One interrupt from pin to EOI and interrupt exit. Items per second are interrupts.
#include "bench/in_world.hpp"
#include "kernel/sched/sched.hpp"

namespace irqlab::bench {
namespace {

constexpr unsigned edge_line = 7, level_line = 11; // as board pc has them

/// What a driver does to its device: the device lets the line go.
abi::irqreturn_t lower_line(int, void*)
{
    kernel::Kernel& k = kernel::kernel();
    hw::drive_line(k.machine, level_line, hw::Source::hand, false, k.signals);
    return abi::IRQ_HANDLED;
}

void pulses(benchmark::State& state, kernel::Kernel& k)
{
    const u64 before = served(k, edge_line);
    for (auto _ : state)
        pulse(k, edge_line);
    check_served(state, k, edge_line, before);
}

void isa_edge_plain(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        if (load_module(s, "modules/count.c", false))
            pulses(s, k);
    });
}
BENCHMARK(isa_edge_plain)->Name("interrupt/isa_edge/plain");

void isa_edge_instrumented(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        if (load_module(s, "modules/count.c", true))
            pulses(s, k);
    });
}
BENCHMARK(isa_edge_instrumented)->Name("interrupt/isa_edge/instrumented");

void pci_level_plain(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        take_line(k, level_line, lower_line);
        const u64 before = served(k, level_line);
        for (auto _ : s) {
            hw::drive_line(k.machine, level_line, hw::Source::hand, true, k.signals);
            kernel::sched_signals(k);
        }
        check_served(s, k, level_line, before);
    });
}
BENCHMARK(pci_level_plain)->Name("interrupt/pci_level/plain");

void xt_pic_plain(benchmark::State& state)
{
    in_world(state, world_of(1, "noapic"), [](benchmark::State& s, kernel::Kernel& k) {
        if (load_module(s, "modules/count.c", false))
            pulses(s, k);
    });
}
BENCHMARK(xt_pic_plain)->Name("interrupt/xt_pic/plain");

} // namespace
} // namespace irqlab::bench

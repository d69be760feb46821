// A World's birth and end, the access hook on its quiet path, and bottom halves.
#include "bench/in_world.hpp"
#include "kernel/bh/bh.hpp"
#include "linux/abi/softirq.h"

extern "C" void __tsan_read4(void* address);

namespace irqlab::bench {
namespace {

void build_and_drop(benchmark::State& state)
{
    sim::NaturalChoice natural;
    const lab::WorldConfig config = world_of(4);
    for (auto _ : state) {
        lab::World world(config, natural);
        benchmark::DoNotOptimize(&world);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(build_and_drop)->Name("world/build_and_drop");

/// Items per second are accesses.
void hook_quiet(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel&) {
        int variable = 0;
        constexpr unsigned batch = 1u << 20; // the watchdog would take more without a pause for a lockup
        while (s.KeepRunningBatch(batch)) {
            for (unsigned i = 0; i < batch; ++i)
                __tsan_read4(&variable);
            kernel::cond_resched_point();
        }
        s.SetItemsProcessed(s.iterations());
    });
}
BENCHMARK(hook_quiet)->Name("hook/quiet");

benchmark::IterationCount runs;

/// Raised with bottom halves off, run when they are on again: no interrupt in it. Items per second are runs.
void softirq(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        k.bh->action[abi::IRQ_POLL_SOFTIRQ].action = [](abi::softirq_action*) { ++runs; };
        runs = 0;
        for (auto _ : s) {
            kernel::local_bh_disable(*k.this_cpu);
            kernel::raise_softirq(k, abi::IRQ_POLL_SOFTIRQ);
            kernel::local_bh_enable(k);
        }
        if (runs != s.iterations())
            s.SkipWithError("a softirq was lost");
        s.SetItemsProcessed(s.iterations());
    });
}
BENCHMARK(softirq)->Name("bh/softirq");

void tasklet(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        abi::tasklet_struct counter{};
        abi::tasklet_setup(&counter, [](abi::tasklet_struct*) { ++runs; });
        runs = 0;
        for (auto _ : s) {
            kernel::local_bh_disable(*k.this_cpu);
            counter.state |= 1ul << abi::TASKLET_STATE_SCHED;
            abi::__tasklet_schedule(&counter);
            kernel::local_bh_enable(k);
        }
        if (runs != s.iterations())
            s.SkipWithError("a tasklet was lost");
        s.SetItemsProcessed(s.iterations());
    });
}
BENCHMARK(tasklet)->Name("bh/tasklet");

} // namespace
} // namespace irqlab::bench

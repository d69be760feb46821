// A World's birth and end, and the access hook on its quiet path.
#include "bench/in_world.hpp"

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

} // namespace
} // namespace irqlab::bench

// The four bottom halves, from the call that schedules one to its run. Items per second are runs.
//
// Beside each stands what a real Linux took: counter `linux_us` and the label. Linux 6.1.174 (Debian 12) in a
// QEMU TCG guest with one or two CPUs, the driver edudrv of the recordings: from the last line that its
// interrupt handler printed to the first one of the bottom half. Both lines are printk's and in it; the least
// is what is nearest to the bare cost. Its bare self-interrupt (irq_work) took 1.27 us there (median of 9).
#include <benchmark/benchmark.h>

#include "bench/in_world.hpp"
#include "kernel/bh/bh.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/sched.h"
#include "linux/abi/softirq.h"
#include "linux/abi/work.h"

namespace irqlab::bench {
namespace {

struct Recorded {
    double least_us, median_us;
    const char* label;
};
constexpr Recorded linux_hi_softirq{7, 35, "Linux: tasklet_hi 35 us, least 7, n=38"};
constexpr Recorded linux_tasklet{13, 48, "Linux: tasklet 48 us, least 13, n=38"};
constexpr Recorded linux_work{64, 141, "Linux: work 141 us, least 64, n=30"};
constexpr Recorded linux_thread{25, 117, "Linux: irq thread 117 us, least 25, n=7"};

benchmark::IterationCount runs;

void check_runs(benchmark::State& state, const Recorded& recorded)
{
    if (runs != state.iterations())
        state.SkipWithError("a bottom half was lost");
    state.SetItemsProcessed(state.iterations());
    state.counters["linux_us"] = recorded.median_us;
    state.counters["linux_least_us"] = recorded.least_us;
    state.SetLabel(recorded.label);
}

/// Raised with bottom halves off, run when they are on again: no interrupt in it.
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
        check_runs(s, linux_hi_softirq);
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
        check_runs(s, linux_tasklet);
    });
}
BENCHMARK(tasklet)->Name("bh/tasklet");

/// Queued, run by a kworker, flushed: two switches of tasks are in it.
void work(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        abi::work_struct counter{};
        counter.func = [](abi::work_struct*) { ++runs; };
        runs = 0;
        for (auto _ : s) {
            abi::queue_work_on(0, reinterpret_cast<abi::workqueue_struct*>(k.work->system), &counter);
            abi::flush_work(&counter);
        }
        check_runs(s, linux_work);
    });
}
BENCHMARK(work)->Name("bh/work");

/// An edge, its primary handler, and the thread that it wakes, on the same CPU: two switches are in it.
void thread(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        constexpr unsigned line = 7;
        static int cookie;
        const auto primary = [](int, void*) { return abi::IRQ_WAKE_THREAD; };
        const auto slow = [](int, void*) {
            ++runs;
            return abi::IRQ_HANDLED;
        };
        if (abi::request_threaded_irq(line, primary, slow, 0, "bench", &cookie) != 0)
            return s.SkipWithError("no line");
        abi::schedule_timeout_uninterruptible(1); // the thread goes to sleep for the first time
        runs = 0;
        for (auto _ : s) {
            pulse(k, line);
            kernel::cond_resched_point();
        }
        check_runs(s, linux_thread);
        abi::free_irq(line, &cookie);
    });
}
BENCHMARK(thread)->Name("bh/thread");

} // namespace
} // namespace irqlab::bench

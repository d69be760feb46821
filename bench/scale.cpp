// What an interrupt costs when there is much of something: its cost must not grow with it. Items per second
// are interrupts.
#include <vector>

#include "bench/in_world.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/sched.h"
#include "linux/abi/work.h"

namespace irqlab::bench {
namespace {

constexpr unsigned line = 7;

abi::irqreturn_t handled(int, void*) { return abi::IRQ_HANDLED; }

void pulses(benchmark::State& state, kernel::Kernel& k)
{
    const u64 before = served(k, line);
    for (auto _ : state)
        pulse(k, line);
    check_served(state, k, line, before);
}

/// The others are idle.
void cpus(benchmark::State& state)
{
    in_world(state, world_of(static_cast<unsigned>(state.range(0))),
             [](benchmark::State& s, kernel::Kernel& k) {
                 take_line(k, line, handled);
                 pulses(s, k);
             });
}
BENCHMARK(cpus)->Name("scale/cpus")->RangeMultiplier(2)->Range(1, 64);

/// So many lines have handlers; each edge of the one is followed by an interrupt of the last.
void lines(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        static int cookie;
        take_line(k, line, handled);
        unsigned last = 0;
        for (auto n = kernel::nr_legacy_irqs - 1; n < s.range(0); ++n) {
            const int irq = abi::__irq_alloc_descs(-1, 0, 1, 0, nullptr, nullptr);
            if (irq < 0)
                return s.SkipWithError("no more lines");
            last = static_cast<unsigned>(irq);
            abi::irq_set_chip_and_handler_name(last, &abi::dummy_irq_chip, abi::handle_simple_irq, nullptr);
            if (abi::request_threaded_irq(last, handled, nullptr, 0, "bench", &cookie) != 0)
                return s.SkipWithError("no handler");
        }
        const u64 before = served(k, line), others = served(k, last);
        for (auto _ : s) {
            pulse(k, line);
            const unsigned long flags = abi::__lab_irq_save();
            abi::generic_handle_irq(last);
            abi::__lab_irq_restore(flags);
        }
        if (served(k, last) - others != static_cast<u64>(s.iterations()))
            s.SkipWithError("interrupts were lost");
        check_served(s, k, line, before);
    });
}
BENCHMARK(lines)->Name("scale/lines")->RangeMultiplier(4)->Range(16, 10000);

struct Works {
    abi::work_struct own{};               // queued by the handler, runs at once
    std::vector<abi::work_struct> parked; // wait behind `gate`
    abi::workqueue_struct *system, *narrow;
    benchmark::IterationCount runs = 0;
    bool open = false;
};
Works* works_of_run;

abi::irqreturn_t queue_and_requeue(int, void*)
{
    Works& w = *works_of_run;
    abi::work_struct& middle = w.parked[w.parked.size() / 2];
    abi::cancel_work(&middle);
    abi::queue_work_on(0, w.narrow, &middle);
    abi::queue_work_on(0, w.system, &w.own);
    return abi::IRQ_HANDLED;
}

/// So many works wait in the queue. The handler takes one of them out, queues it again, and queues one that
/// runs.
void works(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        Works w;
        works_of_run = &w;
        w.system = reinterpret_cast<abi::workqueue_struct*>(k.work->system);
        w.narrow = abi::alloc_workqueue("bench", 0, 1);
        abi::work_struct gate{};
        gate.func = [](abi::work_struct*) {
            while (!works_of_run->open)
                abi::schedule_timeout_uninterruptible(1000);
        };
        w.own.func = [](abi::work_struct*) { ++works_of_run->runs; };
        w.parked.resize(static_cast<std::size_t>(s.range(0)));
        abi::queue_work_on(0, w.narrow, &gate);
        for (abi::work_struct& work : w.parked) {
            work.func = [](abi::work_struct*) {};
            abi::queue_work_on(0, w.narrow, &work);
        }
        take_line(k, line, queue_and_requeue);
        const u64 before = served(k, line);
        for (auto _ : s) {
            pulse(k, line);
            abi::flush_work(&w.own);
        }
        if (w.runs != s.iterations())
            s.SkipWithError("a work was lost");
        check_served(s, k, line, before);
        w.open = true;
        abi::destroy_workqueue(w.narrow);
    });
}
BENCHMARK(works)->Name("scale/works")->RangeMultiplier(10)->Range(1, 10000);

abi::timer_list watchdog;

abi::irqreturn_t put_off(int, void*)
{
    static bool later;
    later = !later;
    abi::mod_timer(&watchdog, kernel::kernel().time->jiffies + (later ? 600'000'000 : 400'000'000));
    return abi::IRQ_HANDLED;
}

/// So many timers are pending. The handler puts off one that is behind them all, as a watchdog does.
void timers(benchmark::State& state)
{
    in_world(state, world_of(1), [](benchmark::State& s, kernel::Kernel& k) {
        const auto nothing = [](abi::timer_list*) {};
        std::vector<abi::timer_list> pending(static_cast<std::size_t>(s.range(0)));
        unsigned long expires = k.time->jiffies + 100'000'000;
        for (abi::timer_list& timer : pending) {
            abi::init_timer_key(&timer, nothing, 0, nullptr, nullptr);
            abi::mod_timer(&timer, expires += 1000);
        }
        abi::init_timer_key(&watchdog, nothing, 0, nullptr, nullptr);
        take_line(k, line, put_off);
        pulses(s, k);
        abi::del_timer(&watchdog);
        for (abi::timer_list& timer : pending)
            abi::del_timer(&timer);
    });
}
BENCHMARK(timers)->Name("scale/timers")->RangeMultiplier(10)->Range(1, 10000);

} // namespace
} // namespace irqlab::bench

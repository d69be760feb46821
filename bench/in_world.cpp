// The World around a benchmark, and the lines and modules that benchmarks share.
#include "bench/in_world.hpp"

#include "app/host/paths.hpp"
#include "hw/base/check.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/syscall.hpp"
#include "tests/support/modules.hpp"

namespace irqlab::bench {

lab::WorldConfig world_of(unsigned cpus, const char* cmdline)
{
    lab::WorldConfig config;
    config.cpus = cpus;
    config.cmdline = cmdline;
    return config;
}

namespace {
struct Call {
    benchmark::State& state;
    Body body;
};
} // namespace

void in_world(benchmark::State& state, const lab::WorldConfig& config, Body body)
{
    sim::NaturalChoice natural;
    lab::World world(config, natural);
    Call call{state, body};
    const lab::World::Result result = world.run(
        "bench",
        [](void* argument) {
            auto& c = *static_cast<Call*>(argument);
            c.body(c.state, kernel::kernel());
            return 0;
        },
        &call);
    if (result.end != kernel::RunEnd::finished || result.status != 0)
        state.SkipWithError("the World did not end well");
}

bool load_module(benchmark::State& state, const char* source, bool instrument)
{
    test::ModuleOptions options;
    options.instrument = instrument;
    const std::string path = test::module_path(source, options);
    std::string image;
    if (path.empty() || !app::read_file(path, image) ||
        kernel::sys_init_module(path.c_str(), image, "") != 0) {
        state.SkipWithError("the module does not load");
        return false;
    }
    return true;
}

namespace {
void go_where_it_interrupts(kernel::Kernel& k, unsigned irq)
{
    const kernel::CpuSet cpus = kernel::set_of(kernel::irq_desc_of(k, irq)->irq_common_data.effective_affinity[0]);
    if (!cpus.empty())
        kernel::sys_sched_setaffinity(0, cpus);
}
} // namespace

void take_line(kernel::Kernel& k, unsigned irq, abi::irq_handler_t handler)
{
    static int cookie;
    const int error = abi::request_threaded_irq(irq, handler, nullptr, 0, "bench", &cookie);
    CHECK(error == 0);
    go_where_it_interrupts(k, irq);
}

u64 served(kernel::Kernel& k, unsigned irq) { return kernel::irq_desc_of(k, irq)->tot_count; }

void pulse(kernel::Kernel& k, unsigned line)
{
    hw::drive_line(k.machine, line, hw::Source::hand, true, k.signals);
    kernel::sched_signals(k);
    hw::drive_line(k.machine, line, hw::Source::hand, false, k.signals);
    if (!k.signals.empty())
        kernel::sched_signals(k);
}

void check_served(benchmark::State& state, kernel::Kernel& k, unsigned irq, u64 before)
{
    if (served(k, irq) - before != static_cast<u64>(state.iterations()))
        state.SkipWithError("interrupts were lost");
    state.SetItemsProcessed(state.iterations());
}

} // namespace irqlab::bench

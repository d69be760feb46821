// A World's parts put together in one arena, booted, and taken apart.
#include "lab/world.hpp"

#include <cstddef>
#include <fmt/format.h>

#include "hw/base/check.hpp"
#include "hw/board/pci.hpp"
#include "hw/board/quirks.hpp"
#include "hw/board/remapping.hpp"
#include "kernel/entry/trap.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/module/module.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/vfs/vfs.hpp"

namespace irqlab::lab {

namespace {

/// Arenas are kept by their host thread, with their pages, for the next World.
class ArenaPool {
public:
    ~ArenaPool()
    {
        for (sim::Arena* a : free_)
            delete a;
    }
    sim::Arena* take()
    {
        if (free_.empty())
            return new sim::Arena;
        sim::Arena* a = free_.back();
        free_.pop_back();
        return a;
    }
    void give_back(sim::Arena* a)
    {
        a->reset();
        free_.push_back(a);
    }

private:
    std::vector<sim::Arena*> free_;
};

ArenaPool& arena_pool()
{
    thread_local ArenaPool pool;
    return pool;
}

std::string_view join(sim::Arena& arena, const std::vector<std::string>& words)
{
    std::size_t bytes = 0;
    for (const std::string& w : words)
        bytes += w.size() + 1;
    if (!bytes)
        return {};
    char* text = static_cast<char*>(arena.take(bytes));
    char* at = text;
    for (const std::string& w : words) {
        at += w.copy(at, w.size());
        *at++ = ' ';
    }
    return {text, bytes};
}

/// A copy in the arena, ended by a NUL.
std::string_view copy(sim::Arena& arena, const std::string& text)
{
    char* to = static_cast<char*>(arena.take(text.size() + 1));
    text.copy(to, text.size());
    return {to, text.size()};
}

/// The functions that are not to use MSI: "0000:00:04.0 ".
std::vector<std::string> without_msi(const WorldConfig& c)
{
    std::vector<std::string> names;
    for (unsigned n = 0; n < c.devices.size(); ++n)
        if (!c.devices[n].msi)
            names.push_back(fmt::format("0000:00:{:02x}.0", hw::edu_slot(c.board, n)));
    return names;
}

/// Only the cores that the machine has: they come last.
hw::Machine& make_machine(sim::Arena& arena, unsigned cpus)
{
    const std::size_t bytes = hw::machine_bytes(cpus);
    return *static_cast<hw::Machine*>(arena.take(bytes));
}

} // namespace

struct World::State {
    sim::Arena* arena;
    Terminal terminal;
    kernel::Config config;
    hw::Machine& machine;
    sim::EventStream events;
    kernel::Kernel kernel;
    kernel::Kernel* outer;
    kernel::AccessBudget outer_budget = kernel::access_budget;

    State(sim::Arena& a, const WorldConfig& c, sim::Choice& choice, const Terminal& t)
        : arena(&a), terminal(t), config(make_config(a, c)), machine(make_machine(a, c.cpu_count())), events(a),
          kernel(config, machine, a, events, choice), outer(kernel::the_kernel)
    {
    }

    static kernel::Config make_config(sim::Arena& a, const WorldConfig& c)
    {
        kernel::Config k;
        k.release = c.release;
        k.board = c.board;
        k.cpus = c.cpu_count();
        k.cmdline = copy(a, c.cmdline);
        k.directory = copy(a, c.directory).data();
        k.exports = join(a, c.exports);
        k.without = join(a, c.without);
        k.options = join(a, c.options);
        k.no_msi = join(a, without_msi(c));
        return k;
    }
};

World::World(const WorldConfig& config, sim::Choice& choice, const Terminal& terminal)
{
    CHECK(config.cpu_count() >= 1 && config.cpu_count() <= hw::cpus_max);
    kernel::traps_install();
    sim::Arena& arena = *arena_pool().take();
    state_ = arena.make<State>(arena, config, choice, terminal);
    State& s = *state_;
    hw::power_on(s.machine, config.board, config.cpu_count(), static_cast<std::uint64_t>(s.config.boot_time_s));
    if (kernel::has_word(config.cmdline, "intremap=on") && !s.machine.has_vtd)
        hw::fit_vtd(s.machine);
    for (unsigned n = 0; n < config.devices.size(); ++n)
        CHECK(hw::attach_edu(s.machine, hw::edu_slot(config.board, n)) >= 0);
    hw::set_profile(s.machine, config.quirks);
    kernel::boot(s.kernel);
    s.kernel.console->console_loglevel = 1; // a person's terminal shows emergencies only
    s.kernel.console->sink = {s.terminal.console, s.terminal.context};
    s.kernel.vfs->console = {s.terminal.write, s.terminal.read, s.terminal.isatty, s.terminal.context};
}

World::~World()
{
    State& s = *state_;
    kernel::the_kernel = &s.kernel;
    kernel::vfs_drop(s.kernel);
    kernel::modules_drop(s.kernel);
    kernel::sched_drop(s.kernel);
    kernel::memory_drop(s.kernel);
    kernel::the_kernel = s.outer;
    kernel::access_budget = s.outer_budget;
    arena_pool().give_back(s.arena);
}

World::Result World::run(const char* comm, int (*main)(void*), void* argument)
{
    kernel::the_kernel = &state_->kernel;
    Result result{};
    result.end = kernel::sched_run(state_->kernel, comm, main, argument, result.status);
    return result;
}

namespace {
struct ScriptRun {
    const Script& script;
    const ShellHooks& hooks;
    std::pmr::memory_resource& memory;
};
} // namespace

World::Result World::run(const Script& script, const ShellHooks& hooks)
{
    ScriptRun r{script, hooks, *state_->arena};
    return run(
        "sh",
        [](void* argument) {
            auto& s = *static_cast<ScriptRun*>(argument);
            return run_script(s.script, s.memory, s.hooks);
        },
        &r);
}

hw::Machine& World::machine() { return state_->machine; }
const hw::Machine& World::machine() const { return state_->machine; }
kernel::Kernel& World::kernel() { return state_->kernel; }
std::pmr::memory_resource& World::memory() { return *state_->arena; }

} // namespace irqlab::lab

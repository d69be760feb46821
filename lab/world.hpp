// A World: one machine, one kernel, one clock, one chooser, in one arena. Built booted, dropped whole.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hw/base/quirk.hpp"
#include "kernel/config.hpp"
#include "kernel/sched/sched.hpp"
#include "lab/shell/shell.hpp"
#include "sim/choice.hpp"

namespace irqlab::kernel {
struct Kernel;
}

namespace irqlab::lab {

/// A device that is plugged into the PCI bus: `--device edu[,irq=msi|intx]`.
struct PciDevice {
    bool msi = true; // false: Linux is not to use its MSI, as its quirks have it for devices whose MSI is broken
};

/// What the command line says of a machine (`--cpus`, `--board`, ...).
struct WorldConfig {
    unsigned cpus = 0; // 0: the board's own number
    hw::BoardId board = hw::BoardId::pc;
    kernel::Release release = kernel::Release::v6_1;
    std::string cmdline;
    std::vector<std::string> exports;
    std::vector<std::string> without;
    std::vector<std::string> options; // of the kernel's build: DEBUG_SHIRQ=y
    std::vector<PciDevice> devices; // edus, hw::edus_max at most, in the slots of hw::edu_slot()
    std::string directory = ".";
    std::uint64_t seed = 0;
    hw::Profile quirks = hw::Profile::datasheet;

    unsigned cpu_count() const { return cpus ? cpus : board == hw::BoardId::laptop ? 8 : 4; }
};

/// What reaches the person in front of the World. All optional; text lives during the call only.
struct Terminal {
    /// What programs write to standard output (fd 1) and standard error (2).
    void (*write)(void* context, int fd, const char* text, std::size_t size) = nullptr;
    /// Standard input; 0 at its end. Null: always at its end.
    ssize_t (*read)(void* context, char* buffer, std::size_t size) = nullptr;
    bool (*isatty)(void* context, int fd) = nullptr;
    /// A kernel message urgent enough for the console, without newline.
    void (*console)(void* context, int level, std::uint64_t time_ns, const char* line) = nullptr;
    void* context = nullptr;
};

/// Everything of one World. It belongs to the host thread that made it, one at a time for each thread
/// unless they are nested.
class World {
public:
    World(const WorldConfig& config, sim::Choice& choice, const Terminal& terminal = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    struct Result {
        kernel::RunEnd end;
        int status; // of the script, when it finished
    };
    /// Runs a script as pid 1's child program until it ends.
    Result run(const Script& script, const ShellHooks& hooks);
    /// Runs `main` as pid 1. For what is no script: tests, the interactive shell.
    Result run(const char* comm, int (*main)(void*), void* argument);

    hw::Machine& machine();
    const hw::Machine& machine() const;
    kernel::Kernel& kernel();
    std::pmr::memory_resource& memory();

private:
    struct State;
    State* state_;
};

} // namespace irqlab::lab

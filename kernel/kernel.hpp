// The modelled kernel of one World: what its subsystems share.
//
// Each subsystem keeps its state in a struct of its own, made by its init function in the World's
// arena, and known here by pointer only. Code that runs inside the World finds its kernel through
// kernel(); there is no other mutable global.
#pragma once
#include "hw/board/machine.hpp"
#include "kernel/config.hpp"
#include "kernel/events.hpp"
#include "kernel/sched/percpu.hpp"
#include "sim/arena.hpp"
#include "sim/choice.hpp"
#include "sim/event_stream.hpp"

namespace irqlab::kernel {

struct BottomHalves; // kernel/bh
struct Console;      // kernel/printk
struct IrqCore;      // kernel/irq
struct Library;      // kernel/lib
struct Locks;        // kernel/lock
struct Memory;       // kernel/mm
struct Modules;      // kernel/module
struct Pci;          // kernel/pci
struct Sched;        // kernel/sched
struct Smp;          // kernel/sched
struct Timekeeping;  // kernel/time
struct Vfs;          // kernel/vfs
struct Workqueues;   // kernel/work

struct Kernel {
    Kernel(const Config& c, hw::Machine& m, sim::Arena& a, sim::EventStream& e, sim::Choice& ch)
        : config(c), machine(m), arena(a), events(e), choice(ch)
    {
    }
    Kernel(const Kernel&) = delete;

    const Config& config;
    hw::Machine& machine;
    sim::Arena& arena;
    sim::EventStream& events;
    sim::Choice& choice;

    PerCpu* cpus = nullptr;     // cpu_count of them
    PerCpu* this_cpu = nullptr; // the one that steps now
    unsigned cpu_count = 0;
    unsigned taint = 0;         // TAINT_* bits
    unsigned oops_count = 0;
    bool step_warned = false; // a WARN_ON_ONCE of exc_debug()

    IrqCore* irq = nullptr;
    BottomHalves* bh = nullptr;
    Sched* sched = nullptr;
    Smp* smp = nullptr;
    Timekeeping* time = nullptr;
    Console* console = nullptr;
    Memory* memory = nullptr;
    Vfs* vfs = nullptr;
    Modules* modules = nullptr;
    Pci* pci = nullptr;
    Locks* locks = nullptr;
    Library* library = nullptr;
    Workqueues* work = nullptr;

    hw::Signals signals; // scratch of the operation on the machine that is under way

    void emit(EventKind kind, u32 number = 0, u64 value = 0)
    {
        events.emit({now_ns(*this_cpu), static_cast<u16>(kind), this_cpu->index, this_cpu->context(), number, value});
    }
};

extern thread_local Kernel* the_kernel;
inline Kernel& kernel() { return *the_kernel; }
inline PerCpu& this_cpu() { return *the_kernel->this_cpu; }

/// Brings a powered-on machine up as Linux does it, saying so in the log. kernel/boot.cpp.
void boot(Kernel& k);

} // namespace irqlab::kernel

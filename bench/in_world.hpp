// A benchmark whose loop runs as the first task of a World.
#pragma once
#include <benchmark/benchmark.h>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "lab/world.hpp"

namespace irqlab::bench {

/// The task's body: it loops over `state` itself.
using Body = void (*)(benchmark::State& state, kernel::Kernel& k);

lab::WorldConfig world_of(unsigned cpus, const char* cmdline = "");

/// Runs the body in a World of its own. An error inside is the benchmark's.
void in_world(benchmark::State& state, const lab::WorldConfig& config, Body body);

/// Loads a module of tests/, built with or without access instrumentation. @return false: the benchmark is
/// marked.
bool load_module(benchmark::State& state, const char* source, bool instrument);

/// Puts a native handler on a line and moves the calling task to the CPU that the line interrupts.
void take_line(kernel::Kernel& k, unsigned irq, abi::irq_handler_t handler);

/// How many interrupts of the line were served.
u64 served(kernel::Kernel& k, unsigned irq);

/// A rising and a falling edge by hand; what they raised has been served on return.
void pulse(kernel::Kernel& k, unsigned line);

/// Counts as an error unless each iteration of `state` had its interrupt.
void check_served(benchmark::State& state, kernel::Kernel& k, unsigned irq, u64 before);

} // namespace irqlab::bench

// MACHINE: the options by which every verb that makes a World is told which PC and which Linux to model.
#pragma once
#include "lab/world.hpp"
#include <string>

namespace CLI {
class App;
}

namespace irqlab::app {

/// Adds the options to a verb; `config` is filled in when the verb is parsed. A bad value is CLI11's parse error.
void add_machine_options(CLI::App& verb, lab::WorldConfig& config);
/// --kernel alone, for `build`.
void add_kernel_option(CLI::App& verb, kernel::Release& release);

} // namespace irqlab::app

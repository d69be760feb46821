// Loads a module into a World of its own, uses what it offers, takes it out again, and listens to the kernel.
#pragma once
#include <string>
#include <vector>

#include "app/survey/row.hpp"
#include "lab/world.hpp"

namespace irqlab::app::survey {

struct Manner {
    std::vector<std::string> settings; // "irq=11": for each module that has a parameter of that name
    unsigned patience_s = 60;          // of the lab's time, for each step: what has not ended then goes on and on
};

/// Fills in `loaded`, `exercised`, `unloaded` and `failure`.
///
/// Exercised: each device node that is new was written to and read from, each new file of /proc and /sys too,
/// each interrupt line that it took was pulsed (by its device where the board has one), and some seconds went
/// by. Unloaded: rmmod came back with 0, and the lines were pulsed once more.
/// @param modules  files to load, in this order; the last one is the row's. They leave in the other order.
void exercise(const std::vector<std::string>& modules, const Manner& manner, const lab::WorldConfig& config,
              Row& row);

/// The first line of a kernel log in which Linux complains: an Oops, a warning, a refused request.
std::string first_complaint(const std::string& log);

} // namespace irqlab::app::survey

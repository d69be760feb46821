// Runs a script in a World and keeps what a person would have seen.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lab/world.hpp"
#include "sim/event_stream.hpp"

namespace irqlab::test {

struct Session {
    std::string text;                 // stdout, stderr and console lines, in the order in which they came
    std::vector<std::string> console; // console lines alone, without their times
    std::vector<sim::Event> events;   // what the World's stream still held at the end
    kernel::RunEnd end = kernel::RunEnd::stuck;
    int status = -1;

    bool says(std::string_view part) const { return text.find(part) != std::string::npos; }
};

/// A World from birth to end. @param choice  null: what an undisturbed machine does.
Session run_session(const lab::WorldConfig& config, const std::string& script, sim::Choice* choice = nullptr);

/// As above, in a World that is there already and goes on. Its terminal must be `terminal_of(session)`.
lab::Terminal terminal_of(Session& session);
void run_in(lab::World& world, const std::string& script, Session& session);

/// `[    4.326290] ` as printk writes it.
std::string console_stamp(std::uint64_t time_ns);

} // namespace irqlab::test

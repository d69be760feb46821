// What became of one module of a survey.
#pragma once
#include <string>

namespace irqlab::app::survey {

struct Row {
    std::string path;   // of the module's C file, as found
    std::string kernel; // "6.1"
    bool built = false, loaded = false, exercised = false, unloaded = false;
    std::string failure; // The first one, in one line; empty: none.

    bool clean() const { return built && loaded && exercised && unloaded && failure.empty(); }
};

/// As one line of JSON, and back. @return false: the text is none (a process died while it wrote).
std::string to_json(const Row& row);
bool from_json(const std::string& text, Row& row);

} // namespace irqlab::app::survey

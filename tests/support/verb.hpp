// A verb of the command, called as a shell would call it.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace irqlab::test {

struct VerbResult {
    int status = -1;
    std::string out, error;
};

/// @param add    app::add_run and its like.
/// @param words  from the verb's name on.
VerbResult run_verb(void (*add)(CLI::App&, int&), const std::vector<std::string>& words);

} // namespace irqlab::test

// The verbs of the command: each adds itself to the parser, and sets `status` when it is the one that runs.
#pragma once

namespace CLI {
class App;
}

namespace irqlab::app {

/// "0.1.0"
const char* version();

/// Exit statuses, everywhere: what was asked failed; irqlab was used wrongly or its host lacks something.
inline constexpr int status_failed = 1, status_usage = 2;

void add_build(CLI::App& irqlab, int& status);
void add_run(CLI::App& irqlab, int& status);
void add_shell(CLI::App& irqlab, int& status);
void add_show(CLI::App& irqlab, int& status);
void add_survey(CLI::App& irqlab, int& status);
void add_doctor(CLI::App& irqlab, int& status);

} // namespace irqlab::app

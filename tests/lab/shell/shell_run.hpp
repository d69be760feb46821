// Running a script on the fake kernel, and the same script in the host's dash.
#pragma once
#include <string>

#include "lab/shell/shell.hpp"

namespace irqlab::test {

struct Outcome {
    std::string output, errors;
    int status = 0;
};

/// Parses and runs. Its memory: an arena; the default resource refuses everything meanwhile, so that an
/// allocation outside the arena fails the test. A syntax error is in `errors`, status 2.
Outcome run_shell(const std::string& text, const lab::ShellHooks& hooks = {});
/// The same by dash, in `directory`, with both outputs in `output`.
Outcome run_dash(const std::string& text, const std::string& directory);
/// A new empty directory, also the working directory of run_shell. It goes at the end of the process.
std::string fresh_directory();

} // namespace irqlab::test

// Runs a verb with both streams caught. See the header.
#include "tests/support/verb.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include "app/verbs.hpp"

namespace irqlab::test {

VerbResult run_verb(void (*add)(CLI::App&, int&), const std::vector<std::string>& words)
{
    CLI::App irqlab;
    VerbResult result;
    add(irqlab, result.status);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
        irqlab.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::Error& error) {
        result.status = error.get_exit_code() == 0 ? 0 : app::status_usage;
    }
    result.out = testing::internal::GetCapturedStdout();
    result.error = testing::internal::GetCapturedStderr();
    return result;
}

} // namespace irqlab::test

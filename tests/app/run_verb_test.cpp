// `irqlab run` as a program sees it: its statuses, and what it says of scripts and machines that are none.
#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/verbs.hpp"

namespace irqlab::test {
namespace {

using testing::HasSubstr;

// -----------------------------------------------------------------------------------

struct VerbResult {
    int status = -1;
    std::string out, error;
};

VerbResult run_verb(const std::vector<std::string>& words)
{
    CLI::App irqlab;
    VerbResult result;
    app::add_run(irqlab, result.status);
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

TEST(Script, ThatIsMissingIsNamed)
{
    const VerbResult r = run_verb({"run", "/nowhere/script.sh"});
    EXPECT_EQ(app::status_usage, r.status);
    EXPECT_THAT(r.error, HasSubstr("/nowhere/script.sh"));
    EXPECT_THAT(r.error, HasSubstr("No such file or directory"));
}

TEST(Script, WithASyntaxErrorDoesNotRun)
{
    const VerbResult r = run_verb({"run", "-c", "echo ran\nif true; then echo ran; fi fi"});
    EXPECT_EQ(app::status_usage, r.status);
    EXPECT_THAT(r.error, HasSubstr("2: Syntax error: "));
    EXPECT_EQ("", r.out);
}

TEST(Script, GivesItsOwnStatus)
{
    EXPECT_EQ(0, run_verb({"run", "-c", "true"}).status);
    EXPECT_EQ(7, run_verb({"run", "-c", "exit 7"}).status);
    EXPECT_EQ(1, run_verb({"run", "-c", "insmod /nowhere.ko"}).status);
    EXPECT_EQ(127, run_verb({"run", "-c", "no_such_command_anywhere"}).status);
}

TEST(Machine, ThatDoesNotExistIsRefused)
{
    EXPECT_EQ(app::status_usage, run_verb({"run", "--cpus", "0", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb({"run", "--cpus", "256", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb({"run", "--board", "toaster", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb({"run", "--kernel", "2.4", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb({"run"}).status);
}

} // namespace
} // namespace irqlab::test

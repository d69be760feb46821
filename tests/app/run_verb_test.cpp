// `irqlab run` as a program sees it: its statuses, and what it says of scripts and machines that are none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/verbs.hpp"
#include "tests/support/verb.hpp"

namespace irqlab::test {
namespace {

using testing::HasSubstr;

TEST(Script, ThatIsMissingIsNamed)
{
    const VerbResult r = run_verb(app::add_run, {"run", "/nowhere/script.sh"});
    EXPECT_EQ(app::status_usage, r.status);
    EXPECT_THAT(r.error, HasSubstr("/nowhere/script.sh"));
    EXPECT_THAT(r.error, HasSubstr("No such file or directory"));
}

TEST(Script, WithASyntaxErrorDoesNotRun)
{
    const VerbResult r = run_verb(app::add_run, {"run", "-c", "echo ran\nif true; then echo ran; fi fi"});
    EXPECT_EQ(app::status_usage, r.status);
    EXPECT_THAT(r.error, HasSubstr("2: Syntax error: "));
    EXPECT_EQ("", r.out);
}

TEST(Script, GivesItsOwnStatus)
{
    EXPECT_EQ(0, run_verb(app::add_run, {"run", "-c", "true"}).status);
    EXPECT_EQ(7, run_verb(app::add_run, {"run", "-c", "exit 7"}).status);
    EXPECT_EQ(1, run_verb(app::add_run, {"run", "-c", "insmod /nowhere.ko"}).status);
    EXPECT_EQ(127, run_verb(app::add_run, {"run", "-c", "no_such_command_anywhere"}).status);
}

TEST(Machine, ThatDoesNotExistIsRefused)
{
    EXPECT_EQ(app::status_usage, run_verb(app::add_run, {"run", "--cpus", "0", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb(app::add_run, {"run", "--cpus", "256", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb(app::add_run, {"run", "--board", "toaster", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb(app::add_run, {"run", "--kernel", "2.4", "-c", "true"}).status);
    EXPECT_EQ(app::status_usage, run_verb(app::add_run, {"run"}).status);
}

} // namespace
} // namespace irqlab::test

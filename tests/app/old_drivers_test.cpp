// Drivers for kernels long before 5.4, which the headers of 5.4 accept.
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"

namespace irqlab::test {
namespace {

Session run(const std::string& script)
{
    lab::WorldConfig config;
    config.release = kernel::Release::v5_4;
    const std::string old = module_path("modules/old.c", {config.release, app::kbuild::Optimize::o0, true});
    Session session = run_session(config, "dmesg -C; insmod " + old + "\n" + script + "rmmod old\n");
    EXPECT_EQ(kernel::RunEnd::finished, session.end) << session.text;
    return session;
}

TEST(OldDriver, AHandlerWithThreeArguments)
{
    const Session s = run("irq pulse 10\ndmesg -t | grep old:.irq\n");
    EXPECT_TRUE(s.says("old: irq 10, no registers\n")) << s.text;
}

// [LX 2.6.32 fs/proc/generic.c] "How to be a proc read function": the three meanings of *start.
TEST(OldDriver, AReadProcFunctionFillsAPage)
{
    const Session s = run("cat /proc/old_whole /proc/old_lines /proc/old_inside\n");
    EXPECT_EQ(s.text, "word one\nword two\nline 0\nline 1\nline 2\nwithin\n");
}

TEST(OldDriver, AReadProcFunctionIsAskedAgainForEachPart)
{
    const Session s = run("for f in whole inside; do dd if=/proc/old_$f bs=5 2>/dev/null; done\n");
    EXPECT_EQ(s.text, "word one\nword two\nwithin\n");
}

TEST(OldDriver, AReadProcFunctionsErrorIsRead)
{
    const Session s = run("cat /proc/old_wrong\n");
    EXPECT_TRUE(s.says("cat: /proc/old_wrong: Input/output error\n")) << s.text;
}

} // namespace
} // namespace irqlab::test

// What becomes a record of the log. Source: [LX core-api/printk-basics].
#include "linux/abi/printk.h"

#include <gtest/gtest.h>

#include "tests/kernel/bare_kernel.hpp"

namespace irqlab::kernel {
namespace {

using Lines = std::vector<std::string>;

TEST(Printk, Levels)
{
    BareKernel b;
    abi::_printk("\0013error\n");
    abi::_printk("default\n");
    abi::_printk("%sby argument\n", "\0016");
    EXPECT_EQ(b.log(), (Lines{"<3>error", "<4>default", "<6>by argument"}));
}

TEST(Printk, LineWithoutNewlineWaitsForTheNextMessage)
{
    BareKernel b;
    abi::_printk("\0016half");
    EXPECT_EQ(b.log(), Lines{});
    abi::_printk("\0016next\n");
    EXPECT_EQ(b.log(), (Lines{"<6>half", "<6>next"}));
}

TEST(Printk, Continuation)
{
    BareKernel b;
    abi::_printk("\0016a");
    abi::_printk("\001cb");
    abi::_printk("\001cc\n");
    abi::_printk("\001calone\n");
    EXPECT_EQ(b.log(), (Lines{"<6>abc", "<4>alone"}));
}

TEST(Printk, LinesOfAMessage)
{
    BareKernel b;
    abi::_printk("\0016one\ntwo\n");
    EXPECT_EQ(b.log(), (Lines{"<6>one", "<6>two"}));
}

TEST(Printk, RingForgetsTheOldest)
{
    BareKernel b;
    for (int i = 0; i < 20'000; ++i)
        abi::_printk("\0016line %d\n", i);
    const Lines lines = b.log();
    EXPECT_LT(lines.size(), 20'000u);
    EXPECT_GT(lines.size(), 5'000u);
    EXPECT_EQ(lines.back(), "<6>line 19999");
    EXPECT_EQ(lines.front(), "<6>line " + std::to_string(20'000 - lines.size())) << "none is missing between";
}

TEST(Printk, ConsoleShowsWhatIsUrgentEnough)
{
    struct Row {
        const char* clause;
        const char* cmdline;
        int shown; // of the levels 0 to 7
    };
    for (const Row& row : {Row{"default: below 7", "", 7}, Row{"quiet: below 4", "quiet", 4},
                           Row{"loglevel=1", "loglevel=1", 1}, Row{"loglevel=0 is 1", "loglevel=0", 1},
                           Row{"ignore_loglevel: all", "quiet ignore_loglevel", 8}}) {
        BareKernel b(row.cmdline);
        int shown = 0;
        b.k.console->sink = {[](void* ctx, int, u64, const char*) { ++*static_cast<int*>(ctx); }, &shown};
        for (int level = 0; level < 8; ++level)
            log_line(b.k, level, "x");
        EXPECT_EQ(shown, row.shown) << row.clause;
    }
}

TEST(Printk, RateLimit)
{
    BareKernel b;
    abi::ratelimit_state rs{};
    rs.interval = 5 * abi::IRQLAB_HZ;
    rs.burst = 10;
    int allowed = 0;
    for (int i = 0; i < 25; ++i)
        allowed += abi::___ratelimit(&rs, "my_irq");
    EXPECT_EQ(allowed, 10);
    b.k.this_cpu->clock_ns += 6'000'000'000;
    EXPECT_EQ(abi::___ratelimit(&rs, "my_irq"), 1);
    EXPECT_EQ(b.log(), Lines{"<4>my_irq: 15 callbacks suppressed"});
}

TEST(Printk, HexDump)
{
    BareKernel b;
    abi::print_hex_dump("\0017", "d: ", 2, 16, 1, "0123456789abcdefgh", 18, true);
    EXPECT_EQ(b.log(),
              (Lines{"<7>d: 00000000: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef",
                     "<7>d: 00000010: 67 68                                            gh"}));
}

TEST(Printk, TimeOfARecord)
{
    char out[32];
    format_log_time(out, sizeof out, 1'403'126'999);
    EXPECT_STREQ(out, "[    1.403126] ");
}

} // namespace
} // namespace irqlab::kernel

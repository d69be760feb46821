// What drivers of tutorials ask of the kernel beside interrupts: the terminal of a process, its pages, the list of
// modules; and the end of a driver whose timer went wrong.
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"

namespace irqlab::test {
namespace {

Session run(const std::string& script)
{
    Session session = run_session({}, "dmesg -C\n" + script);
    EXPECT_EQ(kernel::RunEnd::finished, session.end) << session.text;
    return session;
}

// [LX drivers/tty/pty.c]: what runs in a window or through ssh has a pts for its terminal.
TEST(Terminal, IsThatOfWhoeverLoadsTheModule)
{
    const Session s = run("insmod " + module_path("modules/terminal.c") + "\nsleep 0.1\ndmesg -t\nrmmod terminal\n");
    EXPECT_EQ(s.text.find("through the terminal\r\n"), 0u) << s.text;
    EXPECT_TRUE(s.says("terminal: pts0 is 136:0 of pty_slave, room 1\n")) << s.text;
    EXPECT_TRUE(s.says("terminal: a kernel thread has NULL tty, 0000000000000000\n")) << s.text;
}

// [LX kernel/module/main.c] find_module_all(), [LX kernel/module/procfs.c]: both walk the list of modules.
TEST(ModuleList, AModuleThatTookItselfOffIsNotFoundByName)
{
    const std::string hidden = module_path("modules/hidden.c");
    const Session s = run("insmod " + hidden + "\ndmesg -t\necho 1 > /sys/module/hidden/parameters/hide\n" +
                          "echo hidden: $(grep -c hidden /proc/modules)\nrmmod hidden\n" +
                          "echo 0 > /sys/module/hidden/parameters/hide\n" +
                          "echo back: $(grep -c hidden /proc/modules)\nrmmod hidden && echo gone\n");
    EXPECT_TRUE(s.says("hidden: 1 on the list\n")) << s.text;
    EXPECT_TRUE(s.says("hidden: 0\n")) << s.text;
    EXPECT_TRUE(s.says("rmmod: ERROR: Module hidden is not currently loaded\n")) << s.text;
    EXPECT_TRUE(s.says("back: 1\ngone\n")) << s.text;
}

// [LX core-api/pin_user_pages]; -14 is -EFAULT.
TEST(Pages, OfTheCallersMemoryAreTheSameForBoth)
{
    const Session s = run("insmod " + module_path("modules/pages.c") +
                          "\nprintf 'both ways' > /dev/pages\ncat /dev/pages; echo\nrmmod pages\ndmesg -t\n");
    EXPECT_TRUE(s.says("both ways")) << s.text;
    EXPECT_TRUE(s.says("pages: of the kernel -14, past the end -14\n")) << s.text;
    EXPECT_TRUE(s.says("pages: of vmalloc 1 1\n")) << s.text;
    EXPECT_FALSE(s.says("pages: one page, two structs")) << s.text;
    EXPECT_FALSE(s.says("WARNING")) << s.text;
}

// [LX mm/filemap.c]: a device's inode has no size, so that nothing is read, and no write_begin() to call.
TEST(Pages, ADeviceHasNone)
{
    const Session s = run("insmod " + module_path("modules/pages.c") +
                          "\ncat /dev/no_pages && echo read nothing\necho 1 > /dev/no_pages\ndmesg -t\n");
    EXPECT_TRUE(s.says("read nothing\n")) << s.text;
    EXPECT_TRUE(s.says("BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
                       "#PF: supervisor instruction fetch in kernel mode\n"))
        << s.text;
}

// [LX arch/x86/lib/copy_user_64.S]: the exception table covers both ends. [LX mm/usercopy.c]: a size that the compiler
// does not know is checked with the address, CONFIG_HARDENED_USERCOPY being on.
TEST(Copies, ABadKernelAddressFailsOrIsRefused)
{
    const std::string module = module_path("modules/copies.c");
    const Session s = run("insmod " + module + "\ncat /dev/copies\ndmesg -t\necho 1 > /dev/copies\ndmesg -t\n");
    const std::string left = "copies: 4 of 4 left\n";
    EXPECT_TRUE(s.says(left + left)) << s.text;
    EXPECT_TRUE(s.says("usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 2)!\n"))
        << s.text;
    EXPECT_TRUE(s.says("kernel BUG at mm/usercopy.c:101!\ninvalid opcode: 0000 [#1]")) << s.text;
}

// What was dropped runs no longer: who waits for its end need not.
TEST(DroppedTimer, IsNotWaitedFor)
{
    for (const char* kind : {"hr=0", "hr=1"}) {
        const Session s = run("insmod " + module_path("modules/late_timer.c") + " " + kind +
                              "\nsleep 0.1\nrmmod late_timer\ndmesg -t\n");
        EXPECT_TRUE(s.says("Kernel panic - not syncing: Fatal exception in interrupt")) << s.text;
        EXPECT_TRUE(s.says("late_timer: pending 0, active 0\n")) << kind << s.text;
    }
}

} // namespace
} // namespace irqlab::test

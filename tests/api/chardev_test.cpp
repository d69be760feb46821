// A program and the driver of tests/modules/api/chardev.c: files, ioctl, poll and SIGIO as the manual pages
// have them. [MAN2] open, read, write, lseek, ioctl, poll, fcntl; [MAN3] errno.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <string_view>
#include <sys/ioctl.h>

#include "kernel/syscall.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using namespace kernel;
using testing::HasSubstr;
using testing::Not;

constexpr unsigned slot_set = _IOW('a', 1, int), slot_get = _IOR('a', 2, int),
                   slot_exchange = _IOWR('a', 3, long), slot_clear = _IO('a', 4), unknown = _IO('a', 5),
                   strange = _IO('b', 1);
constexpr const char* first_slot = "/dev/api_slot0";

unsigned long address(void* place) { return reinterpret_cast<unsigned long>(place); }

std::string read_some(int fd)
{
    char text[64];
    const ssize_t n = sys_read(fd, text, sizeof text);
    return n < 0 ? "error " + std::to_string(-n) : std::string(text, static_cast<std::size_t>(n));
}

void messages()
{
    const int fd = sys_open(first_slot, O_RDWR | O_NONBLOCK);
    ASSERT_GE(fd, 0);
    EXPECT_EQ("error 11", read_some(fd)); // EAGAIN: nothing there, and it was not to wait
    EXPECT_EQ(5, sys_write(fd, "hello", 5));
    EXPECT_EQ("hello", read_some(fd));
    EXPECT_EQ(-EINVAL, sys_write(fd, std::string(33, 'x').data(), 33));
    EXPECT_EQ(-ESPIPE, sys_lseek(fd, 0, SEEK_SET));
    EXPECT_EQ(0, sys_close(fd));
    EXPECT_EQ(-EBADF, sys_read(fd, nullptr, 0));
}

void two_slots()
{
    const int one = sys_open(first_slot, O_RDWR), two = sys_open("/dev/api_slot1", O_RDWR);
    EXPECT_EQ(1, sys_write(one, "1", 1));
    EXPECT_EQ(1, sys_write(two, "2", 1));
    EXPECT_EQ("12", read_some(one) + read_some(two));
    sys_close(one);
    sys_close(two);
    const int writer = sys_open(first_slot, O_WRONLY);
    EXPECT_EQ("error 9", read_some(writer)); // EBADF: not open for reading
    sys_close(writer);
}

int write_later(void* text)
{
    sys_nanosleep(20'000'000);
    const int fd = sys_open(first_slot, O_WRONLY);
    const std::string_view words = static_cast<const char*>(text);
    sys_write(fd, words.data(), words.size());
    return 0;
}

char late[] = "late";

void waiting()
{
    const int fd = sys_open(first_slot, O_RDWR);
    int status = -1;
    const std::uint64_t before = sys_clock_monotonic_ns();
    Pid child = sys_spawn("writer", write_later, late);
    EXPECT_EQ("late", read_some(fd));
    EXPECT_GE(sys_clock_monotonic_ns() - before, 20'000'000u);
    EXPECT_EQ(child, sys_wait(child, status));

    EXPECT_EQ(POLLOUT, sys_poll(fd, POLLIN | POLLOUT, -1));
    EXPECT_EQ(0, sys_poll(fd, POLLIN, 5)); // the time is up
    child = sys_spawn("writer", write_later, late);
    EXPECT_EQ(POLLIN, sys_poll(fd, POLLIN, -1)); // the driver's wakeup ends it
    EXPECT_EQ(POLLIN | POLLRDNORM, sys_poll(fd, POLLIN | POLLRDNORM, 0));
    EXPECT_EQ("late", read_some(fd));
    EXPECT_EQ(child, sys_wait(child, status));
    sys_close(fd);
}

constexpr std::uint64_t sigio = 1ull << (SIGIO - 1);

void asynchronous()
{
    const int fd = sys_open(first_slot, O_RDWR);
    int on = 1, off = 0;
    sys_take_signals();
    sys_write(fd, "a", 1);
    EXPECT_EQ(0u, sys_take_signals() & sigio); // not asked for
    EXPECT_EQ(0, sys_ioctl(fd, FIOASYNC, address(&on)));
    sys_write(fd, "b", 1);
    EXPECT_EQ(sigio, sys_take_signals() & sigio);
    EXPECT_EQ(0, sys_ioctl(fd, FIOASYNC, address(&off)));
    sys_write(fd, "c", 1);
    EXPECT_EQ(0u, sys_take_signals() & sigio);
    EXPECT_EQ(0, sys_ioctl(fd, FIOASYNC, address(&on)));
    sys_close(fd); // its last file takes the listener away
    const int other = sys_open(first_slot, O_RDWR);
    sys_write(other, "d", 1);
    EXPECT_EQ(0u, sys_take_signals() & sigio);
    EXPECT_EQ("d", read_some(other));
    sys_close(other);
}

void commands()
{
    const int fd = sys_open(first_slot, O_RDWR);
    int number = 41, back = 0;
    long wide = 77;
    EXPECT_EQ(0, sys_ioctl(fd, slot_set, address(&number)));
    EXPECT_EQ(0, sys_ioctl(fd, slot_get, address(&back)));
    EXPECT_EQ(41, back);
    EXPECT_EQ(0, sys_ioctl(fd, slot_exchange, address(&wide)));
    EXPECT_EQ(0, wide); // what it held before
    EXPECT_EQ(-EFAULT, sys_ioctl(fd, slot_get, 0));
    EXPECT_EQ(-EFAULT, sys_ioctl(fd, slot_exchange, 0xffff888000001000));
    EXPECT_EQ(0, sys_ioctl(fd, slot_clear, 0));
    EXPECT_EQ(0, sys_ioctl(fd, slot_get, address(&back)));
    EXPECT_EQ(0, back);
    EXPECT_EQ(-ENOTTY, sys_ioctl(fd, unknown, 0));
    EXPECT_EQ(-ENOTTY, sys_ioctl(fd, strange, 0));
    sys_close(fd);
}

void iterators()
{
    const int fd = sys_open("/dev/api_iter", O_RDWR);
    EXPECT_EQ(std::string("0123456789\0\0\0\0\0\0", 16), read_some(fd));
    EXPECT_EQ("", read_some(fd)); // its end
    EXPECT_EQ(3, sys_write(fd, "new", 3));
    EXPECT_EQ(POLLIN | POLLOUT, sys_poll(fd, POLLIN | POLLOUT, -1));
    sys_close(fd);
    const int again = sys_open("/dev/api_iter", O_RDONLY);
    EXPECT_EQ("new", read_some(again).substr(0, 3));
    sys_close(again);
}

int program(void*)
{
    messages();
    two_slots();
    waiting();
    asynchronous();
    commands();
    iterators();
    return 0;
}

class CharDevice : public testing::TestWithParam<Release> {};

TEST_P(CharDevice, AnswersAProgramAsDocumented)
{
    lab::WorldConfig config;
    config.release = GetParam();
    Session session;
    sim::NaturalChoice natural;
    lab::World world(config, natural, terminal_of(session));
    run_in(world, "dmesg -C; insmod " + module_path("modules/api/chardev.c", {GetParam()}), session);
    ASSERT_EQ(0, session.status) << session.text;
    const lab::World::Result result = world.run("program", program, nullptr);
    EXPECT_EQ(RunEnd::finished, result.end);
    run_in(world, "ls -l /dev | grep api_; rmmod chardev; ls /dev | grep -c api_; dmesg", session);
    EXPECT_THAT(session.text, HasSubstr("api_iter\n"));
    EXPECT_THAT(session.text, HasSubstr("api_slot1\n"));
    EXPECT_THAT(session.text, HasSubstr("\n0\n")); // no node is left
    EXPECT_THAT(session.text, HasSubstr("chardev: files ok"));
    for (const char* bad : {"not so: ", "WARNING: ", "BUG: ", "Oops: ", "insmod: ", "rmmod: "})
        EXPECT_THAT(session.text, Not(HasSubstr(bad)));
}

INSTANTIATE_TEST_SUITE_P(Releases, CharDevice, testing::Values(Release::v5_4, Release::v6_1, Release::v6_12),
                         [](const auto& release) { return test_name(names_of(release.param).option); });

} // namespace
} // namespace irqlab::test

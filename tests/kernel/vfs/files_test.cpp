// Paths, descriptor tables, pipes, masks, seq_file, sysfs attributes and /proc entries.
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>

#include "kernel/vfs/tables.hpp"
#include "linux/abi/proc.h"
#include "linux/abi/string.h"
#include "linux/abi/uaccess.h"
#include "tests/kernel/vfs/vfs_world.hpp"

namespace irqlab::kernel::test {
namespace {

TEST(Path, LabOrHost)
{
    const struct {
        const char *cwd, *path, *text;
        bool lab;
    } rows[] = {
        {"/", "/proc/interrupts", "/proc/interrupts", true},
        {"/proc", "irq/../stat", "/proc/stat", true},
        {"/home/user", "../../dev/null", "/dev/null", true},
        {"/", "dev", "/dev", true},
        {"/", "/device", "/device", false},
        {"/home", "a/../b", "/home/a/../b", false},
        {"/", "/lib/modules/x", "/lib/modules/x", true},
        {"/", "/lib/x", "/lib/x", false},
        {"/dev", "..", "/dev/..", false},
    };
    for (const auto& r : rows) {
        Path p;
        EXPECT_EQ(path_resolve(r.cwd, r.path, p), 0);
        EXPECT_STREQ(p.text, r.text) << r.cwd << " " << r.path;
        EXPECT_EQ(p.lab, r.lab) << r.cwd << " " << r.path;
    }
    Path p;
    EXPECT_EQ(path_resolve("/", "", p), -ENOENT);
}

/// CPUs 0 to 63 by their bits.
CpuSet set(u64 bits)
{
    CpuSet cpus;
    cpus.word[0] = bits;
    return cpus;
}

TEST(Mask, TextAndBack)
{
    sim::Arena arena;
    TextSink out{arena};
    append_mask(out, set(0x3), 2);
    out.append(' ');
    append_mask(out, CpuSet::all(), 8);
    out.append(' ');
    append_mask(out, set(0x1'0000'0001), 40);
    out.append(' ');
    append_list(out, set(0b1011'0111));
    EXPECT_EQ(out.text(), "3 ff 01,00000001 0-2,4-5,7");
    CpuSet mask;
    EXPECT_TRUE(parse_mask("f\n", false, mask));
    EXPECT_EQ(mask, set(0xf));
    EXPECT_TRUE(parse_mask("0-1,3", true, mask));
    EXPECT_EQ(mask, set(0xb));
    EXPECT_FALSE(parse_mask("x", false, mask));
    EXPECT_FALSE(parse_mask("3-1", true, mask));
}

TEST(Descriptors, LowestFreeIsTaken)
{
    VfsWorld w;
    Files& files = *w.task.files;
    int error = 0;
    OpenFile* null = file_open(w.kernel, "/", "/dev/null", O_RDWR, 0, error);
    ASSERT_TRUE(null);
    EXPECT_EQ(fd_install(w.kernel, files, *null), 3);
    file_get(*null);
    EXPECT_EQ(fd_install(w.kernel, files, *null, 100), 100);
    EXPECT_EQ(fd_close(w.kernel, files, 1), 0);
    EXPECT_EQ(fd_close(w.kernel, files, 1), -EBADF);
    file_get(*null);
    EXPECT_EQ(fd_install(w.kernel, files, *null), 1);
    Files* copy = files_copy(w.kernel, &files);
    EXPECT_EQ(file_at(*copy, 100), null);
    EXPECT_EQ(null->linux.f_count.counter, 6);
    Task child;
    child.files = copy;
    files_close_all(child);
    EXPECT_EQ(child.files, nullptr);
    EXPECT_EQ(null->linux.f_count.counter, 3);
}

TEST(Dev, CreatedFilesAndUnknownNames)
{
    VfsWorld w;
    int error = 0;
    OpenFile* f = file_open(w.kernel, "/dev", "note", O_WRONLY | O_CREAT, 0644, error);
    ASSERT_TRUE(f);
    EXPECT_EQ(file_write(w.kernel, *f, "abc", 3), 3);
    file_put(w.kernel, *f);
    EXPECT_EQ(w.read("/dev/note"), "abc");
    EXPECT_FALSE(file_open(w.kernel, "/", "/proc/note", O_WRONLY | O_CREAT, 0644, error));
    EXPECT_EQ(error, -ENOENT);
    EXPECT_FALSE(file_open(w.kernel, "/", "/sys/note", O_WRONLY | O_CREAT, 0644, error));
    EXPECT_EQ(error, -EACCES);
    EXPECT_EQ(w.write("/dev/full", "x"), -ENOSPC);
    EXPECT_EQ(w.read("/dev/null"), "");
}

TEST(Pipe, RingAndEnds)
{
    VfsWorld w;
    OpenFile *reader = nullptr, *writer = nullptr;
    ASSERT_EQ(pipe_make(w.kernel, reader, writer), 0);
    reader->linux.f_flags |= O_NONBLOCK;
    writer->linux.f_flags |= O_NONBLOCK;
    char buffer[8]{};
    EXPECT_EQ(file_read(w.kernel, *reader, buffer, 8), -EAGAIN);
    const std::string block(40000, 'x');
    EXPECT_EQ(file_write(w.kernel, *writer, block.data(), block.size()), 40000);
    EXPECT_EQ(file_write(w.kernel, *writer, block.data(), block.size()), 25536) << "64 KiB [MAN7 pipe]";
    EXPECT_EQ(file_write(w.kernel, *writer, "y", 1), -EAGAIN);
    EXPECT_EQ(file_read(w.kernel, *reader, buffer, 8), 8);
    EXPECT_EQ(file_write(w.kernel, *writer, "123456789", 9), -EAGAIN) << "up to PIPE_BUF bytes in one piece";
    EXPECT_EQ(file_write(w.kernel, *writer, "12345678", 8), 8);
    file_put(w.kernel, *writer);
    std::string rest(65536, '\0');
    EXPECT_EQ(file_read(w.kernel, *reader, rest.data(), rest.size()), 65536);
    EXPECT_EQ(rest.substr(65528), "12345678");
    EXPECT_EQ(file_read(w.kernel, *reader, buffer, 8), 0) << "no writer: end of file";
    file_put(w.kernel, *reader);
}

// --- seq_file ----------------------------------------------------------------------------------------------------

constexpr abi::loff_t records = 2000;

void* count_start(abi::seq_file*, abi::loff_t* pos) { return *pos < records ? pos : nullptr; }
void* count_next(abi::seq_file*, void*, abi::loff_t* pos) { return ++*pos < records ? pos : nullptr; }
void count_stop(abi::seq_file*, void*) {}
int count_show(abi::seq_file* m, void* v)
{
    const auto n = *static_cast<abi::loff_t*>(v);
    if (n == 3)
        return 1; // SEQ_SKIP
    abi::seq_printf(m, "record %lld\n", n);
    for (int i = 0; n == 100 && i < 6000; ++i)
        abi::seq_putc(m, '.');
    return 0;
}
const abi::seq_operations count_ops{count_start, count_stop, count_next, count_show};

std::string expected_records()
{
    std::string all;
    for (int n = 0; n < records; ++n)
        if (n != 3)
            all += "record " + std::to_string(n) + "\n" + (n == 100 ? std::string(6000, '.') : "");
    return all;
}

TEST(SeqFile, PiecesOfAnySizeGiveTheSameText)
{
    VfsWorld w;
    ASSERT_TRUE(abi::proc_create_seq_private("count", 0, nullptr, &count_ops, 0, nullptr));
    const std::string all = expected_records();
    for (const std::size_t piece : {7u, 4096u, 65536u})
        EXPECT_EQ(w.read("/proc/count", piece), all) << piece;
}

TEST(SeqFile, SeekFindsItsByte)
{
    VfsWorld w;
    abi::proc_create_seq_private("count", 0, nullptr, &count_ops, 0, nullptr);
    int error = 0;
    OpenFile* f = file_open(w.kernel, "/", "/proc/count", O_RDONLY, 0, error);
    ASSERT_TRUE(f);
    EXPECT_EQ(file_seek(w.kernel, *f, 5005, SEEK_SET), 5005);
    std::string part(40, '\0');
    EXPECT_EQ(file_read(w.kernel, *f, part.data(), part.size()), 40);
    EXPECT_EQ(part, expected_records().substr(5005, 40));
    EXPECT_EQ(file_seek(w.kernel, *f, 0, SEEK_END), -EINVAL);
    file_put(w.kernel, *f);
}

// --- /proc ---------------------------------------------------------------------------------------------------------

int show_data(abi::seq_file* m, void*)
{
    abi::seq_printf(m, "%s\n", static_cast<const char*>(m->private_));
    return 0;
}

TEST(Proc, EntriesAndTheirRemoval)
{
    VfsWorld w;
    abi::proc_dir_entry* dir = abi::proc_mkdir("driver/mine", nullptr);
    ASSERT_TRUE(dir);
    char text[] = "data";
    ASSERT_TRUE(abi::proc_create_single_data("one", 0444, dir, show_data, text));
    EXPECT_EQ(w.read("/proc/driver/mine/one"), "data\n");
    int error = 0;
    OpenFile* f = file_open(w.kernel, "/", "/proc/driver/mine/one", O_RDONLY, 0, error);
    ASSERT_TRUE(f);
    abi::remove_proc_entry("driver/mine/one", nullptr);
    char c = 0;
    EXPECT_EQ(file_read(w.kernel, *f, &c, 1), -EIO) << "the entry went while it was open";
    file_put(w.kernel, *f);
    EXPECT_EQ(w.read("/proc/driver/mine/one"), "error -2");
    EXPECT_EQ(abi::remove_proc_subtree("mine", nullptr), -ENOENT);
    abi::proc_remove(dir);
    EXPECT_EQ(w.list("/proc/driver"), "");
}

// --- sysfs ----------------------------------------------------------------------------------------------------------

int number = 7;
ssize_t number_show(abi::kobject*, abi::kobj_attribute*, char* buf) { return abi::sysfs_emit(buf, "%d\n", number); }
ssize_t number_store(abi::kobject*, abi::kobj_attribute*, const char* buf, size_t count)
{
    const int error = abi::kstrtoint(buf, 10, &number);
    return error ? error : static_cast<ssize_t>(count);
}

TEST(Sysfs, AttributesOfAKobject)
{
    VfsWorld w;
    number = 7;
    abi::kobj_attribute both{{"number", 0644}, number_show, number_store};
    abi::kobj_attribute reading{{"fixed", 0444}, number_show, nullptr};
    abi::attribute* attrs[] = {&both.attr, &reading.attr, nullptr};
    abi::attribute_group group{};
    group.attrs = attrs;
    abi::kobject* kobj = abi::kobject_create_and_add("example", abi::kernel_kobj);
    ASSERT_TRUE(kobj);
    ASSERT_EQ(abi::sysfs_create_group(kobj, &group), 0);
    EXPECT_EQ(w.read("/sys/kernel/example/number"), "7\n");
    EXPECT_EQ(w.write("/sys/kernel/example/number", "12\n"), 3);
    EXPECT_EQ(w.read("/sys/kernel/example/number"), "12\n");
    EXPECT_EQ(w.write("/sys/kernel/example/number", "x"), -EINVAL);
    EXPECT_EQ(w.write("/sys/kernel/example/fixed", "1"), -EACCES);
    EXPECT_EQ(abi::sysfs_create_file_ns(kobj, &both.attr, nullptr), -EEXIST);
    abi::kobject_put(kobj);
    EXPECT_EQ(w.read("/sys/kernel/example/number"), "error -2");
}

// --- user memory --------------------------------------------------------------------------------------------------

TEST(Uaccess, OnlyTheProcessesOwnMemory)
{
    VfsWorld w;
    auto* user = static_cast<char*>(user_scratch(w.kernel, 64));
    ASSERT_TRUE(user);
    char host[64] = "text";
    EXPECT_EQ(abi::_copy_to_user(user, host, 5), 0u);
    EXPECT_STREQ(user, "text");
    EXPECT_EQ(abi::_copy_to_user(host, user, 5), 5u) << "a kernel address";
    EXPECT_EQ(abi::_copy_to_user(nullptr, host, 5), 5u);
    char to[8] = "xxxxxxx";
    EXPECT_EQ(abi::_copy_from_user(to, host, 4), 4u);
    EXPECT_EQ(to[3], 0) << "what could not be read becomes zeros";
    EXPECT_EQ(abi::strncpy_from_user(to, user, 8), 4);
    EXPECT_EQ(abi::strnlen_user(user, 64), 5);
    EXPECT_EQ(abi::_copy_to_user(user + (1 << 20) - 4, "12345678", 8), 4u) << "bytes not copied";
}

} // namespace
} // namespace irqlab::kernel::test

// Device numbers, device nodes, and a driver's file operations behind them.
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>

#include "kernel/vfs/chrdev.hpp"
#include "kernel/vfs/user_memory.hpp"
#include "linux/abi/uaccess.h"
#include "tests/kernel/vfs/vfs_world.hpp"

namespace irqlab::kernel::test {
namespace {

TEST(Chrdev, DynamicMajorsGoDownFrom246)
{
    VfsWorld w;
    abi::dev_t first = 0, second = 0;
    ASSERT_EQ(abi::alloc_chrdev_region(&first, 0, 1, "lothars_device"), 0);
    ASSERT_EQ(abi::alloc_chrdev_region(&second, 5, 2, "other"), 0);
    EXPECT_EQ(first, make_dev(246, 0)); // golden/hello/pc_smp2_devices
    EXPECT_EQ(second, make_dev(245, 5));
    EXPECT_NE(w.read("/proc/devices").find("\n245 other\n246 lothars_device\n247 "), std::string::npos);
    abi::unregister_chrdev_region(first, 1);
    ASSERT_EQ(abi::alloc_chrdev_region(&first, 0, 1, "again"), 0);
    EXPECT_EQ(first, make_dev(246, 0));
}

TEST(Chrdev, Conflicts)
{
    VfsWorld w;
    const struct {
        const char* clause;
        unsigned major, minor, count;
        int result;
    } rows[] = {
        {"fs/char_dev: a free range", 240, 0, 4, 0},
        {"fs/char_dev: the same range", 240, 0, 4, -EBUSY},
        {"fs/char_dev: overlaps at its end", 240, 3, 1, -EBUSY},
        {"fs/char_dev: next to it", 240, 4, 1, 0},
        {"fs/char_dev: a kernel driver's", 4, 64, 1, -EBUSY},
        {"fs/char_dev: free minors of a kernel driver's major", 4, 100, 1, 0},
        {"fs/char_dev: major beyond 511", 512, 0, 1, -EINVAL},
    };
    for (const auto& r : rows)
        EXPECT_EQ(abi::register_chrdev_region(make_dev(r.major, r.minor), r.count, "x"), r.result) << r.clause;
}

TEST(Chrdev, WithoutTheSerialDriverItsNumbersAreFree)
{
    VfsWorld w{Release::v6_1, "serial8250"};
    EXPECT_EQ(abi::register_chrdev_region(make_dev(4, 64), 4, "ttyS"), 0);
    EXPECT_EQ(w.list("/dev").find("ttyS0"), std::string::npos);
}

// A driver that keeps one line of text.
char kept[64];
int opened = 0, released = 0;

ssize_t dummy_read(abi::file*, char* buf, size_t count, abi::loff_t* pos)
{
    return abi::simple_read_from_buffer(buf, count, pos, kept, std::strlen(kept));
}
ssize_t dummy_write(abi::file*, const char* buf, size_t count, abi::loff_t*)
{
    if (count >= sizeof kept || abi::_copy_from_user(kept, buf, count) != 0)
        return -EFAULT;
    kept[count] = 0;
    return static_cast<ssize_t>(count);
}
long dummy_ioctl(abi::file*, unsigned command, unsigned long argument)
{
    int value = 0;
    if (command == 0x1234)
        return abi::__lab_put_user(&value, reinterpret_cast<void*>(argument), 4);
    if (abi::_copy_from_user(&value, reinterpret_cast<void*>(argument), 4) != 0)
        return -EFAULT;
    value *= 2;
    return abi::_copy_to_user(reinterpret_cast<void*>(argument), &value, 4) ? -EFAULT : 0;
}
int dummy_open(abi::inode*, abi::file*) { return ++opened, 0; }
int dummy_release(abi::inode*, abi::file*) { return ++released, 0; }

abi::file_operations operations()
{
    abi::file_operations f{};
    f.read = dummy_read;
    f.write = dummy_write;
    f.unlocked_ioctl = dummy_ioctl;
    f.open = dummy_open;
    f.release = dummy_release;
    return f;
}
const abi::file_operations with_all = operations();
const abi::file_operations with_none{};

/// A cdev at 246:0 with a class and a node.
struct Driver {
    abi::dev_t number = 0;
    abi::cdev cdev{};
    abi::class_* cls;
    abi::device* device;

    explicit Driver(const abi::file_operations& ops)
    {
        abi::alloc_chrdev_region(&number, 0, 1, "dummy");
        abi::cdev_init(&cdev, &ops);
        abi::cdev_add(&cdev, number, 1);
        cls = abi::__class_create(nullptr, "dummies", nullptr);
        device = abi::device_create(cls, nullptr, number, nullptr, "dummy%d", 0);
    }
    void remove()
    {
        abi::device_destroy(cls, number);
        abi::class_destroy(cls);
        abi::cdev_del(&cdev);
        abi::unregister_chrdev_region(number, 1);
    }
};

TEST(DriverFile, NodeAttributesReadAndWrite)
{
    VfsWorld w;
    Driver d{with_all};
    opened = released = 0;
    EXPECT_NE(w.list("/dev").find("dummy0 "), std::string::npos);
    EXPECT_EQ(w.read("/sys/class/dummies/dummy0/dev"), "246:0\n");
    EXPECT_EQ(w.read("/sys/class/dummies/dummy0/uevent"), "MAJOR=246\nMINOR=0\nDEVNAME=dummy0\n");
    EXPECT_EQ(w.read("/sys/devices/virtual/dummies/dummy0/dev"), "246:0\n");
    EXPECT_EQ(w.write("/dev/dummy0", "hello\n"), 6);
    EXPECT_EQ(w.read("/dev/dummy0", 4), "hello\n");
    EXPECT_EQ(opened, 2);
    EXPECT_EQ(released, 2);
    d.remove();
    EXPECT_EQ(w.read("/dev/dummy0"), "error -2");
    EXPECT_EQ(w.list("/sys/class"), "");
    EXPECT_EQ(w.list("/sys/devices/virtual/dummies"), "");
}

TEST(DriverFile, OperationsThatAreNotThere)
{
    VfsWorld w;
    Driver d{with_none};
    int error = 0;
    OpenFile* f = file_open(w.kernel, "/", "/dev/dummy0", O_RDWR, 0, error);
    ASSERT_TRUE(f);
    char c = 0;
    EXPECT_EQ(file_read(w.kernel, *f, &c, 1), -EINVAL);
    EXPECT_EQ(file_write(w.kernel, *f, &c, 1), -EINVAL);
    EXPECT_EQ(file_ioctl(w.kernel, *f, 3, 0x40041234, 0), -ENOTTY);
    EXPECT_EQ(file_seek(w.kernel, *f, 0, SEEK_SET), -ESPIPE);
    EXPECT_EQ(file_poll(w.kernel, *f, nullptr), 0x145u);
    file_put(w.kernel, *f);
    OpenFile* reader = file_open(w.kernel, "/", "/dev/dummy0", O_RDONLY, 0, error);
    EXPECT_EQ(file_write(w.kernel, *reader, &c, 1), -EBADF);
    file_put(w.kernel, *reader);
    d.remove();
}

TEST(DriverFile, IoctlCarriesItsObject)
{
    VfsWorld w;
    Driver d{with_all};
    int error = 0;
    OpenFile* f = file_open(w.kernel, "/", "/dev/dummy0", O_RDWR, 0, error);
    ASSERT_TRUE(f);
    int value = 21;
    EXPECT_EQ(file_ioctl(w.kernel, *f, 3, 0xc0046101, reinterpret_cast<unsigned long>(&value)), 0);
    EXPECT_EQ(value, 42);
    EXPECT_EQ(file_ioctl(w.kernel, *f, 3, 0xc0046101, 0x10), -EFAULT) << "a number is no user pointer";
    EXPECT_EQ(file_ioctl(w.kernel, *f, 3, 0x1234, reinterpret_cast<unsigned long>(&value)), -EFAULT)
        << "without a size nothing is carried";
    auto* own = static_cast<int*>(user_scratch(w.kernel, 16));
    *own = 4;
    EXPECT_EQ(file_ioctl(w.kernel, *f, 3, 0xc0046101, reinterpret_cast<unsigned long>(own)), 0);
    EXPECT_EQ(*own, 8);
    file_put(w.kernel, *f);
    d.remove();
}

TEST(DriverFile, NumberWithoutDriver)
{
    VfsWorld w;
    vfs_make_device(w.kernel, *w.kernel.vfs->dev, "nobody", S_IFCHR | 0600, make_dev(200, 0));
    EXPECT_EQ(w.read("/dev/nobody"), "error -6");
}

TEST(Misc, MinorAndNode)
{
    VfsWorld w;
    abi::miscdevice misc{};
    misc.minor = 255;
    misc.name = "gadget";
    misc.fops = &with_all;
    misc.mode = 0666;
    ASSERT_EQ(abi::misc_register(&misc), 0);
    EXPECT_EQ(misc.minor, 125);
    int error = 0;
    const Node* node = vfs_lookup(w.kernel, "/dev/gadget", error);
    ASSERT_TRUE(node);
    EXPECT_EQ(node->mode, S_IFCHR | 0666u);
    EXPECT_EQ(w.write("/dev/gadget", "x"), 1);
    EXPECT_TRUE(w.read("/proc/misc").starts_with("125 gadget\n"));
    abi::misc_deregister(&misc);
    EXPECT_FALSE(vfs_lookup(w.kernel, "/dev/gadget", error));
}

} // namespace
} // namespace irqlab::kernel::test

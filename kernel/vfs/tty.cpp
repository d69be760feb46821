// The terminal that the lab's programs run on: a pseudoterminal, as a window or ssh gives one. What a driver writes
// to it, without a line discipline between, reaches the person in front of the World.
// Source: [LX drivers/tty/pty.c], [LX drivers/tty/tty_io.c].
#include "linux/abi/tty.h"

#include <cstdio>
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/vfs.hpp"

namespace irqlab::kernel {

namespace {

constexpr int pty_slave_major = 136;
constexpr unsigned buffer_bytes = 640 * 1024; // what a tty's buffer takes before it is full
constexpr short type_pty = 4, subtype_slave = 2;

ssize_t pty_write(abi::tty_struct*, const u8* buf, std::size_t count)
{
    const TerminalSink& sink = kernel().vfs->console;
    const std::size_t size = static_cast<u32>(count); // an int until 6.5
    if (sink.write && size)
        sink.write(sink.context, 1, reinterpret_cast<const char*>(buf), size);
    return static_cast<ssize_t>(size);
}

unsigned pty_write_room(abi::tty_struct*) { return buffer_bytes; }

constexpr abi::tty_operations pty_slave_ops{.open = nullptr,
                                            .close = nullptr,
                                            .write = pty_write,
                                            .put_char = nullptr,
                                            .flush_chars = nullptr,
                                            .write_room = pty_write_room,
                                            .chars_in_buffer = nullptr,
                                            .ioctl = nullptr,
                                            .flush_buffer = nullptr};

} // namespace

abi::tty_struct* controlling_tty(Kernel& k)
{
    if (!k.vfs || k.vfs->tty)
        return k.vfs ? k.vfs->tty : nullptr;
    auto& driver = *k.arena.make<abi::tty_driver>();
    driver.kref.refcount.refs.counter = 1;
    driver.driver_name = "pty_slave";
    driver.name = "pts";
    driver.major = pty_slave_major;
    driver.num = 1;
    driver.type = type_pty;
    driver.subtype = subtype_slave;
    driver.ops = &pty_slave_ops;
    auto& tty = *k.arena.make<abi::tty_struct>();
    tty.kref.refcount.refs.counter = 1;
    tty.driver = &driver;
    tty.ops = &pty_slave_ops;
    tty.count = 1;
    std::snprintf(tty.name, sizeof tty.name, "%s%d", driver.name, tty.index);
    return k.vfs->tty = &tty;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

struct tty_struct* get_current_tty()
{
    tty_struct* tty = kernel::current_task().linux_signal.tty;
    if (tty)
        ++tty->kref.refcount.refs.counter;
    return tty;
}

void tty_kref_put(struct tty_struct* tty)
{
    if (tty)
        --tty->kref.refcount.refs.counter; // the lab holds a reference of its own: the last one is never given back
}

dev_t tty_devnum(struct tty_struct* tty)
{
    return static_cast<dev_t>(tty->driver->major) << 20 |
           static_cast<dev_t>(tty->driver->minor_start + tty->index);
}

const char* tty_name(const struct tty_struct* tty) { return tty ? tty->name : "NULL tty"; }

} // namespace irqlab::abi

namespace irqlab::kernel {

extern const Export tty_exports[];
extern const std::size_t tty_exports_count;
const Export tty_exports[] = {EXPORT_GPL(get_current_tty), EXPORT(tty_kref_put), EXPORT(tty_devnum),
                              EXPORT(tty_name)};
const std::size_t tty_exports_count = std::size(tty_exports);

} // namespace irqlab::kernel

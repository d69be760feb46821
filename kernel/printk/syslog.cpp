// The log as programs read it, and who waits for it. [MAN2 syslog]
#include <cerrno>

#include "kernel/entry/symbols.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/printk/record.hpp"
#include "kernel/printk/stable_address.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/syscall.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

void log_wake_readers(Kernel& k)
{
    Console& c = *k.console;
    if (c.readers.head.next != &c.readers.head)
        abi::__wake_up(&c.readers, task_interruptible | task_uninterruptible, 0, nullptr);
}

int sys_syslog_read(bool clear,
                    void (*record)(void* context, int level, std::uint64_t time_ns, const char* text),
                    void* context)
{
    Kernel& k = kernel();
    LogCursor cursor{k.console->cleared, nullptr, 0, 0};
    while (const LogRecord* r = log_next(k, cursor))
        record(context, r->level, r->time_ns, r->text());
    if (clear)
        k.console->cleared = cursor.sequence;
    return 0;
}

int sys_syslog_wait(std::uint64_t& sequence)
{
    Kernel& k = kernel();
    abi::wait_queue_entry entry;
    abi::init_wait_entry(&entry, 0);
    int result = 0;
    while (k.console->next_sequence <= sequence) {
        if (abi::prepare_to_wait_event(&k.console->readers, &entry, TASK_INTERRUPTIBLE) != 0) {
            result = -EINTR;
            break;
        }
        if (k.console->next_sequence <= sequence)
            schedule();
    }
    abi::finish_wait(&k.console->readers, &entry);
    if (result == 0)
        sequence = k.console->next_sequence;
    return result;
}

u64 stable_address(std::uintptr_t address)
{
    if (!the_kernel)
        return address;
    Kernel& k = *the_kernel;
    const auto* p = reinterpret_cast<const void*>(address);
    if (k.memory && memory_contains(k, p))
        return memory_offset(k, p); // no other address is that small
    if (k.console &&
        k.arena.contains(p)) // the order in which the World's things were made is always the same
        return (u64{1} << 40) + (address - reinterpret_cast<std::uintptr_t>(k.console));
    return shown_address(k, address);
}

u64 displayed_address(std::uintptr_t address)
{
    constexpr u64 direct_map = 0xffff888000000000; // [LX arch/x86/x86_64/mm]
    if (!the_kernel)
        return address;
    Kernel& k = *the_kernel;
    const auto* p = reinterpret_cast<const void*>(address);
    if (k.memory && memory_contains(k, p))
        return direct_map + phys_of(k, p);
    return shown_address(k, address);
}

} // namespace irqlab::kernel

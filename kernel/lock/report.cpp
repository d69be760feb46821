// What is said of locks that can never be had, and how such a context ends.
#include "kernel/lock/lock.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned spinlock_magic = 0xdead4ead;
constexpr unsigned softlockup_s = 26; // the first report of a watchdog with its usual threshold of 10 s

} // namespace

void give_up()
{
    Task& task = current_task();
    if (this_cpu().in_interrupt() && task.guard)
        sim::land(task.guard->landing);
    task_kill_current(9);
}

void report_spinlock(const abi::raw_spinlock_t& lock, const char* what)
{
    const PerCpu& cpu = this_cpu();
    const auto* owner = lock.locked ? static_cast<const Task*>(lock.__lab) : nullptr;
    abi::_printk("\0010BUG: spinlock %s on CPU#%d, %s/%d\n", what, cpu.index, cpu.current->comm(),
                 cpu.current->pid());
    abi::_printk("\0010 lock: %pS, .magic: %08x, .owner: %s/%d, .owner_cpu: %d\n",
                 static_cast<const void*>(&lock), spinlock_magic, owner ? owner->comm() : "<none>",
                 owner ? owner->pid() : -1, static_cast<int>(lock.locked) - 1);
    abi::dump_stack();
}

void report_rwlock(const abi::rwlock_t& lock, const char* what)
{
    const PerCpu& cpu = this_cpu();
    abi::_printk("\0010BUG: rwlock %s on CPU#%d, %s/%d, %p\n", what, cpu.index, cpu.current->comm(),
                 cpu.current->pid(), static_cast<const void*>(&lock));
    abi::dump_stack();
}

void soft_lockup()
{
    const PerCpu& cpu = this_cpu();
    abi::_printk("\0010watchdog: BUG: soft lockup - CPU#%d stuck for %us! [%s:%d]\n", cpu.index, softlockup_s,
                 cpu.current->comm(), cpu.current->pid());
    abi::dump_stack();
    give_up();
}

} // namespace irqlab::kernel

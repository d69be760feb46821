// Reader-writer spin locks. `readers` is -1 while a writer has it; `flags` is then its CPU + 1, `__lab` its
// task.
//
// Readers do not queue behind a writer that waits, so that a read lock may be taken again in an interrupt, as
// Linux allows. [LX locking/spinlocks]
#include "kernel/lock/lock.hpp"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

namespace {

constexpr u64 hopeless_ns = 22'000'000'000; // when the lockup watchdogs tell
using Lock = abi::rwlock_t;

/// Waits while readers is in the way: for a reader a writer, for a writer anybody.
__attribute__((noinline)) void spin(Kernel& k, Lock& lock, bool writer)
{
    const u64 since = now_ns(*k.this_cpu);
    while (writer ? lock.readers != 0 : lock.readers < 0) {
        if (lock.readers < 0 && lock.flags == k.this_cpu->index + 1u) {
            report_rwlock(lock, lock.__lab == k.this_cpu->current ? "recursion" : "cpu recursion");
            give_up();
        }
        if (!sched_relax(k) || now_ns(*k.this_cpu) - since > hopeless_ns)
            soft_lockup();
    }
}

inline void take_read(Kernel& k, Lock& lock)
{
    step_if_due(k);
    if (lock.readers < 0) [[unlikely]]
        spin(k, lock, false);
    ++lock.readers;
}

inline void own(Kernel& k, Lock& lock)
{
    lock.readers = -1;
    lock.flags = k.this_cpu->index + 1u;
    lock.__lab = k.this_cpu->current;
}

inline void take_write(Kernel& k, Lock& lock)
{
    step_if_due(k);
    if (lock.readers != 0) [[unlikely]]
        spin(k, lock, true);
    own(k, lock);
}

inline void release_read(Lock& lock)
{
    if (lock.readers > 0)
        --lock.readers;
    else
        report_rwlock(lock, "already unlocked");
}

inline void release_write(Kernel& k, Lock& lock)
{
    if (lock.readers >= 0) [[unlikely]]
        report_rwlock(lock, "already unlocked");
    else if (lock.flags != k.this_cpu->index + 1u) [[unlikely]]
        report_rwlock(lock, "wrong CPU");
    lock.readers = 0;
    lock.flags = 0;
    lock.__lab = nullptr;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void __rwlock_init(rwlock_t* lock, const char* name, struct lock_class_key*)
{
    *lock = {0, 0, name, nullptr};
}

void _raw_read_lock(rwlock_t* lock)
{
    ++this_cpu().preempt_count;
    take_read(kernel::kernel(), *lock);
}

void _raw_read_lock_bh(rwlock_t* lock)
{
    __lab_local_bh_disable();
    take_read(kernel::kernel(), *lock);
}

void _raw_read_lock_irq(rwlock_t* lock)
{
    irqs_disable(kernel::kernel());
    _raw_read_lock(lock);
}

unsigned long _raw_read_lock_irqsave(rwlock_t* lock)
{
    const unsigned long flags = __lab_irq_save();
    _raw_read_lock(lock);
    return flags;
}

int _raw_read_trylock(rwlock_t* lock)
{
    step_if_due(kernel::kernel());
    if (lock->readers < 0)
        return 0;
    ++this_cpu().preempt_count;
    ++lock->readers;
    return 1;
}

void _raw_read_unlock(rwlock_t* lock)
{
    release_read(*lock);
    __lab_preempt_enable();
}

void _raw_read_unlock_bh(rwlock_t* lock)
{
    release_read(*lock);
    __lab_local_bh_enable();
}

void _raw_read_unlock_irq(rwlock_t* lock)
{
    release_read(*lock);
    irqs_on(kernel::kernel());
    __lab_preempt_enable();
}

void _raw_read_unlock_irqrestore(rwlock_t* lock, unsigned long flags)
{
    release_read(*lock);
    __lab_irq_restore(flags);
    __lab_preempt_enable();
}

void _raw_write_lock(rwlock_t* lock)
{
    ++this_cpu().preempt_count;
    take_write(kernel::kernel(), *lock);
}

void _raw_write_lock_bh(rwlock_t* lock)
{
    __lab_local_bh_disable();
    take_write(kernel::kernel(), *lock);
}

void _raw_write_lock_irq(rwlock_t* lock)
{
    irqs_disable(kernel::kernel());
    _raw_write_lock(lock);
}

unsigned long _raw_write_lock_irqsave(rwlock_t* lock)
{
    const unsigned long flags = __lab_irq_save();
    _raw_write_lock(lock);
    return flags;
}

int _raw_write_trylock(rwlock_t* lock)
{
    Kernel& k = kernel::kernel();
    step_if_due(k);
    if (lock->readers != 0)
        return 0;
    ++k.this_cpu->preempt_count;
    own(k, *lock);
    return 1;
}

void _raw_write_unlock(rwlock_t* lock)
{
    release_write(kernel::kernel(), *lock);
    __lab_preempt_enable();
}

void _raw_write_unlock_bh(rwlock_t* lock)
{
    release_write(kernel::kernel(), *lock);
    __lab_local_bh_enable();
}

void _raw_write_unlock_irq(rwlock_t* lock)
{
    release_write(kernel::kernel(), *lock);
    irqs_on(kernel::kernel());
    __lab_preempt_enable();
}

void _raw_write_unlock_irqrestore(rwlock_t* lock, unsigned long flags)
{
    release_write(kernel::kernel(), *lock);
    __lab_irq_restore(flags);
    __lab_preempt_enable();
}

} // namespace irqlab::abi

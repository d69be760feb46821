// Spin locks. `locked` holds the owner's CPU + 1, `__lab` its task. [LX locking/spinlocks]
#include "kernel/lock/lock.hpp"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

namespace {

constexpr u64 hopeless_ns = 22'000'000'000; // when the lockup watchdogs tell

using Lock = abi::raw_spinlock_t;

[[noreturn]] __attribute__((noinline)) void recursion(Lock& lock)
{
    report_spinlock(lock, lock.__lab == this_cpu().current ? "recursion" : "cpu recursion");
    give_up();
}

/// Somebody has it: the others step until it is free.
__attribute__((noinline)) void spin(Kernel& k, Lock& lock)
{
    const u64 since = now_ns(*k.this_cpu);
    while (lock.locked) {
        if (lock.locked == k.this_cpu->index + 1u)
            recursion(lock);
        const bool hope = sched_relax(k);
        if (lock.locked && (!hope || now_ns(*k.this_cpu) - since > hopeless_ns))
            soft_lockup();
    }
}

inline void take(Kernel& k, Lock& lock)
{
    step_if_due(k);
    if (lock.locked) [[unlikely]]
        spin(k, lock);
    lock.locked = k.this_cpu->index + 1u;
    lock.__lab = k.this_cpu->current;
}

inline void release(Kernel& k, Lock& lock)
{
    if (!lock.locked) [[unlikely]]
        report_spinlock(lock, "already unlocked");
    else if (lock.locked != k.this_cpu->index + 1u) [[unlikely]]
        report_spinlock(lock, "wrong CPU");
    lock.locked = 0;
    lock.__lab = nullptr;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

void __raw_spin_lock_init(raw_spinlock_t* lock, const char* name, struct lock_class_key*)
{
    *lock = {0, 0, name, nullptr};
}

void _raw_spin_lock(raw_spinlock_t* lock)
{
    Kernel& k = kernel::kernel();
    ++k.this_cpu->preempt_count;
    take(k, *lock);
}

void _raw_spin_lock_bh(raw_spinlock_t* lock)
{
    __lab_local_bh_disable();
    take(kernel::kernel(), *lock);
}

void _raw_spin_lock_irq(raw_spinlock_t* lock)
{
    Kernel& k = kernel::kernel();
    irqs_disable(k);
    ++k.this_cpu->preempt_count;
    take(k, *lock);
}

unsigned long _raw_spin_lock_irqsave(raw_spinlock_t* lock)
{
    const unsigned long flags = __lab_irq_flags();
    _raw_spin_lock_irq(lock);
    return flags;
}

int _raw_spin_trylock(raw_spinlock_t* lock)
{
    Kernel& k = kernel::kernel();
    step_if_due(k);
    if (lock->locked)
        return 0;
    ++k.this_cpu->preempt_count;
    lock->locked = k.this_cpu->index + 1u;
    lock->__lab = k.this_cpu->current;
    return 1;
}

int _raw_spin_trylock_bh(raw_spinlock_t* lock)
{
    __lab_local_bh_disable();
    if (lock->locked) {
        __lab_local_bh_enable();
        return 0;
    }
    take(kernel::kernel(), *lock);
    return 1;
}

void _raw_spin_unlock(raw_spinlock_t* lock)
{
    Kernel& k = kernel::kernel();
    release(k, *lock);
    --k.this_cpu->preempt_count;
    step_if_due(k);
}

void _raw_spin_unlock_bh(raw_spinlock_t* lock)
{
    release(kernel::kernel(), *lock);
    __lab_local_bh_enable();
}

void _raw_spin_unlock_irq(raw_spinlock_t* lock)
{
    Kernel& k = kernel::kernel();
    release(k, *lock);
    irqs_on(k);
    --k.this_cpu->preempt_count;
}

void _raw_spin_unlock_irqrestore(raw_spinlock_t* lock, unsigned long flags)
{
    Kernel& k = kernel::kernel();
    release(k, *lock);
    __lab_irq_restore(flags);
    --k.this_cpu->preempt_count;
    step_if_due(k);
}

} // namespace irqlab::abi

// Locks that nobody else holds, and what counts as atomic context. Sources: [LX locking/spinlocks],
// [LX include/linux/preempt.h].
#include "kernel/lock/lock.hpp"

#include <gtest/gtest.h>

#include "kernel/lock/list.hpp"
#include "tests/kernel/bare_kernel.hpp"

namespace irqlab::kernel {
namespace {

TEST(SpinLock, CountsAndFlags)
{
    BareKernel b;
    abi::raw_spinlock_t lock{};
    abi::_raw_spin_lock(&lock);
    EXPECT_EQ(b.k.this_cpu->preempt_count, 1u);
    EXPECT_EQ(lock.locked, 1u);
    EXPECT_EQ(abi::_raw_spin_trylock(&lock), 0);
    EXPECT_EQ(b.k.this_cpu->preempt_count, 1u) << "a failed trylock takes nothing";
    abi::_raw_spin_unlock(&lock);
    EXPECT_EQ(b.k.this_cpu->preempt_count, 0u);

    const unsigned long flags = abi::_raw_spin_lock_irqsave(&lock);
    EXPECT_TRUE(irqs_off(b.k));
    EXPECT_TRUE(flags & 0x200) << "IF as it was";
    abi::_raw_spin_unlock_irqrestore(&lock, flags);
    EXPECT_FALSE(irqs_off(b.k));

    abi::_raw_spin_lock_irq(&lock);
    EXPECT_TRUE(irqs_off(b.k));
    abi::_raw_spin_unlock_irq(&lock);
    EXPECT_FALSE(irqs_off(b.k));
}

TEST(SpinLock, NestedIrqsave)
{
    BareKernel b;
    abi::raw_spinlock_t outer{}, inner{};
    const unsigned long a = abi::_raw_spin_lock_irqsave(&outer);
    const unsigned long c = abi::_raw_spin_lock_irqsave(&inner);
    abi::_raw_spin_unlock_irqrestore(&inner, c);
    EXPECT_TRUE(irqs_off(b.k)) << "the inner one restores what it found";
    abi::_raw_spin_unlock_irqrestore(&outer, a);
    EXPECT_FALSE(irqs_off(b.k));
}

TEST(RwLock, ReadersShareWritersDoNot)
{
    BareKernel b;
    abi::rwlock_t lock{};
    abi::_raw_read_lock(&lock);
    abi::_raw_read_lock(&lock);
    EXPECT_EQ(lock.readers, 2);
    EXPECT_EQ(abi::_raw_write_trylock(&lock), 0);
    abi::_raw_read_unlock(&lock);
    abi::_raw_read_unlock(&lock);
    abi::_raw_write_lock(&lock);
    EXPECT_EQ(lock.readers, -1);
    EXPECT_EQ(abi::_raw_read_trylock(&lock), 0);
    abi::_raw_write_unlock(&lock);
    EXPECT_EQ(b.k.this_cpu->preempt_count, 0u);
}

TEST(Mutex, TakeAndTry)
{
    BareKernel b;
    abi::mutex lock;
    abi::__mutex_init(&lock, "lock", nullptr);
    abi::mutex_lock(&lock);
    EXPECT_TRUE(abi::mutex_is_locked(&lock));
    EXPECT_EQ(abi::mutex_trylock(&lock), 0);
    abi::mutex_unlock(&lock);
    EXPECT_EQ(abi::mutex_trylock(&lock), 1);
}

TEST(Semaphore, Counts)
{
    BareKernel b;
    abi::semaphore sem{};
    sem.count = 1;
    list_init(&sem.wait_list);
    abi::down(&sem);
    EXPECT_EQ(abi::down_trylock(&sem), 1) << "1: not taken";
    abi::up(&sem);
    EXPECT_EQ(abi::down_trylock(&sem), 0);
}

TEST(Completion, CountsEvents)
{
    BareKernel b;
    abi::completion done{};
    list_init(&done.wait.head);
    EXPECT_FALSE(abi::try_wait_for_completion(&done));
    abi::complete(&done);
    abi::complete(&done);
    EXPECT_TRUE(abi::try_wait_for_completion(&done));
    abi::wait_for_completion(&done);
    EXPECT_FALSE(abi::completion_done(&done));
    abi::complete_all(&done);
    EXPECT_TRUE(abi::try_wait_for_completion(&done));
    EXPECT_TRUE(abi::completion_done(&done)) << "complete_all() lasts";
}

int woken[3];
int note(abi::wait_queue_entry* e, unsigned, int, void*) { return ++*static_cast<int*>(e->private_); }

TEST(WaitQueue, OrderAndExclusiveWaiters)
{
    BareKernel b;
    abi::wait_queue_head wq;
    abi::__init_waitqueue_head(&wq, "wq", nullptr);
    abi::wait_queue_entry e[3]{};
    for (int i = 0; i < 3; ++i) {
        woken[i] = 0;
        e[i].private_ = &woken[i];
        e[i].func = note;
    }
    abi::add_wait_queue_exclusive(&wq, &e[0]);
    abi::add_wait_queue_exclusive(&wq, &e[1]);
    abi::add_wait_queue(&wq, &e[2]);
    EXPECT_EQ(wq.head.next, &e[2].entry) << "shared waiters stand in front";
    abi::__wake_up(&wq, 3, 1, nullptr);
    EXPECT_EQ(woken[2], 1) << "all shared ones";
    EXPECT_EQ(woken[0], 1) << "the first exclusive one";
    EXPECT_EQ(woken[1], 0);
    abi::__wake_up(&wq, 3, 0, nullptr);
    EXPECT_EQ(woken[1], 1) << "0: everybody";
}

TEST(Rcu, CallbacksWaitForReaders)
{
    BareKernel b;
    static int ran;
    ran = 0;
    abi::rcu_head head{};
    abi::__lab_rcu_read_lock();
    abi::call_rcu(&head, [](abi::rcu_head*) { ++ran; });
    rcu_run_callbacks(b.k);
    EXPECT_EQ(ran, 0);
    abi::__lab_rcu_read_unlock();
    rcu_run_callbacks(b.k);
    EXPECT_EQ(ran, 1);
    EXPECT_FALSE(rcu_pending(b.k));
}

} // namespace
} // namespace irqlab::kernel

// Read-copy-update. A grace period is over when nobody is in a read section; callbacks then run from the RCU
// softirq.
//
// As with Linux's preemptible RCU a read section does not count as atomic context. [LX RCU/whatisRCU]
#include "kernel/lock/lock.hpp"
#include "kernel/time/timekeeping.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/softirq.h"

namespace irqlab::kernel {

namespace {

// kvfree_rcu() notes the distance of the head from the object instead of a function. [LX
// include/linux/rcupdate.h]
constexpr std::uintptr_t largest_offset = 4096;

void run(abi::rcu_head* head)
{
    const auto value = reinterpret_cast<std::uintptr_t>(head->func);
    if (value < largest_offset)
        abi::kvfree(reinterpret_cast<char*>(head) - value);
    else
        head->func(head);
}

} // namespace

void rcu_tick(Kernel& k)
{
    if (k.locks->rcu_first && k.locks->rcu_readers == 0)
        abi::__raise_softirq_irqoff(abi::RCU_SOFTIRQ);
}

void rcu_run_callbacks(Kernel& k)
{
    Locks& l = *k.locks;
    if (l.rcu_readers != 0)
        return;
    abi::rcu_head* head = l.rcu_first;
    l.rcu_first = nullptr;
    l.rcu_tail = &l.rcu_first;
    while (head) {
        abi::rcu_head* next = head->next;
        run(head);
        head = next;
    }
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

namespace {
struct Synchronizer {
    rcu_head head;
    completion done;
};
void wake_synchronizer(rcu_head* head) { complete(&reinterpret_cast<Synchronizer*>(head)->done); }
} // namespace

void __lab_rcu_read_lock(void) { ++kernel::kernel().locks->rcu_readers; }

void __lab_rcu_read_unlock(void)
{
    Kernel& k = kernel::kernel();
    if (k.locks->rcu_readers != 0)
        --k.locks->rcu_readers;
    step_if_due(k);
}

void call_rcu(struct rcu_head* head, void (*func)(struct rcu_head* head))
{
    Locks& l = *kernel::kernel().locks;
    head->func = func;
    head->next = nullptr;
    *l.rcu_tail = head;
    l.rcu_tail = &head->next;
    tick_needed(kernel::kernel());
}

// Callbacks run in the order of call_rcu, so the one that was put last ends both a grace period and all
// before it.
void synchronize_rcu(void)
{
    __might_sleep("kernel/rcu/tree.c", 3410);
    Synchronizer s{};
    __init_waitqueue_head(&s.done.wait, "&x->wait", nullptr);
    call_rcu(&s.head, wake_synchronizer);
    wait_for_completion(&s.done);
}

void rcu_barrier(void)
{
    if (kernel::kernel().locks->rcu_first)
        synchronize_rcu();
}

void __lab_kvfree_rcu(struct rcu_head* head, void* ptr)
{
    if (!head) {
        synchronize_rcu();
        kvfree(ptr);
        return;
    }
    const auto offset = static_cast<size_t>(reinterpret_cast<char*>(head) - static_cast<char*>(ptr));
    call_rcu(head, reinterpret_cast<void (*)(struct rcu_head*)>(offset));
}

} // namespace irqlab::abi

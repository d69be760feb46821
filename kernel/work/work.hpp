// Workqueues: queues of functions that kernel threads call, the kworkers. [LX core-api/workqueue]
//
// As in Linux the works of all queues of a kind share a pool of workers: two for each CPU (normal and high
// priority) and two that are bound to no CPU. A bound pool runs one work after the other; when the work
// sleeps, another worker goes on. An unbound pool has a worker for each work that its queue lets run. A queue
// has a PoolWorkqueue for each pool that it uses: max_active bounds what is in the pool from there.
//
// What does not depend on how many works there are: queueing, cancelling, flushing, finding who runs a work.
//
// A worker is made when it is first needed. When it cannot be made (threads-max), queues with WQ_MEM_RECLAIM
// have their rescuer.
//
// Not modelled: freezing, sysfs attributes, the end of idle workers, the report of works that hog a CPU.
#pragma once
#include "hw/base/bits.hpp"
#include "linux/abi/lock.h"
#include "linux/abi/softirq.h"
#include "linux/abi/work.h"

namespace irqlab::kernel {

struct Kernel;
struct Pool;
struct PoolWorkqueue;
struct Task;
struct Workqueue;

/// work_struct.data, Linux's in spirit: what is kept while the work is in no queue. INIT_WORK clears it.
namespace work_data {
inline constexpr abi::s64 pending = 1;   // whoever sets it may queue the work
inline constexpr abi::s64 canceling = 2; // somebody waits for its end: nobody may queue it
inline constexpr unsigned disable_shift = 4, disable_bits = 12, pool_shift = 16; // last pool, counted from 1
inline constexpr abi::s64 disable_one = 1 << disable_shift;
inline constexpr abi::s64 disable_mask = ((1 << disable_bits) - 1) << disable_shift;
} // namespace work_data

/// A queued or running work. Kept apart from the driver's struct, which may be freed under us.
struct WorkItem {
    abi::list_head entry;    // first: where it waits
    abi::list_head of_queue; // in Workqueue::items from queueing to end
    abi::work_struct* work;
    abi::work_func_t function; // while it runs
    PoolWorkqueue* pwq;
    u64 ticket;   // grows with each queueing in the World
    bool waiting; // for max_active
    WorkItem* next_free;
};

struct Worker {
    Task* task;
    Pool* pool;
    WorkItem* current;        // what it runs
    abi::list_head scheduled; // works that are to run after it, because they run already
    Worker *next, **at;       // among the idle or in a bucket of the busy ones; at null: in neither
    bool counted;             // in Pool::nr_running
    bool sleeps;              // within a work that is counted
};

struct Pool {
    static constexpr unsigned buckets = 16;
    int cpu;        // -1: unbound
    unsigned id;    // in names of unbound workers
    unsigned index; // as work_struct.data has it
    bool high, bh;
    abi::list_head pending;
    Worker* busy[buckets]; // by work
    Worker* idle;          // whoever slept last comes first
    unsigned nr_running;   // workers whose work neither sleeps nor is let alone (unbound, WQ_CPU_INTENSIVE)
    unsigned worker_count; // ever made
    bool wants_help;       // a worker could not be made
    unsigned long mayday;  // the jiffy when its queues' rescuers come
    abi::tasklet_struct tasklet; // of a bh pool
    Worker softirq;              // stands for the softirq in a bh pool
    PoolWorkqueue* pwqs;
};

/// A queue's share in one pool.
struct PoolWorkqueue {
    Pool* pool;
    Workqueue* wq;
    int active;             // in the pool or running
    abi::list_head waiting; // beyond max_active
    PoolWorkqueue* next;    // of the pool
};

/// The thread of a WQ_MEM_RECLAIM queue.
struct Rescuer {
    Worker worker; // first: the thread's argument
    Workqueue* wq;
    bool called, should_stop, gone;
};

struct Workqueue {
    char name[32];
    unsigned flags;
    int max_active;       // in each pool
    PoolWorkqueue** pwq;  // by CPU, of an unbound queue the first alone; made when first used
    abi::list_head items; // queued and running, oldest first
    unsigned drainers;
    Rescuer* rescuer;
    Workqueue* next;
};

struct Workqueues {
    Pool* pools; // normal and high of each CPU, then the four below
    unsigned pool_count;
    Pool *unbound, *unbound_high, *bh, *bh_high;
    Workqueue* all;
    WorkItem* free_items;
    u64 ticket;
    unsigned pending;          // works that no worker runs yet
    unsigned pools_in_need;    // Pool::wants_help
    bool power_efficient;      // workqueue.power_efficient
    bool warned_dependency;    // Linux says it once
    abi::wait_queue_head done; // woken when a work has run and somebody waits
    Workqueue *system, *system_high, *system_long, *system_unbound, *system_freezable, *system_power,
        *system_freezable_power, *system_bh, *system_bh_high;
};

void work_init(Kernel& k);
/// To be called by schedule() for a task with PF_WQ_WORKER that goes to sleep: another worker takes over.
void wq_worker_sleeping(Kernel& k, Task& task);
/// ... and when it goes on.
void wq_worker_running(Task& task);
/// At each tick: a pool whose workers all sleep gets another one.
void work_tick(Kernel& k);
/// Does a pool wait for its rescuers, or for a worker?
bool work_needs_tick(const Kernel& k);

// --- within kernel/work
// ------------------------------------------------------------------------------------------

void pools_init(Kernel& k);
/// Puts a work whose pending bit is set into its queue. `cpu` as in queue_work_on().
void work_insert(Kernel& k, Workqueue& wq, abi::work_struct* work, unsigned cpu);
/// Takes a work out that waits; its pending bit stays. @return whether it waited.
bool work_remove(Kernel& k, abi::work_struct* work);
/// Its item while it waits, or null.
WorkItem* work_item(Kernel& k, const abi::work_struct* work);
/// The worker that runs `work` in the pool where it was last, or null.
Worker* work_runner(Kernel& k, const abi::work_struct* work);
/// The worker that calls, or null.
Worker* current_worker(Kernel& k);
/// More may run at a time now.
void work_activate(Kernel& k, PoolWorkqueue& pwq);
PoolWorkqueue* pwq_on(Kernel& k, Workqueue& wq, unsigned cpu);

// worker.cpp
/// A pool with work that nobody serves wakes or makes a worker.
void pool_serve(Kernel& k, Pool& pool);
Worker* runner_in(Pool& pool, const abi::work_struct* work);
/// The item has run, or its worker has gone: its place in the queue is another's.
void work_over(Kernel& k, WorkItem* item);
void set_up_softirq(Pool& pool);
void run_work(Kernel& k, Worker& worker, WorkItem* item);

// rescuer.cpp
/// @return 0 or -EAGAIN.
int rescuer_make(Kernel& k, Workqueue& wq);
/// Tells the thread to end; Rescuer::gone says when it has.
void rescuer_stop(Workqueue& wq);
/// The pool cannot make a worker: the rescuers of its queues are woken.
void rescuers_call(Pool& pool);

inline WorkItem* item_of(abi::list_head* entry) { return reinterpret_cast<WorkItem*>(entry); }

} // namespace irqlab::kernel

// Workqueues: queues of functions that kernel threads call, the kworkers. [LX core-api/workqueue]
//
// As in Linux the works of all queues of a kind share a pool of workers: two for each CPU (normal and high
// priority) and one that is bound to no CPU. A pool runs one work after the other; when the work sleeps,
// another worker goes on. A worker is made when it is first needed.
//
// Not modelled: rescuers of WQ_MEM_RECLAIM queues, freezing, sysfs attributes, the end of idle workers.
#pragma once
#include "hw/base/bits.hpp"
#include "linux/abi/lock.h"
#include "linux/abi/softirq.h"
#include "linux/abi/work.h"

namespace irqlab::kernel {

struct Kernel;
struct Pool;
struct Task;
struct Workqueue;

/// A queued or running work. Kept apart from the driver's struct, which may be freed under us.
struct WorkItem {
    WorkItem* next;
    abi::work_struct* work;
    abi::work_func_t function; // while it runs
    Workqueue* wq;
    Pool* pool;
    u64 ticket; // grows with each queueing in the World
};

struct WorkList {
    WorkItem* first = nullptr;
    WorkItem** tail = &first;
};

struct Worker {
    Task* task;
    Pool* pool;
    WorkItem* current; // what it runs
    bool idle;
    Worker* next;
};

struct Pool {
    int cpu;     // -1: unbound
    unsigned id; // in names of unbound workers
    bool high, bh;
    WorkList pending;
    Worker* workers;
    unsigned worker_count;
    abi::tasklet_struct tasklet; // of a bh pool
    Worker softirq;              // stands for the softirq in a bh pool
    Pool* next;
};

struct Workqueue {
    char name[32];
    unsigned flags;
    int max_active;   // for each CPU; of an unbound queue, in all
    int* active;      // by CPU, the last one for unbound works
    WorkList waiting; // beyond max_active
    bool destroyed;
    Workqueue* next;
};

struct Workqueues {
    Pool *normal, *high; // by CPU
    Pool *unbound, *bh, *bh_high;
    Pool* pools; // all of them
    Workqueue* all;
    WorkItem* free_items;
    u64 ticket;
    unsigned pending;
    abi::wait_queue_head done; // woken when a work has run and somebody waits
    Workqueue *system, *system_high, *system_long, *system_unbound, *system_freezable, *system_power,
        *system_freezable_power, *system_bh, *system_bh_high;
};

void work_init(Kernel& k);
/// To be called by schedule() for a task with PF_WQ_WORKER that goes to sleep: another worker takes over.
void wq_worker_sleeping(Kernel& k, Task& task);
/// At each tick: a pool whose workers all sleep gets another one.
void work_tick(Kernel& k);

// --- within kernel/work
// ------------------------------------------------------------------------------------------

/// Puts a work whose pending bit is set into its queue. `cpu` as in queue_work_on().
void work_insert(Kernel& k, Workqueue& wq, abi::work_struct* work, unsigned cpu);
/// Takes a work out that waits. @return whether it waited.
bool work_remove(Kernel& k, abi::work_struct* work);
/// The worker that runs `work`, or null.
Worker* work_runner(Kernel& k, const abi::work_struct* work);
/// Is an item of `wq` (null: of any) up to `ticket` waiting or running?
bool work_busy_until(Kernel& k, const Workqueue& wq, u64 ticket);
void list_append(WorkList& list, WorkItem* item);

} // namespace irqlab::kernel

// Completions: a counter of events with a line of tasks that wait for one each. [LX scheduler/completion]
#include <climits>

#include "kernel/lock/list.hpp"
#include "kernel/lock/lock.hpp"
#include "linux/abi/sched.h"

namespace irqlab::abi {

using namespace kernel;

namespace {

/// @return jiffies left, at least 1, when it happened; 0: the time was up; -ERESTARTSYS.
long wait_common(completion* done, unsigned state, long timeout)
{
    __might_sleep("kernel/sched/completion.c", 101);
    step_if_due(kernel::kernel());
    Task& me = current_task();
    if (done->done == 0) {
        wait_queue_entry entry;
        init_wait_entry(&entry, WQ_FLAG_EXCLUSIVE);
        me.waits_in = "wait_for_completion";
        long result = 0;
        do {
            if (signal_ends(me, state)) {
                result = -ERESTARTSYS;
                break;
            }
            prepare_to_wait_exclusive(&done->wait, &entry, static_cast<int>(state));
            if (done->done == 0)
                timeout = schedule_timeout(timeout);
        } while (done->done == 0 && timeout != 0);
        finish_wait(&done->wait, &entry);
        me.waits_in = "";
        if (done->done == 0)
            return result != 0 ? result : timeout;
    }
    if (done->done != UINT_MAX)
        --done->done;
    return timeout != 0 ? timeout : 1;
}

int as_error(long result) { return result == -ERESTARTSYS ? -ERESTARTSYS : 0; }

} // namespace

void complete(struct completion* done)
{
    if (done->done != UINT_MAX)
        ++done->done;
    __wake_up(&done->wait, TASK_NORMAL | TASK_WAKEKILL, 1, nullptr);
}

void complete_all(struct completion* done)
{
    done->done = UINT_MAX;
    __wake_up(&done->wait, TASK_NORMAL | TASK_WAKEKILL, 0, nullptr);
}

void wait_for_completion(struct completion* done)
{
    wait_common(done, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int wait_for_completion_interruptible(struct completion* done)
{
    return as_error(wait_common(done, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT));
}

int wait_for_completion_killable(struct completion* done)
{
    return as_error(wait_common(done, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT));
}

unsigned long wait_for_completion_timeout(struct completion* done, unsigned long timeout)
{
    return static_cast<unsigned long>(wait_common(done, TASK_UNINTERRUPTIBLE, static_cast<long>(timeout)));
}

long wait_for_completion_interruptible_timeout(struct completion* done, unsigned long timeout)
{
    return wait_common(done, TASK_INTERRUPTIBLE, static_cast<long>(timeout));
}

long wait_for_completion_killable_timeout(struct completion* done, unsigned long timeout)
{
    return wait_common(done, TASK_KILLABLE, static_cast<long>(timeout));
}

bool try_wait_for_completion(struct completion* done)
{
    if (done->done == 0)
        return false;
    if (done->done != UINT_MAX)
        --done->done;
    return true;
}

bool completion_done(struct completion* done) { return done->done != 0; }

} // namespace irqlab::abi

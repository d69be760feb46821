/* SPDX-License-Identifier: MIT */
/* linux/sched/signal.h: signals to tasks. */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H
#include <linux/rculist.h>
#include <linux/signal.h>
#include <linux/sched.h>
#include <linux/cred.h>
#include <linux/refcount.h>
static inline int signal_pending(struct task_struct *task) { return __lab_signal_pending(task); }
static inline int fatal_signal_pending(struct task_struct *task)
{
    return __lab_signal_pending(task) && (task->pending.signal.sig[0] & (1UL << (SIGKILL - 1))) != 0;
}
static inline int signal_pending_state(unsigned int state, struct task_struct *task)
{
    return (state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) && signal_pending(task) &&
           ((state & TASK_INTERRUPTIBLE) || fatal_signal_pending(task));
}
static inline void allow_signal(int signal) { kernel_sigaction(signal, (void *)2); }
static inline void disallow_signal(int signal) { kernel_sigaction(signal, (void *)1); }
#define for_each_process(task) for (task = &init_task; (task = __lab_next_task(task)) != &init_task;)
#define next_task(task) __lab_next_task(task)
#define for_each_thread(process, thread) for (thread = (process); thread; thread = NULL)
#define SEND_SIG_NOINFO ((struct kernel_siginfo *)0)
#define SEND_SIG_PRIV ((struct kernel_siginfo *)1)
#endif

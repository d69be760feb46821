/* SPDX-License-Identifier: MIT */
/* linux/kthread.h: kernel threads. */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H
#include <linux/err.h>
#include <linux/sched.h>
#define NUMA_NO_NODE (-1)
#define kthread_create(threadfn, data, format, ...)                                                                 \
    kthread_create_on_node(threadfn, data, NUMA_NO_NODE, format, ##__VA_ARGS__)
#define kthread_run(threadfn, data, format, ...)                                                                    \
    ({                                                                                                              \
        struct task_struct *__lab_task = kthread_create(threadfn, data, format, ##__VA_ARGS__);                     \
        if (!IS_ERR(__lab_task))                                                                                    \
            wake_up_process(__lab_task);                                                                            \
        __lab_task;                                                                                                 \
    })
static inline struct task_struct *kthread_run_on_cpu(int (*threadfn)(void *), void *data, unsigned int cpu,
                                                     const char *format)
{
    struct task_struct *task = kthread_create_on_cpu(threadfn, data, cpu, format);
    if (!IS_ERR(task))
        wake_up_process(task);
    return task;
}
static inline bool kthread_freezable_should_stop(bool *frozen)
{
    if (frozen)
        *frozen = false;
    return kthread_should_stop();
}
#endif

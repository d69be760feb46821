/* SPDX-License-Identifier: MIT */
/* linux/sched/task.h: references to tasks. */
#ifndef _LINUX_SCHED_TASK_H
#define _LINUX_SCHED_TASK_H
#include <linux/sched.h>
#include <linux/uaccess.h>
static inline struct task_struct *get_task_struct(struct task_struct *task)
{
    refcount_inc(&task->usage);
    return task;
}
static inline void put_task_struct(struct task_struct *task)
{
    if (refcount_dec_and_test(&task->usage))
        __put_task_struct(task);
}
#endif

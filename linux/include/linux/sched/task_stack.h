/* SPDX-License-Identifier: MIT */
/* linux/sched/task_stack.h: tasks */
#ifndef IRQLAB_LINUX_SCHED_TASK_STACK_H
#define IRQLAB_LINUX_SCHED_TASK_STACK_H
#include <linux/sched.h>
#endif

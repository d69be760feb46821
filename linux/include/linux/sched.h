/* SPDX-License-Identifier: MIT */
/* linux/sched.h: tasks. */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H
#include <asm/current.h>
#include <linux/pid.h>
#include <linux/mutex.h>
#include <linux/signal_types.h>
#include <linux/hrtimer.h>
#include <linux/time64.h>
#include <linux/rcupdate.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/thread_info.h>
#include <linux/cpumask.h>
#include <uapi/linux/sched.h>
#include <abi/sched.h>

#define set_current_state(state_value) __lab_set_current_state((unsigned int)(state_value), 0)
#define __set_current_state(state_value) __lab_set_current_state((unsigned int)(state_value), 1)
#if IRQLAB_KERNEL < 0x050e00
#define get_current_state() (current->state)
#define task_is_running(task) ((task)->state == TASK_RUNNING)
#else
#define get_current_state() READ_ONCE(current->__state)
#define task_is_running(task) (READ_ONCE((task)->__state) == TASK_RUNNING)
#endif
#define TASK_ANY (0xffff)
#define cond_resched() __cond_resched()
#define cond_resched_lock(lock)                                                                                     \
    ({                                                                                                              \
        spin_unlock(lock);                                                                                          \
        int __lab_did = cond_resched();                                                                             \
        spin_lock(lock);                                                                                            \
        __lab_did;                                                                                                  \
    })
static inline pid_t task_pid_nr(struct task_struct *task) { return task->pid; }
static inline pid_t task_tgid_nr(struct task_struct *task) { return task->tgid; }
static inline pid_t task_ppid_nr(const struct task_struct *task) { return task->real_parent ? task->real_parent->tgid : 0; }
static inline pid_t task_pid_vnr(struct task_struct *task) { return task->pid; }
static inline pid_t task_tgid_vnr(struct task_struct *task) { return task->tgid; }
static inline struct pid *task_pid(struct task_struct *task) { return get_task_pid(task, PIDTYPE_PID); }
static inline struct pid *task_tgid(struct task_struct *task) { return get_task_pid(task, PIDTYPE_TGID); }
static inline unsigned int task_cpu(const struct task_struct *task) { return READ_ONCE(task->thread_info.cpu); }
static inline int task_nice(const struct task_struct *task) { return task->static_prio - 120; }
static inline bool is_global_init(struct task_struct *task) { return task->tgid == 1; }
#define get_task_comm(buf, task) __get_task_comm(buf, sizeof(buf), task)
#define tsk_cpus_allowed(task) ((task)->cpus_ptr)
#endif

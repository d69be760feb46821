/* SPDX-License-Identifier: MIT */
/* linux/pid.h: process identifiers. */
#ifndef _LINUX_PID_H
#define _LINUX_PID_H
#include <linux/types.h>
#include <abi/sched.h>
enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID, PIDTYPE_MAX };
static inline struct pid *get_pid(struct pid *pid) { return pid; }
static inline pid_t pid_nr(struct pid *pid) { return pid_nr_ns(pid, &init_pid_ns); }
static inline pid_t pid_vnr(struct pid *pid) { return pid_nr_ns(pid, &init_pid_ns); }
#endif

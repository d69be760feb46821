/* SPDX-License-Identifier: MIT */
/* sched.h: tasks, sleeping, signals, kernel threads. */
#ifndef IRQLAB_ABI_SCHED_H
#define IRQLAB_ABI_SCHED_H

#include "lock.h"
#include "time.h"

IRQLAB_ABI_BEGIN

#define TASK_RUNNING 0x0000
#define TASK_INTERRUPTIBLE 0x0001
#define TASK_UNINTERRUPTIBLE 0x0002
#define __TASK_STOPPED 0x0004
#define __TASK_TRACED 0x0008
#define EXIT_DEAD 0x0010
#define EXIT_ZOMBIE 0x0020
#define TASK_PARKED 0x0040
#define TASK_DEAD 0x0080
#define TASK_WAKEKILL 0x0100
#define TASK_WAKING 0x0200
#define TASK_NOLOAD 0x0400
#define TASK_NEW 0x0800
#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED (TASK_WAKEKILL | __TASK_STOPPED)
#define TASK_IDLE (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define PF_IDLE 0x00000002
#define PF_EXITING 0x00000004
#define PF_WQ_WORKER 0x00000020
#define PF_KTHREAD 0x00200000
#define TASK_COMM_LEN 16
#define MAX_SCHEDULE_TIMEOUT 0x7fffffffffffffffL

struct sigpending {
    struct list_head list;
    sigset_t signal;
};
struct signal_struct {
    atomic_t live;
    int nr_threads;
    struct sigpending shared_pending;
    struct tty_struct *tty; /* null: no controlling terminal */
    void *__lab;
};
struct thread_info {
    unsigned long flags;
    u32 status;
    u32 cpu;
#if IRQLAB_KERNEL < 0x050500 || defined(__cplusplus)
    struct task_struct *task; /* until 4.8; the kernel sets it all the same */
#else
    struct task_struct *__lab_task;
#endif
};
struct cred {
    atomic_t usage;
    kuid_t uid, suid, euid, fsuid;
    kgid_t gid, sgid, egid, fsgid;
    struct user_struct *user;
    void *__lab;
};
struct mm_struct {
    unsigned long start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
    unsigned long arg_start, arg_end, env_start, env_end, total_vm;
    atomic_t mm_users, mm_count;
    struct rw_semaphore mmap_lock;
    void *__lab;
};

struct task_struct {
    struct thread_info thread_info;
#if IRQLAB_KERNEL < 0x050e00
    volatile long state;
#else
    unsigned int __state;
    unsigned int __lab_state_high;
#endif
    void *stack;
    refcount_t usage;
    unsigned int flags; /* PF_* */
    unsigned int ptrace;
    int on_cpu;
    int on_rq;
    int prio, static_prio, normal_prio;
    unsigned int rt_priority;
    unsigned int policy;
    int nr_cpus_allowed;
    const cpumask_t *cpus_ptr;
    cpumask_t cpus_mask;
    struct list_head tasks;
    struct mm_struct *mm, *active_mm;
    int exit_state, exit_code, exit_signal;
    pid_t pid, tgid;
    struct task_struct *real_parent, *parent;
    struct list_head children, sibling;
    struct task_struct *group_leader;
    struct list_head thread_group;
    u64 utime, stime;
    unsigned long nvcsw, nivcsw;
    u64 start_time;
    const struct cred *real_cred, *cred;
    char comm[TASK_COMM_LEN];
    struct fs_struct *fs;
    struct files_struct *files;
    struct nsproxy *nsproxy;
    struct signal_struct *signal;
    struct sighand_struct *sighand;
    sigset_t blocked, real_blocked;
    struct sigpending pending;
    void *journal_info;
    int pagefault_disabled;
    void *__lab;
};

/* In C++ without the prefix si_: the host libc has macros of those names. */
struct kernel_siginfo {
#ifdef __cplusplus
    int signo, error, code, pid;
    unsigned int uid;
    union {
        int value_int;
        void *value_ptr;
    };
#else
    int si_signo, si_errno, si_code, si_pid;
    unsigned int si_uid;
    union {
        int si_int;
        void *si_ptr;
    };
#endif
    unsigned char __lab_rest[128 - 32];
};

struct task_struct *__lab_current(void);
/* Sets the state of the current task; a full barrier unless `relaxed`. */
void __lab_set_current_state(unsigned int state, int relaxed);
extern struct task_struct init_task;
void schedule(void);
long schedule_timeout(long timeout); /* jiffies left */
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_killable(long timeout);
long schedule_timeout_uninterruptible(long timeout);
long schedule_timeout_idle(long timeout);
int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode);
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode);
void io_schedule(void);
long io_schedule_timeout(long timeout);
void yield(void);
int __cond_resched(void);
int __lab_need_resched(void);
int wake_up_process(struct task_struct *task);
int wake_up_state(struct task_struct *task, unsigned int state);
int __lab_signal_pending(struct task_struct *task);
int send_sig(int signal, struct task_struct *task, int priv);
int send_sig_info(int signal, struct kernel_siginfo *info, struct task_struct *task);
int kill_pid(struct pid *pid, int signal, int priv);
int kill_pgrp(struct pid *pid, int signal, int priv);
void flush_signals(struct task_struct *task);
void kernel_sigaction(int signal, void *action); /* 0 default, 1 ignore, 2 kernel thread takes it */
struct task_struct *__lab_next_task(const struct task_struct *task); /* round the list that starts at init_task */
struct pid *find_get_pid(int nr);
struct pid *find_vpid(int nr);
struct pid *find_pid_ns(int nr, struct pid_namespace *ns);
struct pid *get_task_pid(struct task_struct *task, int type);
struct task_struct *pid_task(struct pid *pid, int type);
struct task_struct *get_pid_task(struct pid *pid, int type);
pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns);
pid_t __task_pid_nr_ns(struct task_struct *task, int type, struct pid_namespace *ns);
void put_pid(struct pid *pid);
extern struct pid_namespace init_pid_ns;
void __put_task_struct(struct task_struct *task);
struct mm_struct *get_task_mm(struct task_struct *task);
void mmput(struct mm_struct *mm);
char *__get_task_comm(char *to, size_t size, struct task_struct *task);
void set_user_nice(struct task_struct *task, long nice);
void sched_set_fifo(struct task_struct *task);
void sched_set_fifo_low(struct task_struct *task);
void sched_set_normal(struct task_struct *task, int nice);
int set_cpus_allowed_ptr(struct task_struct *task, const struct cpumask *mask);
bool capable(int capability);
void do_exit(long code) __attribute__((noreturn));
void complete_and_exit(struct completion *done, long code) __attribute__((noreturn));
void kthread_complete_and_exit(struct completion *done, long code) __attribute__((noreturn));
void kthread_exit(long code) __attribute__((noreturn));

struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node, const char *format, ...)
    __attribute__((format(__printf__, 4, 5)));
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
                                          const char *format);
void kthread_bind(struct task_struct *task, unsigned int cpu);
int kthread_stop(struct task_struct *task);
int kthread_stop_put(struct task_struct *task);
bool kthread_should_stop(void);
bool kthread_should_park(void);
int kthread_park(struct task_struct *task);
void kthread_unpark(struct task_struct *task);
void kthread_parkme(void);
void *kthread_data(struct task_struct *task);

IRQLAB_ABI_END

#endif

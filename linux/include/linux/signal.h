/* SPDX-License-Identifier: MIT */
/* linux/signal.h: signals. */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H
#include <linux/types.h>
#include <linux/list.h>
#include <abi/sched.h>
#include <uapi/asm/signal.h>
#include <asm/siginfo.h>
typedef struct kernel_siginfo kernel_siginfo_t;
static inline void sigemptyset(sigset_t *set) { set->sig[0] = 0; }
static inline void sigfillset(sigset_t *set) { set->sig[0] = ~0UL; }
static inline void sigaddset(sigset_t *set, int signal) { set->sig[0] |= 1UL << (signal - 1); }
static inline void sigdelset(sigset_t *set, int signal) { set->sig[0] &= ~(1UL << (signal - 1)); }
static inline int sigismember(const sigset_t *set, int signal) { return (set->sig[0] >> (signal - 1)) & 1; }
#define sigmask(signal) (1UL << ((signal)-1))
static inline void clear_siginfo(kernel_siginfo_t *info) { __builtin_memset(info, 0, sizeof(*info)); }
#endif

/* SPDX-License-Identifier: MIT */
/* asm/siginfo.h: what a signal carries. */
#ifndef _ASM_SIGINFO_H
#define _ASM_SIGINFO_H
#include <linux/types.h>
#include <abi/sched.h>
#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE -1
#define SI_TIMER -2
#define POLL_IN 1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6
#if IRQLAB_KERNEL < 0x050500
/* Until 4.19 the kernel had one struct for itself and for users. */
#define siginfo kernel_siginfo
typedef struct kernel_siginfo siginfo_t;
#else
typedef struct siginfo {
    int si_signo, si_errno, si_code, si_pid;
    unsigned int si_uid;
    union {
        int si_int;
        void *si_ptr;
    };
    unsigned char __lab_rest[128 - 32];
} siginfo_t;
#endif
#endif

/* SPDX-License-Identifier: MIT */
/* uapi/asm/signal.h: the signals' numbers. */
#ifndef _UAPI_ASM_SIGNAL_H
#define _UAPI_ASM_SIGNAL_H
#define _NSIG 64
#define _NSIG_BPW 64
#define _NSIG_WORDS 1
#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGPWR 30
#define SIGRTMIN 32
#define SIGRTMAX _NSIG
#define SA_NOCLDSTOP 0x00000001u
#define SA_SIGINFO 0x00000004u
#define SA_RESTART 0x10000000u
#endif

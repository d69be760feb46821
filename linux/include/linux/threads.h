/* SPDX-License-Identifier: MIT */
/* linux/threads.h: limits of CPUs and processes. */
#ifndef _LINUX_THREADS_H
#define _LINUX_THREADS_H
#ifndef NR_CPUS
#define NR_CPUS 256
#endif
#define PID_MAX_DEFAULT 0x8000
#endif

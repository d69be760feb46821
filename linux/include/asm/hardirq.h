/* SPDX-License-Identifier: MIT */
/* asm/hardirq.h: softirqs that are pending on this CPU. */
#ifndef _ASM_HARDIRQ_H
#define _ASM_HARDIRQ_H
#include <linux/threads.h>
#include <abi/softirq.h>
#define local_softirq_pending() __lab_local_softirq_pending()
#endif

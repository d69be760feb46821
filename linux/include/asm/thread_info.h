/* SPDX-License-Identifier: MIT */
/* asm/thread_info.h: flags of the running task */
#ifndef IRQLAB_ASM_THREAD_INFO_H
#define IRQLAB_ASM_THREAD_INFO_H
#include <linux/thread_info.h>
#endif

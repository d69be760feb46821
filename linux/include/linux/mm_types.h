/* SPDX-License-Identifier: MIT */
/* linux/mm_types.h: mappings */
#ifndef IRQLAB_LINUX_MM_TYPES_H
#define IRQLAB_LINUX_MM_TYPES_H
#include <linux/types.h>
#include <asm/page.h>
#include <linux/rwsem.h>
#include <abi/sched.h>
#endif

/* SPDX-License-Identifier: MIT */
/* linux/random.h: random numbers, of the world's own generator. */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <abi/string.h>
static inline unsigned int get_random_int(void) { return get_random_u32(); }
static inline unsigned long get_random_long(void) { return get_random_u64(); }
static inline u32 prandom_u32_max(u32 end) { return (u32)(((u64)get_random_u32() * end) >> 32); }
#if IRQLAB_KERNEL >= 0x060200
static inline u32 get_random_u32_below(u32 end) { return prandom_u32_max(end); }
#endif
#endif

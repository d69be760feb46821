/* SPDX-License-Identifier: MIT */
/* linux/jiffies.h: the tick count; comparisons that survive its wrap. */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/types.h>
#include <linux/time.h>
#include <linux/typecheck.h>
#include <asm/param.h>
#include <abi/time.h>
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)
#define INITIAL_JIFFIES ((unsigned long)(unsigned int)(-300 * HZ))
#define TICK_NSEC (NSEC_PER_SEC / HZ)
#define time_after(a, b) (typecheck(unsigned long, a) && typecheck(unsigned long, b) && ((long)((b) - (a)) < 0))
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) (typecheck(unsigned long, a) && typecheck(unsigned long, b) && ((long)((a) - (b)) >= 0))
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_in_range(a, b, c) (time_after_eq(a, b) && time_before_eq(a, c))
#define time_after64(a, b) ((s64)((b) - (a)) < 0)
#define time_before64(a, b) time_after64(b, a)
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)
static inline unsigned long msecs_to_jiffies(const unsigned int ms) { return __msecs_to_jiffies(ms); }
static inline unsigned long usecs_to_jiffies(const unsigned int us) { return __usecs_to_jiffies(us); }
static inline u64 jiffies_to_nsecs(const unsigned long j) { return (u64)jiffies_to_usecs(j) * NSEC_PER_USEC; }
static inline unsigned long timespec64_to_jiffies(const struct timespec64 *value)
{
    return (unsigned long)value->tv_sec * HZ + (unsigned long)((value->tv_nsec + TICK_NSEC - 1) / TICK_NSEC);
}
#if IRQLAB_KERNEL < 0x050600
static inline unsigned long timespec_to_jiffies(const struct timespec *value)
{
    return (unsigned long)value->tv_sec * HZ + (unsigned long)((value->tv_nsec + TICK_NSEC - 1) / TICK_NSEC);
}
static inline void jiffies_to_timespec(const unsigned long j, struct timespec *value)
{
    value->tv_sec = (time_t)(j / HZ);
    value->tv_nsec = (long)(j % HZ) * TICK_NSEC;
}
static inline void jiffies_to_timeval(const unsigned long j, struct timeval *value)
{
    value->tv_sec = (time_t)(j / HZ);
    value->tv_usec = (long)(j % HZ) * (TICK_NSEC / NSEC_PER_USEC);
}
static inline unsigned long timeval_to_jiffies(const struct timeval *value)
{
    return (unsigned long)value->tv_sec * HZ + (unsigned long)((value->tv_usec * HZ + USEC_PER_SEC - 1) / USEC_PER_SEC);
}
#endif
#endif

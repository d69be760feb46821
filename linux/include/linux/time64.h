/* SPDX-License-Identifier: MIT */
/* linux/time64.h: seconds and nanoseconds. */
#ifndef _LINUX_TIME64_H
#define _LINUX_TIME64_H
#include <linux/math64.h>
#include <uapi/linux/time.h>
#include <abi/time.h>
#define MSEC_PER_SEC 1000L
#define USEC_PER_MSEC 1000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define USEC_PER_SEC 1000000L
#define NSEC_PER_SEC 1000000000L
#define FSEC_PER_SEC 1000000000000000LL
struct itimerspec64 { struct timespec64 it_interval, it_value; };
static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
    return (s64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}
static inline int timespec64_compare(const struct timespec64 *a, const struct timespec64 *b)
{
    if (a->tv_sec != b->tv_sec)
        return a->tv_sec < b->tv_sec ? -1 : 1;
    return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}
static inline struct timespec64 timespec64_sub(struct timespec64 a, struct timespec64 b)
{
    return ns_to_timespec64(timespec64_to_ns(&a) - timespec64_to_ns(&b));
}
static inline struct timespec64 timespec64_add(struct timespec64 a, struct timespec64 b)
{
    return ns_to_timespec64(timespec64_to_ns(&a) + timespec64_to_ns(&b));
}
#endif

/* SPDX-License-Identifier: MIT */
/* linux/time32.h: conversions with the older structs, until 5.5. */
#ifndef _LINUX_TIME32_H
#define _LINUX_TIME32_H
#include <linux/time64.h>
#include <linux/timekeeping32.h>
#if IRQLAB_KERNEL < 0x050600
static inline struct timespec timespec64_to_timespec(const struct timespec64 ts)
{
    return (struct timespec){(time_t)ts.tv_sec, ts.tv_nsec};
}
static inline struct timespec64 timespec_to_timespec64(const struct timespec ts)
{
    return (struct timespec64){ts.tv_sec, ts.tv_nsec};
}
static inline s64 timespec_to_ns(const struct timespec *ts) { return (s64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec; }
static inline s64 timeval_to_ns(const struct timeval *tv)
{
    return (s64)tv->tv_sec * NSEC_PER_SEC + tv->tv_usec * NSEC_PER_USEC;
}
static inline struct timespec ns_to_timespec(const s64 ns)
{
    return (struct timespec){(time_t)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC)};
}
static inline struct timeval ns_to_timeval(const s64 ns)
{
    return (struct timeval){(time_t)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC) / NSEC_PER_USEC};
}
static inline struct timespec timespec_sub(struct timespec a, struct timespec b)
{
    return ns_to_timespec(timespec_to_ns(&a) - timespec_to_ns(&b));
}
static inline struct timespec timespec_add(struct timespec a, struct timespec b)
{
    return ns_to_timespec(timespec_to_ns(&a) + timespec_to_ns(&b));
}
static inline void getnstimeofday(struct timespec *ts)
{
    struct timespec64 now;
    ktime_get_real_ts64(&now);
    *ts = timespec64_to_timespec(now);
}
/* The next three until 4.20. */
static inline void do_gettimeofday(struct timeval *tv)
{
    struct timespec64 now;
    ktime_get_real_ts64(&now);
    tv->tv_sec = (time_t)now.tv_sec;
    tv->tv_usec = now.tv_nsec / NSEC_PER_USEC;
}
static inline unsigned long get_seconds(void) { return (unsigned long)ktime_get_real_seconds(); }
static inline struct timespec current_kernel_time(void)
{
    struct timespec now;
    getnstimeofday(&now);
    return now;
}
static inline void ktime_get_ts(struct timespec *ts)
{
    struct timespec64 now;
    ktime_get_ts64(&now);
    *ts = timespec64_to_timespec(now);
}
static inline void ktime_get_real_ts(struct timespec *ts) { getnstimeofday(ts); }
static inline void getrawmonotonic(struct timespec *ts) { ktime_get_ts(ts); }
#endif
#endif

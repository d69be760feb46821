/* SPDX-License-Identifier: MIT */
/* linux/ktime.h: nanoseconds in 64 bits. */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H
#include <linux/time.h>
#include <linux/jiffies.h>
#include <asm/bug.h>
#define KTIME_MAX ((s64)~((u64)1 << 63))
#define KTIME_SEC_MAX (KTIME_MAX / NSEC_PER_SEC)
static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
    return secs >= KTIME_SEC_MAX ? KTIME_MAX : secs * NSEC_PER_SEC + (s64)nsecs;
}
#define ktime_add(a, b) ((a) + (b))
#define ktime_sub(a, b) ((a) - (b))
#define ktime_add_ns(t, ns) ((t) + (ns))
#define ktime_sub_ns(t, ns) ((t) - (ns))
#define ktime_add_unsafe(a, b) ((ktime_t)((u64)(a) + (u64)(b)))
#define ktime_to_ns(t) (t)
#define ktime_to_timespec64(t) ns_to_timespec64(t)
static inline ktime_t timespec64_to_ktime(struct timespec64 ts) { return ktime_set(ts.tv_sec, (unsigned long)ts.tv_nsec); }
static inline int ktime_compare(const ktime_t a, const ktime_t b) { return a < b ? -1 : a > b; }
static inline bool ktime_after(const ktime_t a, const ktime_t b) { return a > b; }
static inline bool ktime_before(const ktime_t a, const ktime_t b) { return a < b; }
static inline s64 ktime_divns(const ktime_t t, s64 div) { return t / div; }
static inline s64 ktime_to_us(const ktime_t t) { return t / NSEC_PER_USEC; }
static inline s64 ktime_to_ms(const ktime_t t) { return t / NSEC_PER_MSEC; }
static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier) { return ktime_to_us(later - earlier); }
static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier) { return ktime_to_ms(later - earlier); }
static inline ktime_t ktime_add_us(const ktime_t t, const u64 us) { return t + (s64)us * NSEC_PER_USEC; }
static inline ktime_t ktime_add_ms(const ktime_t t, const u64 ms) { return t + (s64)ms * NSEC_PER_MSEC; }
static inline ktime_t ktime_sub_us(const ktime_t t, const u64 us) { return t - (s64)us * NSEC_PER_USEC; }
static inline ktime_t ns_to_ktime(u64 ns) { return (ktime_t)ns; }
static inline ktime_t us_to_ktime(u64 us) { return (ktime_t)us * NSEC_PER_USEC; }
static inline ktime_t ms_to_ktime(u64 ms) { return (ktime_t)ms * NSEC_PER_MSEC; }
#if IRQLAB_KERNEL < 0x050600
#define ktime_to_timespec(t) ns_to_timespec(t)
#define ktime_to_timeval(t) ns_to_timeval(t)
static inline ktime_t timespec_to_ktime(struct timespec ts) { return ktime_set(ts.tv_sec, (unsigned long)ts.tv_nsec); }
static inline ktime_t timeval_to_ktime(struct timeval tv)
{
    return ktime_set(tv.tv_sec, (unsigned long)tv.tv_usec * NSEC_PER_USEC);
}
#endif
#include <linux/timekeeping.h>
#endif

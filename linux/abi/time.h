/* SPDX-License-Identifier: MIT */
/* time.h: jiffies (HZ is 250), clocks, timers, hrtimers, delays. */
#ifndef IRQLAB_ABI_TIME_H
#define IRQLAB_ABI_TIME_H

#include "base.h"

IRQLAB_ABI_BEGIN

extern volatile unsigned long jiffies;
extern u64 jiffies_64;
u64 get_jiffies_64(void);
unsigned int jiffies_to_msecs(unsigned long j);
unsigned int jiffies_to_usecs(unsigned long j);
unsigned long __msecs_to_jiffies(unsigned int ms); /* rounds up */
unsigned long __usecs_to_jiffies(unsigned int us);
u64 nsecs_to_jiffies64(u64 ns);
unsigned long nsecs_to_jiffies(u64 ns);
clock_t jiffies_to_clock_t(unsigned long j);
unsigned long round_jiffies(unsigned long j);
unsigned long round_jiffies_relative(unsigned long j);

struct timespec64 { time64_t tv_sec; long tv_nsec; };
struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon; /* tm_mon from 0 */
    long tm_year;                                 /* since 1900 */
    int tm_wday, tm_yday;
};
void time64_to_tm(time64_t total, int offset, struct tm *result);
time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour, unsigned int min,
                  unsigned int sec);
struct timespec64 ns_to_timespec64(s64 ns);
void jiffies_to_timespec64(unsigned long j, struct timespec64 *value);

ktime_t ktime_get(void);
ktime_t ktime_get_raw(void);
ktime_t ktime_get_with_offset(int offset); /* TK_OFFS_REAL 0, BOOT 1, TAI 2 */
u64 ktime_get_mono_fast_ns(void);
u64 ktime_get_boot_fast_ns(void);
u64 ktime_get_raw_fast_ns(void);
u64 ktime_get_real_fast_ns(void);
time64_t ktime_get_seconds(void);
time64_t ktime_get_real_seconds(void);
void ktime_get_ts64(struct timespec64 *ts);
void ktime_get_raw_ts64(struct timespec64 *ts);
void ktime_get_real_ts64(struct timespec64 *ts);
void ktime_get_coarse_ts64(struct timespec64 *ts);
void ktime_get_coarse_real_ts64(struct timespec64 *ts);
u64 sched_clock(void);
u64 local_clock(void);
u64 __lab_rdtsc(void);
extern unsigned int cpu_khz, tsc_khz;
extern unsigned long loops_per_jiffy;

void __udelay(unsigned long us);
void __ndelay(unsigned long ns);
void __const_udelay(unsigned long xloops);
void __delay(unsigned long loops);
void msleep(unsigned int ms);
unsigned long msleep_interruptible(unsigned int ms); /* ms left */
void usleep_range_state(unsigned long min_us, unsigned long max_us, unsigned int state);
#if IRQLAB_KERNEL < 0x051000 || defined(__cplusplus)
void usleep_range(unsigned long min_us, unsigned long max_us);
#endif

#define TIMER_CPUMASK 0x0003ffff
#define TIMER_MIGRATING 0x00040000
#define TIMER_DEFERRABLE 0x00080000
#define TIMER_PINNED 0x00100000
#define TIMER_IRQSAFE 0x00200000
/* 5.4 stands for all before it: a timer of init_timer or setup_timer has this flag, and its function takes `data`. */
#define TIMER_LAB_TAKES_DATA 0x80000000
struct timer_list {
    struct hlist_node entry; /* entry.pprev is not null while pending */
    unsigned long expires;   /* jiffies */
#if IRQLAB_KERNEL < 0x050500
    void *function;
#else
    void (*function)(struct timer_list *timer);
#endif
    u32 flags;
    void *__lab;
#if IRQLAB_KERNEL < 0x050500 || defined(__cplusplus)
    unsigned long data;
#else
    unsigned long __lab_data;
#endif
};
void init_timer_key(struct timer_list *timer, void (*function)(struct timer_list *), unsigned int flags,
                    const char *name, struct lock_class_key *key);
void init_timer_on_stack_key(struct timer_list *timer, void (*function)(struct timer_list *), unsigned int flags,
                             const char *name, struct lock_class_key *key);
void destroy_timer_on_stack(struct timer_list *timer);
void add_timer(struct timer_list *timer);
void add_timer_on(struct timer_list *timer, int cpu);
int mod_timer(struct timer_list *timer, unsigned long expires); /* 1: it was pending */
int mod_timer_pending(struct timer_list *timer, unsigned long expires);
int timer_reduce(struct timer_list *timer, unsigned long expires);
#if IRQLAB_KERNEL < 0x060200 || defined(__cplusplus)
int del_timer(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);
int try_to_del_timer_sync(struct timer_list *timer);
#endif
int __lab_timer_delete(struct timer_list *timer); /* timer_delete; libc has that name */
int timer_delete_sync(struct timer_list *timer);
int timer_shutdown(struct timer_list *timer);
int timer_shutdown_sync(struct timer_list *timer);

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum hrtimer_mode {
    HRTIMER_MODE_ABS = 0x00, HRTIMER_MODE_REL = 0x01, HRTIMER_MODE_PINNED = 0x02, HRTIMER_MODE_SOFT = 0x04,
    HRTIMER_MODE_HARD = 0x08,
    HRTIMER_MODE_ABS_PINNED = 0x02, HRTIMER_MODE_REL_PINNED = 0x03, HRTIMER_MODE_ABS_SOFT = 0x04,
    HRTIMER_MODE_REL_SOFT = 0x05, HRTIMER_MODE_ABS_PINNED_SOFT = 0x06, HRTIMER_MODE_REL_PINNED_SOFT = 0x07,
    HRTIMER_MODE_ABS_HARD = 0x08, HRTIMER_MODE_REL_HARD = 0x09, HRTIMER_MODE_ABS_PINNED_HARD = 0x0a,
    HRTIMER_MODE_REL_PINNED_HARD = 0x0b
};
struct hrtimer_clock_base {
    int index;
    clockid_t clockid;
    ktime_t (*get_time)(void);
    ktime_t offset;
    void *__lab;
};
struct timerqueue_node { struct rb_node node; ktime_t expires; };
struct hrtimer {
    struct timerqueue_node node;
    ktime_t _softexpires;
    enum hrtimer_restart (*function)(struct hrtimer *timer);
    struct hrtimer_clock_base *base;
    u8 state; /* 1 while enqueued */
    u8 is_rel;
    u8 is_soft;
    u8 is_hard;
    void *__lab;
};
void hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode);
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *), clockid_t clock,
                   enum hrtimer_mode mode);
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t time, u64 delta_ns, const enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval); /* overruns */
bool hrtimer_active(const struct hrtimer *timer);
int __lab_hrtimer_callback_running(struct hrtimer *timer);
ktime_t __hrtimer_get_remaining(const struct hrtimer *timer, bool adjust);
extern unsigned int hrtimer_resolution;

IRQLAB_ABI_END

#endif

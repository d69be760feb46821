/* SPDX-License-Identifier: MIT */
/* linux/delay.h: waiting in place and asleep. */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H
#include <linux/math.h>
#include <linux/sched.h>
#include <linux/jiffies.h>
#define udelay(us) __udelay((unsigned long)(us))
#define ndelay(ns) __ndelay((unsigned long)(ns))
#define mdelay(ms)                                                                                                  \
    ({                                                                                                              \
        unsigned long __lab_ms = (unsigned long)(ms);                                                               \
        while (__lab_ms--)                                                                                          \
            udelay(1000);                                                                                           \
    })
static inline void ssleep(unsigned int seconds) { msleep(seconds * 1000); }
#if IRQLAB_KERNEL >= 0x051000
static inline void usleep_range(unsigned long min_us, unsigned long max_us)
{
    usleep_range_state(min_us, max_us, TASK_UNINTERRUPTIBLE);
}
static inline void usleep_idle_range(unsigned long min_us, unsigned long max_us)
{
    usleep_range_state(min_us, max_us, TASK_IDLE);
}
#endif
#if IRQLAB_KERNEL >= 0x050800
static inline void fsleep(unsigned long us)
{
    if (us <= 10)
        udelay(us);
    else if (us <= 20000)
        usleep_range(us, 2 * us);
    else
        msleep((unsigned int)DIV_ROUND_UP(us, 1000));
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/* linux/iopoll.h: waiting for a register. */
#ifndef _LINUX_IOPOLL_H
#define _LINUX_IOPOLL_H
#include <linux/ktime.h>
#include <linux/delay.h>
#include <linux/io.h>
#define __lab_poll(op, value, condition, pause, limit_us, args...)                                                  \
    ({                                                                                                              \
        u64 __lab_limit = (u64)(limit_us);                                                                          \
        ktime_t __lab_end = ktime_add_us(ktime_get(), __lab_limit);                                                 \
        for (;;) {                                                                                                  \
            (value) = op(args);                                                                                     \
            if (condition)                                                                                          \
                break;                                                                                              \
            if (__lab_limit && ktime_get() > __lab_end) {                                                           \
                (value) = op(args);                                                                                 \
                break;                                                                                              \
            }                                                                                                       \
            pause;                                                                                                  \
            cpu_relax();                                                                                            \
        }                                                                                                           \
        (condition) ? 0 : -ETIMEDOUT;                                                                               \
    })
#define read_poll_timeout(op, value, condition, sleep_us, limit_us, before, args...)                                \
    __lab_poll(op, value, condition, if (sleep_us) usleep_range(((sleep_us) >> 2) + 1, sleep_us), limit_us, args)
#define read_poll_timeout_atomic(op, value, condition, delay_us, limit_us, before, args...)                         \
    __lab_poll(op, value, condition, if (delay_us) udelay(delay_us), limit_us, args)
#define readx_poll_timeout(op, addr, value, condition, sleep_us, limit_us)                                          \
    read_poll_timeout(op, value, condition, sleep_us, limit_us, false, addr)
#define readl_poll_timeout(addr, value, condition, sleep_us, limit_us)                                              \
    readx_poll_timeout(readl, addr, value, condition, sleep_us, limit_us)
#define readb_poll_timeout(addr, value, condition, sleep_us, limit_us)                                              \
    readx_poll_timeout(readb, addr, value, condition, sleep_us, limit_us)
#define readl_poll_timeout_atomic(addr, value, condition, delay_us, limit_us)                                       \
    read_poll_timeout_atomic(readl, value, condition, delay_us, limit_us, false, addr)
#endif

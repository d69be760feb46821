/* SPDX-License-Identifier: MIT */
/* linux/hrtimer.h: timers with nanoseconds, run in hard interrupt context (or softirq: the _SOFT modes). */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H
#include <linux/ktime.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/timer.h>
#include <linux/rbtree.h>
#include <abi/time.h>
#define HRTIMER_STATE_INACTIVE 0x00
#define HRTIMER_STATE_ENQUEUED 0x01
static inline void hrtimer_start(struct hrtimer *timer, ktime_t time, const enum hrtimer_mode mode)
{
    hrtimer_start_range_ns(timer, time, 0, mode);
}
static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
    timer->node.expires = time;
    timer->_softexpires = time;
}
static inline void hrtimer_add_expires(struct hrtimer *timer, ktime_t time)
{
    timer->node.expires += time;
    timer->_softexpires += time;
}
static inline void hrtimer_add_expires_ns(struct hrtimer *timer, u64 ns) { hrtimer_add_expires(timer, (ktime_t)ns); }
static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer) { return timer->node.expires; }
static inline ktime_t hrtimer_get_softexpires(const struct hrtimer *timer) { return timer->_softexpires; }
static inline s64 hrtimer_get_expires_ns(const struct hrtimer *timer) { return timer->node.expires; }
static inline ktime_t hrtimer_cb_get_time(struct hrtimer *timer) { return timer->base->get_time(); }
static inline ktime_t hrtimer_expires_remaining(const struct hrtimer *timer)
{
    return timer->node.expires - timer->base->get_time();
}
static inline void hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
    hrtimer_start(timer, timer->_softexpires, mode);
}
static inline void hrtimer_restart(struct hrtimer *timer) { hrtimer_start_expires(timer, HRTIMER_MODE_ABS); }
static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
    return hrtimer_forward(timer, timer->base->get_time(), interval);
}
static inline ktime_t hrtimer_get_remaining(const struct hrtimer *timer) { return __hrtimer_get_remaining(timer, false); }
static inline bool hrtimer_is_queued(struct hrtimer *timer) { return READ_ONCE(timer->state) & HRTIMER_STATE_ENQUEUED; }
static inline int hrtimer_callback_running(struct hrtimer *timer) { return __lab_hrtimer_callback_running(timer); }
#endif

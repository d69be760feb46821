/* SPDX-License-Identifier: MIT */
/* linux/timer.h: timers on the tick, run in softirq context. */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H
#include <linux/list.h>
#include <linux/ktime.h>
#include <linux/stddef.h>
#include <linux/stringify.h>
#include <abi/time.h>
#define __TIMER_INITIALIZER(fn, flag) { .entry = { .next = NULL }, .function = (fn), .flags = (flag) }
#define TIMER_INITIALIZER(fn) __TIMER_INITIALIZER(fn, 0)
#if IRQLAB_KERNEL < 0x050500
/* DEFINE_TIMER(name, function), and the older DEFINE_TIMER(name, function, expires, data). */
#define __lab_timer_2(name, fn) struct timer_list name = __TIMER_INITIALIZER(fn, 0)
#define __lab_timer_4(name, fn, when, argument)                                                                     \
    struct timer_list name = {.function = (fn), .expires = (when), .data = (argument), .flags = TIMER_LAB_TAKES_DATA}
#define __lab_timer_pick(a, b, c, d, form, ...) form
#define DEFINE_TIMER(...) __lab_timer_pick(__VA_ARGS__, __lab_timer_4, , __lab_timer_2)(__VA_ARGS__)
#else
#define DEFINE_TIMER(name, fn) struct timer_list name = __TIMER_INITIALIZER(fn, 0)
#endif
#define timer_setup(timer, callback, flags)                                                                         \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        init_timer_key((timer), (callback), (flags), #timer, &__lab_key);                                           \
    } while (0)
#define timer_setup_on_stack(timer, callback, flags)                                                                \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        init_timer_on_stack_key((timer), (callback), (flags), #timer, &__lab_key);                                  \
    } while (0)
#define __init_timer(timer, fn, flags) init_timer_key((timer), (fn), (flags), NULL, NULL)
#define from_timer(var, callback_timer, timer_fieldname) container_of(callback_timer, typeof(*var), timer_fieldname)
static inline int timer_pending(const struct timer_list *timer) { return READ_ONCE(timer->entry.pprev) != NULL; }
#if IRQLAB_KERNEL >= 0x060200
static inline int del_timer(struct timer_list *timer) { return __lab_timer_delete(timer); }
static inline int del_timer_sync(struct timer_list *timer) { return timer_delete_sync(timer); }
#define try_to_del_timer_sync(timer) __lab_try_to_del_timer_sync(timer)
int __lab_try_to_del_timer_sync(struct timer_list *timer) __asm__("try_to_del_timer_sync");
#endif
#if IRQLAB_KERNEL < 0x050500
/* Until 4.14. */
#define init_timer(timer) init_timer_key((timer), NULL, TIMER_LAB_TAKES_DATA, #timer, NULL)
#define setup_timer(timer, fn, argument)                                                                            \
    do {                                                                                                            \
        init_timer(timer);                                                                                          \
        (timer)->function = (fn);                                                                                   \
        (timer)->data = (unsigned long)(argument);                                                                  \
    } while (0)
#endif
#define del_singleshot_timer_sync(timer) del_timer_sync(timer)
#endif

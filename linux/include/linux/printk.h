/* SPDX-License-Identifier: MIT */
/* linux/printk.h: the kernel log. */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H
#include <linux/init.h>
#include <linux/kern_levels.h>
#include <linux/ratelimit_types.h>
#include <abi/printk.h>

#if IRQLAB_KERNEL >= 0x050f00
#define printk(format, ...) _printk(format, ##__VA_ARGS__)
#endif
#ifndef pr_fmt
#define pr_fmt(format) format
#endif
static inline __printf(1, 2) int __lab_no_printk(const char *format, ...) { return 0; }
/* Checks the arguments' types and evaluates none of them. */
#define no_printk(format, ...)                                                                                      \
    ({                                                                                                              \
        if (0)                                                                                                      \
            __lab_no_printk(format, ##__VA_ARGS__);                                                                 \
        0;                                                                                                          \
    })

#define pr_emerg(format, ...) printk(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert(format, ...) printk(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit(format, ...) printk(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err(format, ...) printk(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn(format, ...) printk(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#if IRQLAB_KERNEL < 0x050600
#define pr_warning pr_warn
#endif
#define pr_notice(format, ...) printk(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...) printk(KERN_INFO pr_fmt(format), ##__VA_ARGS__)
#define pr_cont(format, ...) printk(KERN_CONT format, ##__VA_ARGS__)
/* Dynamic debug is off until it is asked for, so that without DEBUG nothing is printed. */
#ifdef DEBUG
#define pr_debug(format, ...) printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#define pr_devel(format, ...) printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#else
#define pr_debug(format, ...) no_printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#define pr_devel(format, ...) no_printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#endif

#define printk_once(format, ...)                                                                                    \
    ({                                                                                                              \
        static bool __lab_printed;                                                                                  \
        bool __lab_first = !__lab_printed;                                                                          \
        if (__lab_first) {                                                                                          \
            __lab_printed = true;                                                                                   \
            printk(format, ##__VA_ARGS__);                                                                          \
        }                                                                                                           \
        unlikely(__lab_first);                                                                                      \
    })
#define pr_emerg_once(format, ...) printk_once(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert_once(format, ...) printk_once(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit_once(format, ...) printk_once(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err_once(format, ...) printk_once(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn_once(format, ...) printk_once(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice_once(format, ...) printk_once(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info_once(format, ...) printk_once(KERN_INFO pr_fmt(format), ##__VA_ARGS__)

#define printk_ratelimited(format, ...)                                                                             \
    ({                                                                                                              \
        static DEFINE_RATELIMIT_STATE(__lab_rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);               \
        if (___ratelimit(&__lab_rs, __func__))                                                                      \
            printk(format, ##__VA_ARGS__);                                                                          \
    })
#define pr_emerg_ratelimited(format, ...) printk_ratelimited(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert_ratelimited(format, ...) printk_ratelimited(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit_ratelimited(format, ...) printk_ratelimited(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err_ratelimited(format, ...) printk_ratelimited(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn_ratelimited(format, ...) printk_ratelimited(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice_ratelimited(format, ...) printk_ratelimited(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info_ratelimited(format, ...) printk_ratelimited(KERN_INFO pr_fmt(format), ##__VA_ARGS__)
#ifdef DEBUG
#define pr_debug_ratelimited(format, ...) printk_ratelimited(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#else
#define pr_debug_ratelimited(format, ...) no_printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__)
#endif
#define printk_ratelimit()                                                                                          \
    ({                                                                                                              \
        static DEFINE_RATELIMIT_STATE(__lab_rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);               \
        ___ratelimit(&__lab_rs, __func__);                                                                          \
    })
#define trace_printk(format, ...) __trace_printk(0, format, ##__VA_ARGS__)
#define trace_puts(text) __trace_puts(0, text, (int)__builtin_strlen(text))

enum { DUMP_PREFIX_NONE, DUMP_PREFIX_ADDRESS, DUMP_PREFIX_OFFSET };
#endif

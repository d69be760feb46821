/* SPDX-License-Identifier: MIT */
/* linux/dev_printk.h: messages that name their device. */
#ifndef _LINUX_DEV_PRINTK_H
#define _LINUX_DEV_PRINTK_H
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/ratelimit.h>
#include <linux/printk.h>
#ifndef dev_fmt
#define dev_fmt(format) format
#endif
#define dev_printk(level, dev, format, ...) _dev_printk(level, dev, format, ##__VA_ARGS__)
#define dev_emerg(dev, format, ...) _dev_emerg(dev, dev_fmt(format), ##__VA_ARGS__)
#define dev_alert(dev, format, ...) _dev_alert(dev, dev_fmt(format), ##__VA_ARGS__)
#define dev_crit(dev, format, ...) _dev_crit(dev, dev_fmt(format), ##__VA_ARGS__)
#define dev_err(dev, format, ...) _dev_err(dev, dev_fmt(format), ##__VA_ARGS__)
#define dev_warn(dev, format, ...) _dev_warn(dev, dev_fmt(format), ##__VA_ARGS__)
#define dev_notice(dev, format, ...) _dev_notice(dev, dev_fmt(format), ##__VA_ARGS__)
#define dev_info(dev, format, ...) _dev_info(dev, dev_fmt(format), ##__VA_ARGS__)
#ifdef DEBUG
#define dev_dbg(dev, format, ...) dev_printk(KERN_DEBUG, dev, dev_fmt(format), ##__VA_ARGS__)
#else
#define dev_dbg(dev, format, ...)                                                                                   \
    ({                                                                                                              \
        if (0)                                                                                                      \
            dev_printk(KERN_DEBUG, dev, dev_fmt(format), ##__VA_ARGS__);                                            \
    })
#endif
#define __lab_dev_ratelimited(print, dev, format, ...)                                                              \
    do {                                                                                                            \
        static DEFINE_RATELIMIT_STATE(__lab_rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);               \
        if (__ratelimit(&__lab_rs))                                                                                 \
            print(dev, format, ##__VA_ARGS__);                                                                      \
    } while (0)
#define dev_err_ratelimited(dev, format, ...) __lab_dev_ratelimited(dev_err, dev, format, ##__VA_ARGS__)
#define dev_warn_ratelimited(dev, format, ...) __lab_dev_ratelimited(dev_warn, dev, format, ##__VA_ARGS__)
#define dev_info_ratelimited(dev, format, ...) __lab_dev_ratelimited(dev_info, dev, format, ##__VA_ARGS__)
#define dev_dbg_ratelimited(dev, format, ...) __lab_dev_ratelimited(dev_dbg, dev, format, ##__VA_ARGS__)
#define dev_WARN(dev, format...) WARN(1, format)
#endif

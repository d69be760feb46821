/* SPDX-License-Identifier: MIT */
/* printk.h: the kernel log. A message starts with "\001" and a level '0'..'7' or 'c'; without it, the default level.
 * 5.15 renamed the function to _printk and made printk a macro; both symbols are exported. */
#ifndef IRQLAB_ABI_PRINTK_H
#define IRQLAB_ABI_PRINTK_H

#include "base.h"

IRQLAB_ABI_BEGIN

#if IRQLAB_KERNEL < 0x050f00 || defined(__cplusplus)
int printk(const char *format, ...) __attribute__((format(__printf__, 1, 2)));
#endif
int _printk(const char *format, ...) __attribute__((format(__printf__, 1, 2)));
int vprintk(const char *format, va_list args) __attribute__((format(__printf__, 1, 0)));
int vprintk_emit(int facility, int level, const void *dev_info, const char *format, va_list args);

/* One burst per call site; returns 1 while printing is allowed. */
struct ratelimit_state {
    int interval; /* jiffies */
    int burst;
    int printed;
    int missed;
    unsigned long begin;
    unsigned long flags;
    void *__lab;
};
int ___ratelimit(struct ratelimit_state *state, const char *function);

void _dev_printk(const char *level, const struct device *dev, const char *format, ...);
void _dev_emerg(const struct device *dev, const char *format, ...);
void _dev_alert(const struct device *dev, const char *format, ...);
void _dev_crit(const struct device *dev, const char *format, ...);
void _dev_err(const struct device *dev, const char *format, ...);
void _dev_warn(const struct device *dev, const char *format, ...);
void _dev_notice(const struct device *dev, const char *format, ...);
void _dev_info(const struct device *dev, const char *format, ...);
int dev_err_probe(const struct device *dev, int err, const char *format, ...);
void print_hex_dump(const char *level, const char *prefix, int prefix_type, int rowsize, int groupsize,
                    const void *buf, size_t len, bool ascii);
void print_hex_dump_bytes(const char *prefix, int prefix_type, const void *buf, size_t len);
int __trace_printk(unsigned long ip, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
int __trace_puts(unsigned long ip, const char *text, int size);

IRQLAB_ABI_END

#endif

/* SPDX-License-Identifier: MIT */
/* linux/minmax.h: min, max, clamp, swap; the plain forms want both sides of one type. */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H
#include <linux/compiler.h>
#define __lab_one_of(x, op, y)                                                                                      \
    ({                                                                                                              \
        typeof(x) __lab_x = (x);                                                                                    \
        typeof(y) __lab_y = (y);                                                                                    \
        (void)(&__lab_x == &__lab_y);                                                                               \
        __lab_x op __lab_y ? __lab_x : __lab_y;                                                                     \
    })
#define __lab_one_of_type(type, x, op, y)                                                                           \
    ({                                                                                                              \
        type __lab_x = (x);                                                                                         \
        type __lab_y = (y);                                                                                         \
        __lab_x op __lab_y ? __lab_x : __lab_y;                                                                     \
    })
#if IRQLAB_KERNEL >= 0x060700
/* Since 6.7 signedness counts, not the type. */
#define min(x, y) __lab_one_of_type(typeof(1 ? (x) : (y)), x, <, y)
#define max(x, y) __lab_one_of_type(typeof(1 ? (x) : (y)), x, >, y)
#else
#define min(x, y) __lab_one_of(x, <, y)
#define max(x, y) __lab_one_of(x, >, y)
#endif
#define min_t(type, x, y) __lab_one_of_type(type, x, <, y)
#define max_t(type, x, y) __lab_one_of_type(type, x, >, y)
#define min3(x, y, z) min((typeof(x))min(x, y), z)
#define max3(x, y, z) max((typeof(x))max(x, y), z)
#define min_not_zero(x, y)                                                                                          \
    ({                                                                                                              \
        typeof(x) __lab_nx = (x);                                                                                   \
        typeof(y) __lab_ny = (y);                                                                                   \
        __lab_nx == 0 ? __lab_ny : (__lab_ny == 0 ? __lab_nx : min(__lab_nx, __lab_ny));                            \
    })
#define clamp(value, low, high) min((typeof(value))max(value, low), high)
#define clamp_t(type, value, low, high) min_t(type, max_t(type, value, low), high)
#define clamp_val(value, low, high) clamp_t(typeof(value), value, low, high)
#define swap(a, b)                                                                                                  \
    do {                                                                                                            \
        typeof(a) __lab_swap = (a);                                                                                 \
        (a) = (b);                                                                                                  \
        (b) = __lab_swap;                                                                                           \
    } while (0)
#endif

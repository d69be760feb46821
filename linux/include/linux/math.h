/* SPDX-License-Identifier: MIT */
/* linux/math.h: rounding and division. */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H
#include <linux/types.h>
#define __lab_mask(x, y) ((typeof(x))((y)-1))
#define round_up(x, y) ((((x)-1) | __lab_mask(x, y)) + 1)
#define round_down(x, y) ((x) & ~__lab_mask(x, y))
#define roundup(x, y)                                                                                               \
    ({                                                                                                              \
        typeof(y) __lab_step = (y);                                                                                 \
        (((x) + (__lab_step - 1)) / __lab_step) * __lab_step;                                                       \
    })
#define rounddown(x, y) ((x) - ((x) % (y)))
#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define DIV_ROUND_UP_ULL(n, d) (((unsigned long long)(n) + (d)-1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define DIV_ROUND_CLOSEST(n, d) (((n) + ((d) / 2)) / (d))
#define abs(x)                                                                                                      \
    ({                                                                                                              \
        typeof(x) __lab_abs = (x);                                                                                  \
        __lab_abs < 0 ? -__lab_abs : __lab_abs;                                                                     \
    })
#define abs_diff(a, b) ((a) > (b) ? (a) - (b) : (b) - (a))
#define mult_frac(x, n, d) ((x) / (d) * (n) + (x) % (d) * (n) / (d))
#define ALIGN(x, a) round_up(x, a)
#define ALIGN_DOWN(x, a) round_down(x, a)
#define IS_ALIGNED(x, a) (((x) & ((typeof(x))(a)-1)) == 0)
#define PTR_ALIGN(p, a) ((typeof(p))ALIGN((unsigned long)(p), (a)))
static inline u64 div_u64(u64 n, u32 d) { return n / d; }
static inline s64 div_s64(s64 n, s32 d) { return n / d; }
static inline u64 div64_u64(u64 n, u64 d) { return n / d; }
static inline s64 div64_s64(s64 n, s64 d) { return n / d; }
static inline u64 div64_ul(u64 n, unsigned long d) { return n / d; }
static inline u64 div_u64_rem(u64 n, u32 d, u32 *rest)
{
    *rest = (u32)(n % d);
    return n / d;
}
static inline s64 div_s64_rem(s64 n, s32 d, s32 *rest)
{
    *rest = (s32)(n % d);
    return n / d;
}
/* n is divided in place; the value is the remainder. */
#define do_div(n, d)                                                                                                \
    ({                                                                                                              \
        u32 __lab_divisor = (d);                                                                                    \
        u32 __lab_rest = (u32)((u64)(n) % __lab_divisor);                                                           \
        (n) = (u64)(n) / __lab_divisor;                                                                             \
        __lab_rest;                                                                                                 \
    })
unsigned long int_sqrt(unsigned long x);
unsigned long gcd(unsigned long a, unsigned long b);
#endif

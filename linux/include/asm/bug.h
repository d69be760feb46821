/* SPDX-License-Identifier: MIT */
/* asm/bug.h: assertions of the kernel. */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H
#include <linux/types.h>
#define BUG()                                                                                                       \
    do {                                                                                                            \
        __lab_bug(__FILE__, __LINE__, __func__);                                                                    \
        __builtin_unreachable();                                                                                    \
    } while (0)
#define BUG_ON(condition)                                                                                           \
    do {                                                                                                            \
        if (unlikely(condition))                                                                                    \
            BUG();                                                                                                  \
    } while (0)
#define __WARN() __lab_warn(__FILE__, __LINE__, __func__, (const char *)0)
#define WARN_ON(condition)                                                                                          \
    ({                                                                                                              \
        int __lab_warned = !!(condition);                                                                           \
        if (unlikely(__lab_warned))                                                                                 \
            __WARN();                                                                                               \
        unlikely(__lab_warned);                                                                                     \
    })
#define WARN(condition, format...)                                                                                  \
    ({                                                                                                              \
        int __lab_warned = !!(condition);                                                                           \
        if (unlikely(__lab_warned))                                                                                 \
            __lab_warn(__FILE__, __LINE__, __func__, format);                                                       \
        unlikely(__lab_warned);                                                                                     \
    })
#define WARN_ON_ONCE(condition)                                                                                     \
    ({                                                                                                              \
        static bool __lab_done;                                                                                     \
        int __lab_warned = !!(condition);                                                                           \
        if (unlikely(__lab_warned && !__lab_done)) {                                                                \
            __lab_done = true;                                                                                      \
            __WARN();                                                                                               \
        }                                                                                                           \
        unlikely(__lab_warned);                                                                                     \
    })
#define WARN_ONCE(condition, format...)                                                                             \
    ({                                                                                                              \
        static bool __lab_done;                                                                                     \
        int __lab_warned = !!(condition);                                                                           \
        if (unlikely(__lab_warned && !__lab_done)) {                                                                \
            __lab_done = true;                                                                                      \
            __lab_warn(__FILE__, __LINE__, __func__, format);                                                       \
        }                                                                                                           \
        unlikely(__lab_warned);                                                                                     \
    })
#define WARN_TAINT(condition, taint, format...) WARN(condition, format)
#endif

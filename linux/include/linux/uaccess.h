/* SPDX-License-Identifier: MIT */
/* linux/uaccess.h: user memory. */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H
#include <linux/sched.h>
#include <linux/minmax.h>
#include <linux/thread_info.h>
#include <linux/string.h>
#include <abi/uaccess.h>
static inline unsigned long __must_check copy_to_user(void __user *to, const void *from, unsigned long count)
{
    return _copy_to_user(to, from, count);
}
static inline unsigned long __must_check copy_from_user(void *to, const void __user *from, unsigned long count)
{
    return _copy_from_user(to, from, count);
}
/* A constant size is the compiler's to check. Macros, so that it is one without optimization, too. */
#define copy_to_user(to, from, count)                                                                               \
    ({                                                                                                              \
        const void *__lab_from = (from);                                                                            \
        unsigned long __lab_count = (count);                                                                        \
        if (!__builtin_constant_p(count))                                                                           \
            __check_object_size(__lab_from, __lab_count, true);                                                     \
        copy_to_user(to, __lab_from, __lab_count);                                                                  \
    })
#define copy_from_user(to, from, count)                                                                             \
    ({                                                                                                              \
        void *__lab_to = (to);                                                                                      \
        unsigned long __lab_count = (count);                                                                        \
        if (!__builtin_constant_p(count))                                                                           \
            __check_object_size(__lab_to, __lab_count, false);                                                      \
        copy_from_user(__lab_to, from, __lab_count);                                                                \
    })
#define __copy_to_user(to, from, count) _copy_to_user(to, from, count)
#define __copy_from_user(to, from, count) _copy_from_user(to, from, count)
#define __copy_to_user_inatomic(to, from, count) _copy_to_user(to, from, count)
#define __copy_from_user_inatomic(to, from, count) _copy_from_user(to, from, count)
#define raw_copy_to_user(to, from, count) _copy_to_user(to, from, count)
#define raw_copy_from_user(to, from, count) _copy_from_user(to, from, count)
#if IRQLAB_KERNEL < 0x051200
#define copy_in_user(to, from, count) __lab_copy_in_user(to, from, count)
#endif
#define __lab_access_ok_2(addr, size) likely(__lab_access_ok((const volatile void *)(addr), (unsigned long)(size)))
#if IRQLAB_KERNEL < 0x050500
/* Until 4.20 access_ok had the direction first. */
#define VERIFY_READ 0
#define VERIFY_WRITE 1
#define __lab_access_ok_3(direction, addr, size) __lab_access_ok_2(addr, size)
#define __lab_access_pick(a, b, c, form, ...) form
#define access_ok(...) __lab_access_pick(__VA_ARGS__, __lab_access_ok_3, __lab_access_ok_2, )(__VA_ARGS__)
#else
#define access_ok(addr, size) __lab_access_ok_2(addr, size)
#endif
/* The type of *ptr without its qualifiers: that of a cast. */
#define __lab_plain(ptr) typeof((typeof(*(ptr)))0)
#define put_user(x, ptr)                                                                                            \
    ({                                                                                                              \
        __lab_plain(ptr) __lab_value = (x);                                                                         \
        __lab_put_user(&__lab_value, (void *)(ptr), sizeof(__lab_value));                                           \
    })
#define get_user(x, ptr)                                                                                            \
    ({                                                                                                              \
        __lab_plain(ptr) __lab_value = 0;                                                                           \
        int __lab_error = __lab_get_user(&__lab_value, (const void *)(ptr), sizeof(__lab_value));                   \
        (x) = (typeof(x))__lab_value;                                                                               \
        __lab_error;                                                                                                \
    })
#define __put_user(x, ptr) put_user(x, ptr)
#define __get_user(x, ptr) get_user(x, ptr)
#define pagefault_disable() ((void)current->pagefault_disabled++)
#define pagefault_enable() ((void)current->pagefault_disabled--)
#define pagefault_disabled() (current->pagefault_disabled != 0)
#if IRQLAB_KERNEL < 0x051200
/* Address limits: memory of users and of the kernel are told apart by address, so that the limit changes nothing. */
typedef struct { unsigned long seg; } mm_segment_t;
#define KERNEL_DS ((mm_segment_t){~0UL})
#define USER_DS ((mm_segment_t){0x7ffffffff000UL})
#define get_fs() USER_DS
#define set_fs(limit) ((void)(limit))
#endif
#endif

/* SPDX-License-Identifier: MIT */
/* linux/kernel.h: what nearly every driver includes. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H
#include <linux/stdarg.h>
#include <linux/align.h>
#include <linux/limits.h>
#include <linux/linkage.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/bitops.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/typecheck.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/build_bug.h>
#include <asm/byteorder.h>

#define ARRAY_SIZE(array)                                                                                           \
    (sizeof(array) / sizeof((array)[0]) + BUILD_BUG_ON_ZERO(__same_type((array), &(array)[0])))
#define READ 0
#define WRITE 1
#define PTR_IF(condition, ptr) ((condition) ? (ptr) : NULL)
#define u64_to_user_ptr(x) ((void __user *)(unsigned long)(x))
#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((u32)((n)&0xffffffff))
#define upper_16_bits(n) ((u16)((n) >> 16))
#define lower_16_bits(n) ((u16)((n)&0xffff))
#if IRQLAB_KERNEL < 0x050500
#define FIELD_SIZEOF(type, member) sizeof_field(type, member)
#endif
#define _RET_IP_ ((unsigned long)__builtin_return_address(0))
#define _THIS_IP_                                                                                                   \
    ({                                                                                                              \
        __label__ __here;                                                                                           \
    __here:                                                                                                         \
        (unsigned long)&&__here;                                                                                    \
    })
#define might_sleep() __might_sleep(__FILE__, __LINE__)
#define might_sleep_if(condition)                                                                                   \
    do {                                                                                                            \
        if (condition)                                                                                              \
            might_sleep();                                                                                          \
    } while (0)
#define might_fault() ((void)0)
void __might_sleep(const char *file, int line);
#define REPEAT_BYTE(x) ((~0ul / 0xff) * (x))
#define VERIFY_OCTAL_PERMISSIONS(perms) (perms)

extern const char hex_asc[], hex_asc_upper[];
#define hex_asc_lo(x) hex_asc[(x)&0x0f]
#define hex_asc_hi(x) hex_asc[((x)&0xf0) >> 4]
enum system_states { SYSTEM_BOOTING, SYSTEM_SCHEDULING, SYSTEM_RUNNING, SYSTEM_HALT, SYSTEM_POWER_OFF, SYSTEM_RESTART };
extern enum system_states system_state;
extern int oops_in_progress;
extern int panic_timeout;
#define TAINT_PROPRIETARY_MODULE 0
#define TAINT_OOT_MODULE 12
#if IRQLAB_KERNEL < 0x051100
void do_exit(long code) __noreturn;
#endif
#endif

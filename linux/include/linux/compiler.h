/* SPDX-License-Identifier: MIT */
/* linux/compiler.h: attributes, address space marks, accesses that happen exactly once. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H
#include <linux/kconfig.h>

/* Marks for static checkers; the compiler has nothing to do with them. */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __nocast
#define __safe
#define __private
#define __bitwise
#define __must_hold(lock)
#define __acquires(lock)
#define __releases(lock)
#define __acquire(lock) ((void)0)
#define __release(lock) ((void)0)
#define __chk_user_ptr(x) ((void)0)

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __used __attribute__((__used__))
#define __packed __attribute__((__packed__))
#define __weak __attribute__((__weak__))
#define __aligned(bytes) __attribute__((__aligned__(bytes)))
#define __alias(symbol) __attribute__((__alias__(#symbol)))
#define __section(name) __attribute__((__section__(name)))
#define __printf(format, args) __attribute__((__format__(printf, format, args)))
#define __scanf(format, args) __attribute__((__format__(scanf, format, args)))
#define __noreturn __attribute__((__noreturn__))
#define __must_check __attribute__((__warn_unused_result__))
#define __pure __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __deprecated
#define __malloc __attribute__((__malloc__))
#define __cold __attribute__((__cold__))
#define __hot
#define __visible
#define noinline __attribute__((__noinline__))
#define __noinline __attribute__((__noinline__))
#define notrace
#define noinstr noinline
#define asmlinkage
#define __always_inline inline __attribute__((__always_inline__))
#define __no_sanitize_address
#define __randomize_layout
#define __designated_init
#define __cacheline_aligned __aligned(64)
#define ____cacheline_aligned __aligned(64)
#define ____cacheline_aligned_in_smp __aligned(64)
#define __read_mostly
#define __ro_after_init
#define __counted_by(member)
#define __copy(symbol) __attribute__((__copy__(symbol)))
#define fallthrough __attribute__((__fallthrough__))
#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define __compiletime_error(message)
#define __lab_paste(a, b) a##b
#define __PASTE(a, b) __lab_paste(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)
#define uninitialized_var(x) x = x
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))

#define barrier() __asm__ __volatile__("" : : : "memory")

/* The volatile access is what the lab's instrumentation recognises as "meant to race". */
#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)                                                                                        \
    do {                                                                                                            \
        *(volatile typeof(x) *)&(x) = (value);                                                                      \
    } while (0)
#define data_race(expression) (expression)

#define __init __section(".init.text") __cold
#define __initdata __section(".init.data")
#define __initconst __section(".init.rodata")
#define __exit __section(".exit.text") __used __cold
#define __exitdata __section(".exit.data")
#define __refdata
#if IRQLAB_KERNEL < 0x050500
/* Until 3.7. */
#define __devinit
#define __devexit
#define __devinitdata
#define __devexit_p(function) function
#endif
#define __ref
#endif

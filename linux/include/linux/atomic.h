/* SPDX-License-Identifier: MIT */
/* linux/atomic.h: atomic integers, by the compiler's own builtins, which its instrumentation reports. */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H
#include <linux/types.h>
#include <asm/barrier.h>
#include <linux/bitops.h>

/* One family per counter type: prefix, its struct, the integer inside. */
#define __LAB_ATOMIC_FAMILY(prefix, type, integer)                                                                  \
    static inline integer prefix##_read(const type *v) { return __atomic_load_n(&v->counter, __ATOMIC_RELAXED); }    \
    static inline integer prefix##_read_acquire(const type *v)                                                      \
    {                                                                                                               \
        return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);                                                      \
    }                                                                                                               \
    static inline void prefix##_set(type *v, integer i) { __atomic_store_n(&v->counter, i, __ATOMIC_RELAXED); }      \
    static inline void prefix##_set_release(type *v, integer i)                                                     \
    {                                                                                                               \
        __atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);                                                         \
    }                                                                                                               \
    static inline integer prefix##_fetch_add(integer i, type *v)                                                    \
    {                                                                                                               \
        return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);                                                \
    }                                                                                                               \
    static inline integer prefix##_fetch_sub(integer i, type *v)                                                    \
    {                                                                                                               \
        return __atomic_fetch_sub(&v->counter, i, __ATOMIC_SEQ_CST);                                                \
    }                                                                                                               \
    static inline integer prefix##_fetch_or(integer i, type *v)                                                     \
    {                                                                                                               \
        return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);                                                 \
    }                                                                                                               \
    static inline integer prefix##_fetch_and(integer i, type *v)                                                    \
    {                                                                                                               \
        return __atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST);                                                \
    }                                                                                                               \
    static inline integer prefix##_fetch_xor(integer i, type *v)                                                    \
    {                                                                                                               \
        return __atomic_fetch_xor(&v->counter, i, __ATOMIC_SEQ_CST);                                                \
    }                                                                                                               \
    static inline void prefix##_add(integer i, type *v) { prefix##_fetch_add(i, v); }                               \
    static inline void prefix##_sub(integer i, type *v) { prefix##_fetch_sub(i, v); }                               \
    static inline void prefix##_or(integer i, type *v) { prefix##_fetch_or(i, v); }                                 \
    static inline void prefix##_and(integer i, type *v) { prefix##_fetch_and(i, v); }                               \
    static inline void prefix##_xor(integer i, type *v) { prefix##_fetch_xor(i, v); }                               \
    static inline void prefix##_inc(type *v) { prefix##_fetch_add(1, v); }                                          \
    static inline void prefix##_dec(type *v) { prefix##_fetch_sub(1, v); }                                          \
    static inline integer prefix##_fetch_inc(type *v) { return prefix##_fetch_add(1, v); }                          \
    static inline integer prefix##_fetch_dec(type *v) { return prefix##_fetch_sub(1, v); }                          \
    static inline integer prefix##_add_return(integer i, type *v) { return prefix##_fetch_add(i, v) + i; }          \
    static inline integer prefix##_sub_return(integer i, type *v) { return prefix##_fetch_sub(i, v) - i; }          \
    static inline integer prefix##_inc_return(type *v) { return prefix##_fetch_add(1, v) + 1; }                     \
    static inline integer prefix##_dec_return(type *v) { return prefix##_fetch_sub(1, v) - 1; }                     \
    static inline bool prefix##_inc_and_test(type *v) { return prefix##_inc_return(v) == 0; }                       \
    static inline bool prefix##_dec_and_test(type *v) { return prefix##_dec_return(v) == 0; }                       \
    static inline bool prefix##_sub_and_test(integer i, type *v) { return prefix##_sub_return(i, v) == 0; }         \
    static inline bool prefix##_add_negative(integer i, type *v) { return prefix##_add_return(i, v) < 0; }          \
    static inline integer prefix##_xchg(type *v, integer i)                                                         \
    {                                                                                                               \
        return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST);                                               \
    }                                                                                                               \
    static inline integer prefix##_cmpxchg(type *v, integer old, integer i)                                         \
    {                                                                                                               \
        __atomic_compare_exchange_n(&v->counter, &old, i, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                   \
        return old;                                                                                                 \
    }                                                                                                               \
    static inline bool prefix##_try_cmpxchg(type *v, integer *old, integer i)                                       \
    {                                                                                                               \
        return __atomic_compare_exchange_n(&v->counter, old, i, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);             \
    }                                                                                                               \
    static inline integer prefix##_fetch_add_unless(type *v, integer i, integer u)                                  \
    {                                                                                                               \
        integer old = prefix##_read(v);                                                                             \
        while (old != u && !prefix##_try_cmpxchg(v, &old, old + i))                                                 \
            ;                                                                                                       \
        return old;                                                                                                 \
    }                                                                                                               \
    static inline bool prefix##_add_unless(type *v, integer i, integer u)                                           \
    {                                                                                                               \
        return prefix##_fetch_add_unless(v, i, u) != u;                                                             \
    }                                                                                                               \
    static inline bool prefix##_inc_not_zero(type *v) { return prefix##_add_unless(v, 1, 0); }                      \
    static inline integer prefix##_dec_if_positive(type *v)                                                         \
    {                                                                                                               \
        integer old = prefix##_read(v);                                                                             \
        while (old > 0 && !prefix##_try_cmpxchg(v, &old, old - 1))                                                  \
            ;                                                                                                       \
        return old - 1;                                                                                             \
    }
__LAB_ATOMIC_FAMILY(atomic, atomic_t, int)
__LAB_ATOMIC_FAMILY(atomic64, atomic64_t, s64)
__LAB_ATOMIC_FAMILY(atomic_long, atomic_long_t, long)
#define ATOMIC_LONG_INIT(value) ATOMIC64_INIT(value)

#define xchg(ptr, value) __atomic_exchange_n((ptr), (value), __ATOMIC_SEQ_CST)
#define cmpxchg(ptr, old, new)                                                                                      \
    ({                                                                                                              \
        typeof(*(ptr)) __lab_old = (old);                                                                           \
        __atomic_compare_exchange_n((ptr), &__lab_old, (new), 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);               \
        __lab_old;                                                                                                  \
    })
#define try_cmpxchg(ptr, oldp, new)                                                                                 \
    __atomic_compare_exchange_n((ptr), (oldp), (new), 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define cmpxchg_relaxed cmpxchg
#define xchg_relaxed xchg
#endif

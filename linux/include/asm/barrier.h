/* SPDX-License-Identifier: MIT */
/* asm/barrier.h: memory barriers, as fences that the compiler's instrumentation reports. */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H
#include <linux/compiler.h>
/* gcc would make the same call of a fence builtin, but warns of each. */
void __tsan_atomic_thread_fence(int order);
#define mb() __tsan_atomic_thread_fence(__ATOMIC_SEQ_CST)
#define rmb() __tsan_atomic_thread_fence(__ATOMIC_ACQUIRE)
#define wmb() __tsan_atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb() mb()
#define smp_rmb() rmb()
#define smp_wmb() wmb()
#define dma_rmb() rmb()
#define dma_wmb() wmb()
#define mmiowb() barrier()
#define smp_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, value) __atomic_store_n((p), (value), __ATOMIC_RELEASE)
#define smp_store_mb(var, value)                                                                                    \
    do {                                                                                                            \
        WRITE_ONCE(var, value);                                                                                     \
        mb();                                                                                                       \
    } while (0)
#define read_barrier_depends() barrier()
#define smp_read_barrier_depends() barrier()
#endif
